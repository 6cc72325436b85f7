import DetBasics
import DetCommand
import DetSpec

/// `--latency 20ms`: the most of a metric that a trial may have.
struct LimitOption: Parameter {
  /// What is limited.
  let metric: Metric
  let declaration: Declaration

  /// Declares the option of a metric, by its name.
  ///
  /// `help` says what becomes of it; by default that it is the most of the metric.
  init(_ metric: Metric, help: String? = nil) {
    self.metric = metric
    declaration =
      switch metric.descriptor.unit {
      case .fraction: Self.option(of: metric, Double.self, "SHARE", "0.5", help)
      case .milliseconds: Self.option(of: metric, Duration.self, "TIME", "20ms", help)
      case .count: Self.option(of: metric, Amount.self, "N", "5G or 20M", help)
      case .bytes: Self.option(of: metric, ByteCount.self, "SIZE", "500MB", help)
      }
  }

  private static func option<Value: LimitValue>(
    of metric: Metric, _: Value.Type, _ placeholder: String, _ example: String, _ help: String?
  ) -> Declaration {
    let help = "\(help ?? "the most \(metric.descriptor.longTitle)"), as in \(example)"
    return Option<Value>("--\(metric.name)", placeholder, help).declaration
  }

  /// The limit in the metric's unit, or nil.
  func answer(_ given: [any Sendable]) -> Double? { (given.first as? any LimitValue)?.limit }
}

/// What a limit is given as.
private protocol LimitValue: ArgumentValue {
  /// The number in the unit of the metrics that it limits.
  var limit: Double { get }
}

extension Double: LimitValue { fileprivate var limit: Double { self } }
extension Duration: LimitValue { fileprivate var limit: Double { inMilliseconds } }
extension Amount: LimitValue { fileprivate var limit: Double { value } }
extension ByteCount: LimitValue { fileprivate var limit: Double { value } }

/// `phone=40ms,board=5ms`: the most time per image on other devices of the plan.
struct DeviceLimits: ArgumentValue {
  /// A device's metric and the most of it, in milliseconds.
  let limits: [(metric: Metric, most: Double)]

  init(argument: String) throws {
    let wrong = ArgumentValueError(
      expected: "names of devices with a time each, as in phone=40ms,board=5ms")
    limits = try argument.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard sides.count == 2, Metric.isDevice(sides[0]) else { throw wrong }
      return (.latency(on: sides[0]), try Duration(argument: sides[1]).inMilliseconds)
    }
  }
}
