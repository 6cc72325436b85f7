import DetExecution
import DetSearch
import DetSpec

/// What a trial's worker reported; of each kind the last report counts.
struct TrialReports {
  private(set) var start: TrialEvent.Start?
  private(set) var spreads: [String: ReportModel.Spread] = [:]
  private var epochs: [Int: [String: Double]] = [:]

  mutating func add(_ event: TrialEvent) {
    if let (metric, runs) = event.measured {
      spreads[metric.name] = .init(
        p10: runs.p10, median: runs.median, p90: runs.p90, interval: event.interval)
    }
    switch event {
    case .started(let start): self.start = start
    case .epoch(let epoch, let metrics): epochs[epoch] = metrics
    case .step, .notice, .latency, .finished, .failed: break
    }
  }

  var curve: [ReportModel.Epoch] {
    epochs.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }
  }
}

extension TrialEvent {
  /// The 95 % interval of the median of what was measured.
  fileprivate var interval: LatencyConditions.Interval? {
    if case .latency(let reading) = self { reading.interval } else { nil }
  }
}
