/// The classes of synthetic scenes.
public enum ShapeKind: String, Sendable, CaseIterable, Codable {
  /// A disc.
  case circle
  /// Four equal sides, turned.
  case square
  /// Three equal sides, turned.
  case triangle
  /// Five points.
  case star
  /// Two bars.
  case cross
  /// A disc with a hole.
  case ring
  /// Six equal sides, turned.
  case hexagon
  /// A narrow rhombus.
  case diamond

  /// The corners of the shape in a circle of radius 1, or nil for round shapes.
  var corners: [(x: Double, y: Double)]? {
    switch self {
    case .circle, .ring: nil
    case .square: Self.regular(4)
    case .triangle: Self.regular(3)
    case .hexagon: Self.regular(6)
    case .diamond: [(0, -1), (0.55, 0), (0, 1), (-0.55, 0)]
    case .star:
      zip(Self.regular(5), Self.regular(5, radius: 0.42, turned: .pi / 5)).flatMap { [$0, $1] }
    case .cross:
      [
        (-0.3, -0.95), (0.3, -0.95), (0.3, -0.3), (0.95, -0.3), (0.95, 0.3), (0.3, 0.3),
        (0.3, 0.95),
        (-0.3, 0.95), (-0.3, 0.3), (-0.95, 0.3), (-0.95, -0.3), (-0.3, -0.3),
      ]
    }
  }

  private static func regular(
    _ count: Int, radius: Double = 1, turned: Double = 0
  ) -> [(x: Double, y: Double)] {
    (0..<count).map { index in
      let angle = 2 * Double.pi * Double(index) / Double(count) + turned
      return (radius * sine(angle), -radius * sine(angle + .pi / 2))
    }
  }
}
