extension [String: Double] {
  /// The 95 % interval of a metric among results; nil where none is known.
  ///
  /// Of an accuracy it says how far other seeds would lead to another number, or, of a final that was trained once, other images of the
  /// same kind; of a latency how far other runs would.
  public func interval(of metric: Metric) -> ClosedRange<Double>? {
    guard let low = self[metric.beside("Low")], let high = self[metric.beside("High")], low <= high
    else { return nil }
    return low...high
  }

  /// Notes the 95 % interval of a metric; nil takes it out.
  public mutating func setInterval(of metric: Metric, _ range: ClosedRange<Double>?) {
    self[metric.beside("Low")] = range?.lowerBound
    self[metric.beside("High")] = range?.upperBound
  }

  /// Whether something is known of how far an accuracy among them can be trusted.
  public var hasAccuracyInterval: Bool { Metric.accuracies.contains { interval(of: $0) != nil } }

  /// Where a cost lies as far as it can be compared: its 95 % interval, or the value alone where no interval is known. Nil without a
  /// value, and for a latency that was disturbed, which is compared with no other.
  public func comparableRange(of cost: Metric) -> ClosedRange<Double>? {
    guard let value = self[cost], !isDisturbed(cost) else { return nil }
    return interval(of: cost) ?? value...value
  }

  /// Whether a latency among these results was taken on a disturbed machine.
  public func isDisturbed(_ metric: Metric) -> Bool { self[metric.beside("Disturbed")] == 1 }
}
