import DetSpec
import DetTraining
import Testing

@Suite struct LatencyMeterTests {
  /// A clock that each run moves on by the next of the given milliseconds.
  private final class Clock {
    var now = 0.0
    var times: [Double]
    init(_ times: [Double]) { self.times = times }
    func run() { now += times.isEmpty ? 1 : times.removeFirst() }
  }

  @Test func warmUpRunsAreNotTimed() {
    let clock = Clock([100, 100, 2, 2, 2])
    let meter = LatencyMeter(settings: LatencySettings(warmupRuns: 2, runs: 3))
    let summary = meter.measure(now: { clock.now }) { _ in clock.run() }
    #expect(summary?.samples == [2, 2, 2])
    #expect(summary?.median == 2)
  }

  @Test func disturbedMeasurementIsRepeatedAndTheCalmestCounts() {
    let clock = Clock([1, 1, 9, 9, 9, 3, 3, 3, 3, 3])
    let meter = LatencyMeter(settings: LatencySettings(warmupRuns: 0, runs: 5))
    let summary = meter.measure(now: { clock.now }) { _ in clock.run() }
    #expect(summary?.samples == [3, 3, 3, 3, 3])
  }

  @Test func percentilesInterpolate() {
    let summary = LatencySummary(samples: [4, 1, 3, 2, 5])
    #expect(summary?.median == 3)
    #expect(summary?.p10 == 1.4)
    #expect(summary?.p90 == 4.6)
  }
}
