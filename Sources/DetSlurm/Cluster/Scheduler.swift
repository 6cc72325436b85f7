import DetBasics

/// Slurm, by its own commands; the one place that calls them.
package struct Scheduler: Sendable {
  /// The folder of the commands; nil looks for them as a shell does.
  private let folder: String?
  private let environment: [String: String]

  /// The commands in a folder, or those on the path.
  package init(folder: String? = nil, environment: [String: String]) {
    self.folder = folder
    self.environment = Self.outsideOfJobs(environment)
  }

  /// Seconds that a command may take; one that cannot reach the controller gives up before.
  private static let patience = 60

  /// The variables without those that a job of Slurm's would hand on: a search may be a job itself, and those that it submits are none
  /// of its steps.
  static func outsideOfJobs(_ environment: [String: String]) -> [String: String] {
    environment.filter { name, _ in !isOfJob(name) }
  }

  private static func isOfJob(_ name: String) -> Bool {
    (name.hasPrefix("SLURM_") && name != "SLURM_CONF") || name.hasPrefix("SRUN_")
  }

  /// Words that start a command without the variables of the job that this process is in.
  static func wordsOutsideOfJobs(_ environment: [String: String]) -> [String] {
    let names = environment.keys.filter(isOfJob).sorted()
    return names.isEmpty ? [] : ["env"] + names.flatMap { ["-u", $0] }
  }

  // MARK: - Commands

  /// Submits a wave; gives the number of the job.
  func submit(_ words: [String]) throws -> Int {
    let answer = try run("sbatch", ["--parsable"] + words)
    guard answer.status == 0, let job = Int(answer.output.prefix { $0.isNumber }) else {
      throw SchedulerError(command: "sbatch", answer.status, answer.errors)
    }
    return job
  }

  /// All tasks of a name that the scheduler still knows.
  func tasks(named name: String) throws -> [TaskName: SchedulerTask] {
    let answer = try run(
      "squeue", ["-h", "-r", "-t", "all", "--name=\(name)", "-o", SchedulerTask.format])
    guard answer.status == 0 else {
      throw SchedulerError(command: "squeue", answer.status, answer.errors)
    }
    var tasks: [TaskName: SchedulerTask] = [:]
    for line in answer.output.split(separator: "\n") {
      if let task = SchedulerTask(line: line) { tasks[task.name] = task }
    }
    return tasks
  }

  /// Ends tasks; those that are over already are none of its business.
  func cancel(_ tasks: [TaskName]) {
    for some in tasks.parts(of: 200) { _ = try? run("scancel", some.map(\.description)) }
  }

  /// The most tasks of an array; nil when the scheduler does not say.
  func largestArray() throws -> Int? {
    let answer = try run("scontrol", ["show", "config"])
    guard answer.status == 0 else {
      throw SchedulerError(command: "scontrol show config", answer.status, answer.errors)
    }
    let line = answer.output.split(separator: "\n").first { $0.hasPrefix("MaxArraySize") }
    return line?.split(separator: "=").last.flatMap { Int($0.trimmed) }
  }

  /// What the scheduler says of one job: names and values.
  func description(ofJob job: String) throws -> [String: String] {
    let answer = try run("scontrol", ["show", "job", "-o", job])
    guard answer.status == 0 else {
      throw SchedulerError(command: "scontrol show job", answer.status, answer.errors)
    }
    let pairs = answer.output.split(whereSeparator: \.isWhitespace).map {
      $0.split(separator: "=", maxSplits: 1)
    }
    return Dictionary(
      pairs.compactMap { $0.count == 2 ? (String($0[0]), String($0[1])) : nil }
    ) { first, _ in first }
  }

  /// Has a job begin again; whether it will.
  func requeue(_ job: String) -> Bool {
    (try? run("scontrol", ["requeue", job]))?.status == 0
  }

  /// Runs a command to its end, or to the end of all patience.
  private func run(_ command: String, _ words: [String]) throws -> ProgramOutput.End {
    let program = folder.map { "\($0)/\(command)" } ?? command
    return try ProgramOutput.end(
      of: ["timeout", "-k", "5", "\(Self.patience)", program] + words, environment: environment,
      takesErrors: true)
  }
}

/// That a command of Slurm's did not do what it was asked.
package struct SchedulerError: Error, Equatable, CustomStringConvertible {
  let command: String
  let status: Int32
  /// What it said.
  let words: String

  init(command: String, _ status: Int32, _ words: String) {
    (self.command, self.status) = (command, status)
    self.words = words.trimmed.split(separator: "\n").joined(separator: "; ")
  }

  package var description: String {
    "\(command) ended with status \(status)" + (words.isEmpty ? "" : ": \(words.prefix(500))")
  }

  /// Whether the user has as many jobs as the site allows: when some have ended, it takes more.
  var isLimit: Bool {
    let words = words.lowercased()
    return ["maxsubmit", "violates accounting/qos policy", "max job count", "maxjobcount"].contains
    {
      words.contains($0)
    }
  }

  /// Whether it may go well later without anybody's doing: the controller cannot be reached, or is busy.
  var isPassing: Bool {
    // `timeout` has ended it.
    if status == 124 || status >= 128 { return true }
    let words = words.lowercased()
    return Self.passing.contains { words.contains($0) }
  }

  private static let passing = [
    "unable to contact", "timed out", "temporarily", "connection refused", "connection reset",
    "communication connection failure", "zero bytes were transmitted", "try again",
    "slurm_persist_conn", "in standby mode", "not responding",
  ]
}
