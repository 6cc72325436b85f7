import DetBasics

/// What trials run on.
public struct RunnerPlan: Hashable, Sendable {
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
  /// A word for what ``command`` trains, and on what data, by which its results are known again in other runs; nil: they are not.
  public var cacheKey: String?

  /// The defaults.
  public init() {}

  /// The threads of each worker on a machine with that many cores.
  public func threads(cores: Int) -> Int { threads ?? max(1, cores / workers) }
}

extension RunnerPlan: Codable {
  /// Reads the section; checks every value.
  public init(from decoder: any Decoder) throws {
    self.init()
    try Self.settings.decode(into: &self, from: decoder)
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws { try Self.settings.write(self, to: encoder) }
}
