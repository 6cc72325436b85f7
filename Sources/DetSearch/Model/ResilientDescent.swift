/// Descent by the signs of the slopes alone, each number with a step of its own that grows while the sign stays and shrinks when it
/// turns (iRprop−, Igel and Hüsken 2000): needs no scale, and no search along a line.
struct ResilientDescent {
  /// Where it stands.
  private(set) var place: [Double]
  private let ranges: [ClosedRange<Double>]
  private var steps: [Double]
  private var before: [Double]

  /// A descent that begins at a place, and stays within ranges.
  init(from place: [Double], within ranges: [ClosedRange<Double>]) {
    self.place = place
    self.ranges = ranges
    steps = Array(repeating: 0.2, count: place.count)
    before = Array(repeating: 0, count: place.count)
  }

  /// Goes on, given the slopes at the place.
  mutating func step(_ slopes: [Double]) {
    for index in place.indices {
      var slope = slopes[index]
      let turn = slope * before[index]
      if turn > 0 { steps[index] = min(steps[index] * 1.2, 1) }
      if turn < 0 {
        steps[index] = max(steps[index] * 0.5, 1e-3)
        slope = 0
      }
      before[index] = slope
      guard slope != 0 else { continue }
      let range = ranges[index]
      let next = place[index] - (slope > 0 ? steps[index] : -steps[index])
      place[index] = min(max(next, range.lowerBound), range.upperBound)
    }
  }
}
