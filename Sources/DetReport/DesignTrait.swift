import DetSpec

/// What there can be more or less of in a design of stage two: the factors of the paper's figures 5 and 8, which are of its backbone, and
/// the channels behind it.
enum DesignTrait: Hashable, Sendable, CaseIterable {
  case depth, base, firstRaise, secondRaise, thirdRaise, stage1, stage2, stage3, stage4
  case pyramid, head

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
    case .pyramid: "pyramid channels"
    case .head: "head channels"
    }
  }

  /// How much of it a design has; nil where it does not have the thing at all. `headWidth` is that of heads over regions that do not say
  /// it.
  func value(_ design: DetectorDesign, headWidth: Int?) -> Double? {
    switch self {
    case .pyramid:
      guard case .fpn(_, _, let channels) = design.neck else { return nil }
      return Double(channels)
    case .head:
      guard case .fpn(_, _, let pyramid) = design.neck else { return nil }
      switch design.head {
      case .rcnn(let own), .cascade(_, let own): return (own ?? headWidth).map(Double.init)
      case .retinanet(let own): return Double(own ?? pyramid)
      }
    default:
      guard case .coded(let code) = design.backbone else { return nil }
      return value(code)
    }
  }

  private func value(_ code: StageCode) -> Double? {
    switch self {
    case .pyramid, .head: nil
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
