extension SettingsTable {
  /// Reads the keys that are given into `root`, refuses those that are not known, and checks every value.
  ///
  /// Keys that another table of the same object knows are passed over.
  package func decode(
    into root: inout Root, from decoder: any Decoder, besides others: [String] = []
  ) throws {
    try read(&root, from: decoder, besides: others)
    if let problem = problem(in: root) { throw SettingsReading.error(problem, decoder) }
  }

  /// Writes the value of every key.
  package func write(_ root: Root, to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: SettingKey.self)
    for entry in entries { try entry.write(root, &container) }
  }

  /// The first value that cannot be, and why; nil when all can.
  package func problem(in root: Root) -> SettingProblem? {
    for entry in entries {
      if let problem = entry.problem(root) { return problem }
    }
    for check in checks {
      if let problem = check(root) { return problem }
    }
    return nil
  }

  /// Reads the keys that are given, without a look at the values.
  func read(
    _ root: inout Root, from decoder: any Decoder, besides others: [String] = []
  ) throws {
    let container = try decoder.container(keyedBy: SettingKey.self)
    try SettingsReading.refuseKeys(of: container, except: names + others, decoder)
    do {
      for entry in entries { try entry.read(&root, container) }
    } catch let problem as SettingProblem {
      throw SettingsReading.error(problem, decoder)
    }
  }
}

/// What reading a table asks of the decoder; the strict one knows places in the text.
package enum SettingsReading {
  /// Notes every key that is not among the names, to be told with the nearest of them.
  static func refuseKeys(
    of container: KeyedDecodingContainer<SettingKey>, except names: [String],
    _ decoder: any Decoder
  ) throws {
    if let strict = decoder as? StrictDecoder {
      strict.noteKeys(known: names)
    } else if let unknown = container.allKeys.first(where: { !names.contains($0.stringValue) }) {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "unknown key \"\(unknown.stringValue)\""
            + Spelling.hint(for: unknown.stringValue, among: names)))
    }
  }

  /// The keys that are given.
  package static func keys(of decoder: any Decoder) throws -> [String] {
    try decoder.container(keyedBy: SettingKey.self).allKeys.map(\.stringValue)
  }

  /// The value of one key before all others are read; nil when it is not there.
  package static func value<Value: Decodable>(
    _ type: Value.Type, of name: String, _ decoder: any Decoder
  ) throws -> Value? {
    let container = try decoder.container(keyedBy: SettingKey.self)
    return try container.decodeIfPresent(type, forKey: SettingKey(name))
  }

  /// The error that says a problem at its place.
  package static func error(_ problem: SettingProblem, _ decoder: any Decoder) -> any Error {
    if let strict = decoder as? StrictDecoder {
      return strict.error(problem.description, below: problem.keys)
    }
    return DecodingError.dataCorrupted(
      .init(codingPath: decoder.codingPath, debugDescription: problem.description))
  }
}
