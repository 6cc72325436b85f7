import DetSpec

/// What can be more or less of in a backbone that is written block by block: the factors of the paper's figures 5 and 8.
enum BackboneTrait: Hashable, Sendable, CaseIterable {
  case depth, base, firstRaise, secondRaise, thirdRaise, stage1, stage2, stage3, stage4

  /// In words.
  var title: String {
    switch self {
    case .depth: "depth"
    case .base: "base channels"
    case .firstRaise: "first raise, how late"
    case .secondRaise: "second raise, how late"
    case .thirdRaise: "third raise, how late"
    case .stage1: "blocks at stride 4"
    case .stage2: "blocks at stride 8"
    case .stage3: "blocks at stride 16"
    case .stage4: "blocks at stride 32"
    }
  }

  /// How much of it a backbone has; nil where it does not have the thing at all.
  func value(_ code: StageCode) -> Double? {
    switch self {
    case .depth: Double(code.depth)
    case .base: Double(code.base)
    case .firstRaise: Self.raise(0, code)
    case .secondRaise: Self.raise(1, code)
    case .thirdRaise: Self.raise(2, code)
    case .stage1: Double(code.doubles[0].count)
    case .stage2: Double(code.doubles[1].count)
    case .stage3: Double(code.doubles[2].count)
    case .stage4: Double(code.doubles[3].count)
    }
  }

  /// Where a "2" stands along the depth, from 0 for the first block to 1 for the last.
  private static func raise(_ number: Int, _ code: StageCode) -> Double? {
    let letters = code.doubles.flatMap { $0 }
    let places = letters.indices.filter { letters[$0] }
    guard places.indices.contains(number), letters.count > 1 else { return nil }
    return Double(places[number]) / Double(letters.count - 1)
  }
}
