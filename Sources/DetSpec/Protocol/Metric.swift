public import DetBasics

/// A number that tells how good a trial's design is, or what it costs: an objective of a plan, a column of every table, a
/// limit of `best`.
///
/// Trials report more numbers (`loss`, `seconds`, `AP75` …), which are kept by name; these are the ones that searches compare.
/// One and its ``descriptor`` are all that plans, tables, reports and limits need; a measured one needs its measurement too.
///
/// The time on another device is a metric of its own, `latency@phone`; those devices are of a plan's, so they are none of ``allCases``.
///
/// ```swift
/// Metric.latency.text(31.21)  // "31.2 ms"
/// trial.metrics[.latency]     // 31.21
/// ```
public struct Metric: Hashable, Sendable, WordCodable {
  /// The name in plans, results and JSON.
  public let rawValue: String

  /// Average precision over IoU 0.50 … 0.95, a fraction 0 … 1.
  public static let averagePrecision = Metric("AP")
  /// Average precision at IoU 0.50, a fraction 0 … 1.
  public static let averagePrecision50 = Metric("AP50")
  /// Milliseconds per image, the median of many runs on the trial's machine.
  public static let latency = Metric("latency")
  /// Bytes of memory that a trial's process holds at the most while its trained detector detects in one image on the CPU.
  ///
  /// All resident pages count: weights, activations, program and libraries (most of 150 MB), and what the process still holds
  /// of its training. So it is more than a program needs that only detects: 181, 195 and 333 MB where `smnas detect` needs
  /// 148, 158 and 273 (ResNet-18 of width 8 and 32, ResNet-50), and 16 MB more after batches of 8 than of 2. Absent on other
  /// devices, whose memory is not the process's, and where the system keeps no such peak (all but Linux).
  public static let memory = Metric("memory")
  /// Trainable parameters.
  public static let parameters = Metric("parameters")
  /// Multiply-accumulates per image.
  public static let macs = Metric("macs")

  /// Those that every run has, in the order in which tables show them.
  public static let allCases: [Metric] = [
    .averagePrecision, .averagePrecision50, .latency, .memory, .parameters, .macs,
  ]

  private init(_ name: String) { rawValue = name }

  /// The metric with a name; nil when there is none.
  public init?(rawValue: String) {
    self.init(rawValue)
    guard !Self.allCases.contains(self) else { return }
    guard let device, Self.isDevice(device) else { return nil }
  }

  /// Milliseconds per image on another device of the plan.
  public static func latency(on device: String) -> Metric {
    precondition(isDevice(device), "\(device) cannot be the name of a device")
    return Metric("\(latency.rawValue)@\(device)")
  }

  /// Whether a device can have this name: letters, digits, `-`, `_` and `.`, the first a letter.
  public static func isDevice(_ name: String) -> Bool {
    let others = name.dropFirst().unicodeScalars
    return name.unicodeScalars.first.map { isLetter($0) } ?? false
      && others.allSatisfy {
        isLetter($0) || ("0"..."9").contains($0) || "-_.".unicodeScalars.contains($0)
      }
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
  }

  /// The device of the plan on which the time is taken; nil for everything else, and for the time where the run computes.
  public var device: String? {
    rawValue.hasPrefix("latency@") ? String(rawValue.dropFirst("latency@".count)) : nil
  }

  /// Whether it is a time per image, wherever it is taken.
  public var isLatency: Bool { self == .latency || device != nil }

  /// Those that every run has, and then those of others that are more, by their names.
  public static func all(and others: some Sequence<Metric>) -> [Metric] {
    allCases + Set(others).subtracting(allCases).sorted { $0.name < $1.name }
  }

  /// Those that every run has, and the times on other devices that are among some results.
  public static func all(in results: [String: Double]) -> [Metric] {
    all(and: results.keys.lazy.compactMap(Metric.init(rawValue:)))
  }

  /// The name among results of something that is known beside the value: `APLow`, `latencyLow@phone`.
  func beside(_ word: String) -> String {
    device.map { "\(Self.latency.name)\(word)@\($0)" } ?? name + word
  }

  /// All that is known of the metric.
  public var descriptor: Descriptor {
    switch self {
    case .averagePrecision:
      Descriptor("AP", "average precision over IoU 0.50 to 0.95", .fraction, .accuracy)
    case .averagePrecision50:
      Descriptor("AP50", "average precision at IoU 0.50", .fraction, .accuracy)
    case .memory:
      Descriptor("memory", "memory while it detects in one image", .bytes, .measured)
    case .parameters:
      Descriptor("parameters", "trainable parameters", .count, .counted { $0.parameters })
    case .macs:
      Descriptor("MACs", "multiply-accumulates per image", .count, .counted { $0.macs })
    default:
      Descriptor(
        name, "time per image" + (device.map { " on \($0)" } ?? ""), .milliseconds, .measured)
    }
  }

  /// What there is to know of a metric.
  public struct Descriptor: Sendable {
    /// What it is called in a column and inside a sentence.
    public let title: String
    /// What the title stands for.
    public let longTitle: String
    /// What its numbers count.
    public let unit: Unit
    /// Decimals of a fraction, figures of any other number.
    public let digits: Int
    /// Where it is had.
    public let source: Source

    init(
      _ title: String, _ longTitle: String, _ unit: Unit, _ source: Source, digits: Int = 3
    ) {
      self.title = title
      self.longTitle = longTitle
      self.unit = unit
      self.digits = digits
      self.source = source
    }
  }

  /// Where a metric is had; only an accuracy says how good the detections are, the others say what they cost.
  public enum Source: Sendable {
    /// From the detections on the validation images.
    case accuracy
    /// From the design alone, before any training.
    case counted(@Sendable (DesignCost) -> Int)
    /// From runs of the trained detector.
    case measured
  }
}

extension Metric {
  /// The name in plans, results and JSON.
  public var name: String { rawValue }

  /// Whether it says how good the detections are; the others say what they cost.
  public var isAccuracy: Bool {
    if case .accuracy = descriptor.source { true } else { false }
  }

  /// Whether it follows from the design alone.
  public var isCounted: Bool {
    if case .counted = descriptor.source { true } else { false }
  }

  /// Whether it takes runs of the trained detector, and differs from run to run.
  public var isMeasured: Bool {
    if case .measured = descriptor.source { true } else { false }
  }

  /// Which way it gets better: accuracies grow, costs shrink.
  public var direction: Direction { isAccuracy ? .maximize : .minimize }

  /// Those that say how good the detections are.
  public static var accuracies: [Metric] { allCases.filter(\.isAccuracy) }

  /// Those that say what the detections cost.
  public static var costs: [Metric] { allCases.filter { !$0.isAccuracy } }

  /// Its value for a design of this cost; nil unless it is counted.
  public func value(_ cost: DesignCost) -> Double? {
    guard case .counted(let count) = descriptor.source else { return nil }
    return Double(count(cost))
  }

  /// The counted metrics of a design, by name.
  public static func counted(_ cost: DesignCost) -> [String: Double] {
    var values: [String: Double] = [:]
    for metric in allCases { values[metric] = metric.value(cost) }
    return values
  }

  /// Why a value cannot be one of this metric, in words; nil when it can.
  public func problem(with value: Double?) -> String? {
    guard let value else { return "the result has no \(name)" }
    guard value.isFinite else { return "\(name) is \(value), not a finite number" }
    if descriptor.unit == .fraction {
      return (0...1).contains(value)
        ? nil : "\(name) is \(value); it must be a fraction from 0 to 1"
    }
    return value > 0 ? nil : "\(name) is \(value); it must be above 0"
  }
}

extension Metric: CustomStringConvertible {
  /// The name.
  public var description: String { name }
}

extension [String: Double] {
  /// The value of a metric among results that are kept by name.
  public subscript(metric: Metric) -> Double? {
    get { self[metric.name] }
    set { self[metric.name] = newValue }
  }
}
