import DetBasics

/// What the processors did since the machine started, in ticks, from the first line of Linux's `/proc/stat`.
struct ProcessorTimes: Equatable {
  let total: Double
  let stolen: Double

  /// The times now; nil where the system does not tell them.
  static func now() -> ProcessorTimes? {
    (try? Files.text("/proc/stat")).flatMap(ProcessorTimes.init)
  }

  init(total: Double, stolen: Double) {
    self.total = total
    self.stolen = stolen
  }

  /// Reads `cpu  user nice system idle iowait irq softirq steal guest guest_nice`; the guests' times are in the user's.
  init?(_ stat: String) {
    guard let line = stat.split(separator: "\n").first, line.hasPrefix("cpu ") else { return nil }
    let ticks = line.split(separator: " ").dropFirst().compactMap { Double($0) }
    guard ticks.count >= 8 else { return nil }
    total = ticks.prefix(8).reduce(0, +)
    stolen = ticks[7]
  }

  /// The share of the time since `earlier` that the host of a virtual machine took; nil when no tick has passed.
  func steal(since earlier: ProcessorTimes) -> Double? {
    total > earlier.total ? (stolen - earlier.stolen) / (total - earlier.total) : nil
  }
}
