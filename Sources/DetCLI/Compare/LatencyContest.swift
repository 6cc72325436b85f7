import DetBasics
import DetSearch
import DetSpec

/// Two latencies side by side, and whether it can be told which is less.
struct LatencyContest: Encodable {
  /// Milliseconds of the first.
  let a: Double
  /// Milliseconds of the second.
  let b: Double
  /// How many times the first the second is.
  let ratio: Double
  /// The 95 % interval of each median; nil where it is not known.
  let intervals: Pair<LatencyConditions.Interval?>
  /// What each was taken on; nil where nobody said it.
  let devices: Pair<String?>
  /// Whether each was taken while the machine was disturbed.
  let disturbed: Pair<Bool>
  /// Whether the intervals are apart, on one device, undisturbed.
  let isResolved: Bool
  /// The judgement in words.
  let verdict: String

  /// Something of each side.
  struct Pair<Value: Encodable>: Encodable {
    let a: Value
    let b: Value
  }

  /// Compares what is known of two trials' latencies; nil where one has none.
  init?(_ a: Contender.Record, _ b: Contender.Record) {
    guard let (first, second) = Self.pair(a.trial.metrics[.latency], b.trial.metrics[.latency])
    else { return nil }
    (self.a, self.b) = (first, second)
    ratio = second / first
    intervals = Pair(a: a.reading?.interval, b: b.reading?.interval)
    devices = Pair(a: a.reading?.device, b: b.reading?.device)
    disturbed = Pair(
      a: a.trial.metrics.isDisturbed(.latency), b: b.trial.metrics.isDisturbed(.latency))
    (isResolved, verdict) = Self.judge(
      first, second, intervals: intervals, devices: devices, disturbed: disturbed)
  }

  private static func judge(
    _ a: Double, _ b: Double, intervals: Pair<LatencyConditions.Interval?>,
    devices: Pair<String?>, disturbed: Pair<Bool>
  ) -> (Bool, String) {
    if let (one, other) = pair(devices.a, devices.b), one != other {
      return (false, "they were taken on different devices (A on \(one), B on \(other))")
    }
    if disturbed.a || disturbed.b {
      let who = disturbed.a && disturbed.b ? "both were" : disturbed.a ? "A's was" : "B's was"
      return (
        false,
        "which is less cannot be told: \(who) taken while the machine was disturbed; smnas measure takes latencies again"
      )
    }
    guard let (one, other) = pair(intervals.a, intervals.b) else {
      return (false, "which is less cannot be told: nothing says how far they vary")
    }
    guard one.high < other.low || other.high < one.low else {
      return (false, "which is less cannot be told: their 95 % intervals overlap")
    }
    let (less, factor) = a < b ? ("A", b / a) : ("B", a / b)
    return (true, "\(less) is \(factor.fixed(2)) times as fast: the 95 % intervals are apart")
  }

  private static func pair<Value>(_ one: Value?, _ other: Value?) -> (Value, Value)? {
    guard let one, let other else { return nil }
    return (one, other)
  }
}
