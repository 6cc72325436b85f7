/// What some steps amount to: their losses, images and time.
struct StepTotals: Codable, Hashable, Sendable {
  /// How many steps.
  private(set) var steps = 0
  /// Images learnt from.
  private(set) var images = 0
  /// Wall-clock seconds.
  private(set) var seconds = 0.0
  /// The part of them in which nothing was done but wait for images.
  private(set) var waiting = 0.0
  private var sums: [String: Double] = [:]

  /// Counts a step.
  mutating func add(_ losses: [String: Double], images: Int, seconds: Double, waiting: Double) {
    for (name, value) in losses { sums[name, default: 0] += value }
    steps += 1
    self.images += images
    self.seconds += seconds
    self.waiting += waiting
  }

  /// The mean of each loss over the steps.
  var losses: [String: Double] { sums.mapValues { $0 / Double(max(1, steps)) } }

  /// The losses, images a second as `imagesPerSecond`, and the share of waiting for data as `waiting`.
  var metrics: [String: Double] {
    var metrics = losses
    metrics["imagesPerSecond"] = Double(images) / max(seconds, 1e-9)
    metrics["waiting"] = waiting / max(seconds, 1e-9)
    return metrics
  }
}
