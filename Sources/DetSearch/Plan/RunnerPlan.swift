/// What trials run on.
public struct RunnerPlan: Hashable, Sendable {
  /// What carries the trials out; not a key of the file, which can only mean processes.
  public var kind = RunnerKind.processes
  /// Trials at the same time.
  public var workers = 1
  /// Seconds after which a trial is stopped and counts as timed out.
  public var timeoutSeconds = 3600.0
  /// Seconds between asking a worker to stop and making it stop.
  public var graceSeconds = 10.0
  /// A program that speaks the trial protocol, with its arguments; the job file's path is added as the last one.
  /// Nil runs this program's own worker.
  public var command: [String]?
  /// `cpu`, `cuda:0`, …; several are given to the workers in turn.
  public var devices = ["cpu"]
  /// Threads of each worker; nil divides the machine's cores among the workers.
  public var threads: Int?
  /// Memory, in mebibytes, that a worker may hold before it is stopped as out of memory; nil sets no limit.
  public var memoryLimitMebibytes: Int?

  /// The defaults.
  public init() {}

  /// The threads of each worker on a machine with that many cores.
  public func threads(cores: Int) -> Int { threads ?? max(1, cores / workers) }
}

extension RunnerPlan: Codable {
  private enum CodingKeys: String, CodingKey {
    case workers, timeoutSeconds, graceSeconds, command, device, threads, memoryLimitMebibytes
  }

  /// Reads the section; checks every value.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    workers = try container.count(.workers, in: 1...1024, default: workers)
    timeoutSeconds = try container.number(
      .timeoutSeconds, in: 0.001...1e8, default: timeoutSeconds)
    graceSeconds = try container.number(.graceSeconds, in: 0...3600, default: graceSeconds)
    command = try container.decodeIfPresent([String].self, forKey: .command)
    try container.require(
      command?.isEmpty != true && command?.first?.isEmpty != true, .command,
      "names no program; use a list such as [\"python3\", \"worker.py\"], or null")
    devices = try Self.devices(container) ?? devices
    threads = try container.decodeIfPresent(Int.self, forKey: .threads)
    try container.require(
      threads.map { (1...4096).contains($0) } ?? true, .threads,
      "is \(threads ?? 0); use 1 to 4096, or null")
    memoryLimitMebibytes = try container.decodeIfPresent(Int.self, forKey: .memoryLimitMebibytes)
    try container.require(
      memoryLimitMebibytes.map { (1...1 << 30).contains($0) } ?? true, .memoryLimitMebibytes,
      "is \(memoryLimitMebibytes ?? 0); use 1 or more, or null")
  }

  /// One device as a text, or several as a list.
  private static func devices(
    _ container: KeyedDecodingContainer<CodingKeys>
  ) throws -> [String]? {
    guard container.contains(.device) else { return nil }
    if let one = try? container.decode(String.self, forKey: .device) { return [one] }
    return try container.list(.device, default: [])
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(workers, forKey: .workers)
    try container.encode(timeoutSeconds, forKey: .timeoutSeconds)
    try container.encode(graceSeconds, forKey: .graceSeconds)
    try container.encode(command, forKey: .command)
    if devices.count == 1 {
      try container.encode(devices[0], forKey: .device)
    } else {
      try container.encode(devices, forKey: .device)
    }
    try container.encode(threads, forKey: .threads)
    try container.encode(memoryLimitMebibytes, forKey: .memoryLimitMebibytes)
  }
}
