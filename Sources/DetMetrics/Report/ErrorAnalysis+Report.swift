import DetBasics

extension ErrorAnalysis.Kind {
  /// What the error is, in a few words.
  public var explanation: String {
    switch self {
    case .classification: "on an object of another class"
    case .localization: "on an object of its class, but not well enough"
    case .both: "on an object of another class, and not well enough"
    case .duplicate: "on an object that a better detection had found"
    case .background: "on nothing"
    case .missed: "an object that nothing found"
    }
  }
}

extension ErrorAnalysis {
  /// One row per kind: how often, and the AP50 that fixing it would gain.
  public var table: String {
    var table = TextTable(["error", "count", "gain", "what it is"])
    for kind in Kind.allCases {
      let gain = (gains[kind] ?? 0).fixed(4)
      table.add([kind.rawValue, "\(counts[kind] ?? 0)", gain, kind.explanation])
    }
    return table.text
  }
}

extension ErrorAnalysis: Encodable {
  private enum Keys: CodingKey { case AP, kinds }

  private struct Row: Encodable {
    let count: Int
    let gain: Double
  }

  /// Writes `{"AP": …, "kinds": {"background": {"count": …, "gain": …}, …}}`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(averagePrecision, forKey: .AP)
    let rows = Kind.allCases.map { kind in
      (kind.rawValue, Row(count: counts[kind] ?? 0, gain: gains[kind] ?? 0))
    }
    try container.encode(Dictionary(uniqueKeysWithValues: rows), forKey: .kinds)
  }
}
