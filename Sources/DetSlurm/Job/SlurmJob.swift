import DetBasics
import DetExecution
import DetSearch
import DetSpec
import Foundation

/// What a task of a wave does on its node: carries one trial out as the search would on its own machine, and leaves how it ended in a
/// file.
///
/// It takes no orders but by files: it ends when its ticket is withdrawn, when a later attempt has begun, or when the search has not
/// been alive for long. A signal of the scheduler's makes it ask the worker for a checkpoint, and the scheduler to begin the job again.
package struct SlurmJob {
  private let wave: WaveFolder
  private let folder: SlurmFolder
  private let index: Int
  private let environment: [String: String]
  private let scheduler: Scheduler
  private let log: (String) -> Void
  private let worker: () throws -> [String]

  /// Time limits that may end a trial's jobs before it counts as timed out.
  static let mostTimeLimits = 3

  /// A task of the wave in a folder, as Slurm's variables name it.
  ///
  /// - Parameters:
  ///   - path: the wave's folder.
  ///   - environment: the job's variables.
  ///   - scheduler: Slurm.
  ///   - worker: the command of a trial, for plans without one of their own.
  ///   - log: gets what people should know.
  /// - Throws: when the variables name no task.
  package init(
    wave path: String, environment: [String: String], scheduler: Scheduler,
    worker: @escaping () throws -> [String], log: @escaping (String) -> Void
  ) throws {
    let path = FilePath.absolute(path)
    guard let index = environment["SLURM_ARRAY_TASK_ID"].flatMap({ Int($0) }), index >= 0 else {
      throw FileError(
        path: path,
        problem: "is a wave of jobs, but SLURM_ARRAY_TASK_ID does not say which of them this is",
        cure: "let a search with runner.slurm in its plan submit it")
    }
    wave = WaveFolder(path: path, number: Int(FilePath.name(of: path)) ?? 0)
    folder = SlurmFolder(ofWave: path)
    self.index = index
    self.environment = environment
    self.scheduler = scheduler
    self.worker = worker
    self.log = log
  }

  private var node: String {
    if let name = environment["SLURMD_NODENAME"], !name.isEmpty { return name }
    return ProcessInfo.processInfo.hostName
  }

  /// Does the trial, as far as it is this job's to do.
  ///
  /// - Throws: what kept it from leaving a word; then the search submits the trial again.
  package func run() throws {
    JobSignals.watch()
    guard let ticket = try Ticket.read(wave.ticket(index)) else {
      return log("nobody wants this any more: its ticket is gone")
    }
    guard folder.keptToken() == ticket.token else {
      return log("another run has taken the place of the one that submitted this")
    }
    let trial = ticket.job.folder
    let known = Attempt.all(at: trial)
    if known.contains(where: { $0.submission > ticket.submission }) {
      return log("the trial was submitted again since")
    }
    let own = known.filter { $0.submission == ticket.submission }
    if let last = own.last, last.keptEnd()?.verdict != nil {
      return log("the trial is done: \(last.end)")
    }
    let attempt = try Attempt.claim(trial, submission: ticket.submission)
    try AtomicFile.write(
      JSON.text(
        AttemptBeginning(
          node: node, job: environment["SLURM_JOB_ID"] ?? "", began: Date().timeIntervalSince1970)
      ) + "\n", to: attempt.beginning)
    let ends = own.compactMap { $0.keptEnd() }
    log("trial \(ticket.job.id), attempt \(FilePath.name(of: attempt.path)) on \(node)")
    try AttemptRun(
      attempt: attempt, ticket: ticket, wave: wave, index: index, folder: folder, node: node,
      secondsUsed: ticket.secondsUsed + ends.reduce(0) { $0 + $1.seconds },
      timeLimits: ticket.timeLimits + ends.count { $0.kind == .timeLimit },
      slurmJob: environment["SLURM_JOB_ID"], scheduler: scheduler, worker: worker, log: log
    ).run()
  }
}

/// Where and when an attempt began, for people.
struct AttemptBeginning: Codable {
  let node: String
  let job: String
  /// Seconds since 1970.
  let began: Double
}
