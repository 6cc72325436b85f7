import DetBasics

/// The rule that every front rests on: a point dominates another when it is at least as good in every objective and
/// better in one. Equal points do not dominate each other.
enum Dominance {
  /// What a coordinate is multiplied by, so that smaller is better.
  static func sign(_ direction: Direction) -> Double {
    switch direction {
    case .minimize: 1
    case .maximize: -1
    }
  }

  /// Whether one point dominates another, each given by its coordinates, of which smaller is better.
  @inline(__always)
  static func holds(
    axes: Int, of left: (Int) -> Double, over right: (Int) -> Double
  ) -> Bool {
    var isBetter = false
    for axis in 0..<axes {
      let mine = left(axis)
      let other = right(axis)
      if mine > other { return false }
      if mine < other { isBetter = true }
    }
    return isBetter
  }
}
