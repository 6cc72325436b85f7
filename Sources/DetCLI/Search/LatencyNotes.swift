import DetSearch
import DetSpec

/// What stands below tables that have latencies: where they were taken, and how far they can be trusted.
enum LatencyNotes {
  /// The lines for trials with these results; none where no latency is among them.
  static func lines(_ results: [[String: Double]], devices: [Metric: String]) -> [String] {
    let places = devices.sorted { $0.key.name < $1.key.name }.compactMap { metric, device in
      results.contains { $0[metric] != nil }
        ? "\(metric): median time of one image, on \(device)" : nil
    }
    let marks =
      results.contains(where: \.hasDisturbedLatency)
      ? "* taken while the machine was disturbed; smnas measure DIR takes it again" : nil
    return places + [marks].compactMap { $0 }
  }
}
