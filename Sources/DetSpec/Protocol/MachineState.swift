/// What a machine did during a measurement, as far as its system tells.
public struct MachineState: Sendable, Hashable, Codable {
  /// The machine's name in its network.
  public var host: String?
  /// Share of the time of the runs for which threads were ready and did not have a processor, on average over the threads.
  public var waiting: Double?
  /// Share of the processors' time that the host of a virtual machine took.
  public var steal: Double?
  /// Processes that ran or wanted to, averaged over a minute.
  public var load: Double?
  /// The clock of the fastest processor, in MHz.
  public var clock: Double?
  /// The hottest sensor, in degrees Celsius.
  public var temperature: Double?

  /// A state of which nothing is known.
  public init() {}
}
