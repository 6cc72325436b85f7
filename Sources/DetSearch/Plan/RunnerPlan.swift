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
  /// How trials run as jobs of a cluster; nil runs them as processes of this machine.
  public var slurm: SlurmPlan?

  /// The defaults.
  public init() {}

  /// Trials that are under way at the same time, here or on a cluster.
  public var atOnce: Int {
    get { slurm?.tasks ?? workers }
    set {
      if slurm == nil { workers = newValue } else { slurm?.tasks = newValue }
    }
  }

  /// The threads of each worker where the machine that searches has so many cores; a cluster's job has one unless the plan says more.
  public func threads(cores: Int) -> Int {
    threads ?? (slurm == nil ? max(1, cores / workers) : 1)
  }
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
