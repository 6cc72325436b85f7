import DetSearch
import DetSpec

/// What stands below tables that have latencies: where they were taken, and how far they can be trusted.
enum LatencyNotes {
  /// The lines for trials with these results; none where no latency is among them.
  static func lines(_ results: [[String: Double]], device: String?) -> [String] {
    guard results.contains(where: { $0[.latency] != nil }) else { return [] }
    let place = device.map { "latency: median time of one image, on \($0)" }
    let marks =
      results.contains(where: \.hasDisturbedLatency)
      ? "* taken while the machine was disturbed; smnas measure DIR takes it again" : nil
    return [place, marks].compactMap { $0 }
  }
}
