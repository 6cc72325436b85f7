public import DetBasics
import Foundation

extension DatasetSource {
  /// The keys of every format.
  package static let common = SettingsTable<DatasetSource> {
    $0.required("format", \.format, as: .word, "How the data set is written down.")
    $0.optional(
      "classes", \.classes, "The classes to keep, by name, in the order of their indices.",
      classesRule, absent: "all")
    $0.path(
      "classFile", \.classFile,
      "A text file with a class on every line, or a data.yaml or obj.data with `names`, instead of `classes`."
    )
    $0.optional("split", \.split, "Takes one side of a random division by images.")
    $0.optional("subset", \.subset, "Takes a random part, the same for the same seed.")
    $0.check {
      $0.classes != nil && $0.classFile != nil
        ? "classes and classFile are both given; give one of them" : nil
    }
  }

  /// At least one class, none twice.
  static let classesRule = SettingRule<DatasetSource, [String]>(
    "at least one, none twice",
    problem: { classes, _ in
      if classes.isEmpty { return "is empty; name at least one, or leave the key out" }
      let twice = classes.first { name in classes.count { $0 == name } > 1 }
      return twice.map { "names \"\($0)\" twice; name it once" }
    })

  /// The keys of every format for detection.
  static let detection = SettingsTable<DatasetSource> {
    $0.include(common)
    $0.optional("tiles", \.tiles, "Cuts the images into square tiles.")
  }

  /// The keys of every format that lists images which may be missing.
  static let files = SettingsTable<DatasetSource> {
    $0.include(detection)
    $0.optional(
      "skipMissing", \.skipMissing,
      "Whether images that are named but not there are left out and listed, not an error.",
      absent: "false")
  }

  /// The keys that its format knows.
  private var settings: SettingsTable<DatasetSource> { format.reader.settings }

  /// The keys that any format knows.
  private static let all = SettingsTable<DatasetSource> { table in
    for format in DatasetFormat.allCases { table.include(format.reader.settings) }
  }

  /// What is wrong with this source before any file is looked at; nil when nothing is.
  public var problem: String? {
    let strange = strangeKey(among: Self.all.given(in: self))
    return (strange ?? settings.problem(in: self))?.description
  }

  private func strangeKey(among given: [String]) -> SettingProblem? {
    let known = settings.names
    guard let key = given.first(where: { !known.contains($0) }) else { return nil }
    return SettingProblem(
      sentence: "the key \"\(key)\" means nothing for the format \(format.rawValue), "
        + "which knows \(known.joined(separator: ", "))", at: key)
  }

  /// The source with ``classFile`` read into ``classes``: one on every line that is not empty, or `names` of YAML.
  func withClassesOfFile() throws -> DatasetSource {
    guard let classFile else { return self }
    var source = self
    source.classFile = nil
    source.classes = try ListFile.classes(classFile)
    if let problem = source.problem { throw DataError(place: classFile, problem: problem) }
    return source
  }

  /// The source with its paths taken from `folder` where they are relative.
  public func resolved(against folder: String) -> DatasetSource {
    changingPaths { FilePath.absolute(FilePath.joined(folder, $0)) }
  }

  /// The source with every path changed, those of the parts of a union too.
  package func changingPaths(_ change: (String) -> String) -> DatasetSource {
    var source = self
    Self.all.changePaths(of: &source, change)
    source.parts = parts?.map { $0.changingPaths(change) }
    return source
  }
}

extension DatasetSource: SettingValue {
  package static var form: String { "data source" }

  /// Reads a source; refuses keys that mean nothing for its format.
  public init(from decoder: any Decoder) throws {
    self.init(format: .voc)
    let names = Self.all.names
    try Self.formatAlone.decode(into: &self, from: decoder, besides: names)
    let given = try SettingsReading.keys(of: decoder).filter(names.contains)
    if let problem = strangeKey(among: given) { throw SettingsReading.error(problem, decoder) }
    try settings.decode(into: &self, from: decoder, besides: names)
  }

  private static let formatAlone = SettingsTable<DatasetSource> {
    $0.required("format", \.format, as: .word, "")
  }

  /// Writes what is given.
  public func encode(to encoder: any Encoder) throws { try Self.all.write(self, to: encoder) }
}
