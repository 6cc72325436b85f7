import DetBasics

/// The circumstances of a latency: what stood beside it, and what the machine did meanwhile.
public struct LatencyConditions: Sendable, Hashable {
  /// What it was taken on, in words that stay the same on the same device: processor and threads, or what another program calls it.
  /// Latencies of two devices are not compared; nil where nobody says.
  public var device: String?
  /// The 95 % interval of the median, from the blocks; nil where there are too few of them, or nobody knows.
  public var interval: Interval?
  /// The runs of the anchor between those of the detector; nil where there was none.
  public var anchor: LatencySummary?
  /// What the anchor takes on this machine when nothing disturbs it, in milliseconds, as far as it is known.
  public var calmAnchor: Double?
  /// What the machine did.
  public var machine: MachineState?
  /// The median with what the trained weights find in the images, in milliseconds; the reading is at the full load.
  public var ownLoad: Double?
  /// How often it was measured before this reading was taken.
  public var attempts = 1
  /// What disturbed it; empty when nothing did.
  public var disturbances: [Disturbance] = []

  /// Conditions of which nothing is known.
  public init() {}

  /// Two ends, in milliseconds.
  public struct Interval: Sendable, Hashable, Codable {
    /// The lower end.
    public let low: Double
    /// The upper end.
    public let high: Double

    /// An interval.
    public init(low: Double, high: Double) {
      self.low = low
      self.high = high
    }
  }

  /// What can disturb a measurement.
  public enum Disturbance: String, Sendable, Hashable, CaseIterable, WordCodable {
    /// Threads of the measurement waited for a processor while others had it.
    case waiting
    /// The anchor took longer than it does on the calm machine.
    case anchor
    /// The times changed from block to block.
    case unsteady
    /// The host of this virtual machine took its processors away.
    case steal

    /// The disturbance in words.
    public var words: String {
      switch self {
      case .waiting: "other programs had the processor"
      case .anchor: "the machine was slower than it is when calm"
      case .unsteady: "the times changed during the measurement"
      case .steal: "the host took processor time away"
      }
    }
  }
}
