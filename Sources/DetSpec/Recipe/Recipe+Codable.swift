import DetBasics

// In JSON a recipe is a preset's name, or an object that names a preset under "extends" (default
// "structural") and gives only what departs from it. It is written in full.

extension Recipe: Codable {
  /// Reads a preset's name or an object of departures; checks every value.
  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      self = try Self.preset(name, decoder)
      return
    }
    let preset = try SettingsReading.value(String.self, of: Self.presetKey, decoder)
    self = try Self.preset(preset ?? RecipePreset.structural.rawValue, decoder)
    try Self.settings.decode(into: &self, from: decoder)
  }

  private static func preset(_ name: String, _ decoder: any Decoder) throws -> Recipe {
    guard let preset = RecipePreset(rawValue: name) else {
      let names = RecipePreset.allCases.map(\.rawValue)
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "no recipe is called \"\(name)\"; there are "
            + names.joined(separator: ", ") + Spelling.hint(for: name, among: names)))
    }
    return preset.recipe
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws { try Self.settings.write(self, to: encoder) }

  /// The first value that no training can work with, in words; nil when all is well.
  public var problem: String? { Self.settings.problem(in: self)?.description }
}
