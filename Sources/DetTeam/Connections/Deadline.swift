/// A moment after which nothing is waited for.
struct Deadline {
  private let moment: ContinuousClock.Instant

  init(seconds: Double) { moment = .now + .seconds(seconds) }

  /// Whether the moment is over.
  var isOver: Bool { moment <= .now }

  /// What is left, for `poll`; at most `most` seconds.
  func milliseconds(most: Double = 3600) -> Int32 {
    let left = ContinuousClock.now.duration(to: moment)
    return Int32(max(0, min(left / .milliseconds(1), most * 1000)).rounded(.up))
  }
}
