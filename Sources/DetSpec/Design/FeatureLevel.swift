/// A feature level, by the paper's names: P1 to P4 come out of the backbone, P5 and P6 are made by down-sampling.
public enum FeatureLevel: Int, CaseIterable, Hashable, Sendable, Comparable, Codable {
  /// Stride 4.
  case p1 = 1
  /// Stride 8.
  case p2
  /// Stride 16.
  case p3
  /// Stride 32.
  case p4
  /// Stride 64.
  case p5
  /// Stride 128.
  case p6

  /// Input pixels per cell: 4, 8, 16, 32, 64, 128.
  public var stride: Int { 2 << rawValue }

  /// Whether the backbone itself puts it out.
  public var isFromBackbone: Bool { self <= .p4 }

  /// The levels that the backbone itself puts out, P1 to P4.
  public static let ofBackbone = allCases.filter(\.isFromBackbone)

  /// Finer levels come first.
  public static func < (left: FeatureLevel, right: FeatureLevel) -> Bool {
    left.rawValue < right.rawValue
  }

  /// `P1` … `P6`
  public var name: String { "P\(rawValue)" }

  /// Reads `P1` … `P6`.
  init?(name: some StringProtocol) {
    guard name.first == "P", let number = decimal(name.dropFirst()) else { return nil }
    self.init(rawValue: number)
  }
}
