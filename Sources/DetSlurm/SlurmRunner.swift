import DetBasics
package import DetExecution
package import DetSearch
package import DetSpec
import Foundation

/// Carries out trials as jobs of a cluster: every free slot's trial is a task of the next array that is submitted.
///
/// It believes files and the scheduler, and remembers nothing that is not in them: a search that is killed at any moment and resumed
/// finds its jobs again, waiting, at work or done, and goes on with them. What a trial came to is what its latest attempt left; a job
/// that is gone without a word is lost, which is no result, and its trial is submitted again from its last checkpoint.
package final class SlurmRunner: TrialRunner {
  /// What a runner needs to know beside the plan.
  package struct Settings {
    /// The run.
    package let folder: RunFolder
    /// The path of `smnas` where the search runs.
    package let program: String
    /// Slurm.
    package let scheduler: Scheduler
    /// What latencies are asked of, one for each node that measures; empty where workers measure or nobody does.
    package var stopwatches: [StopwatchPlan] = []
    /// Called at the moments at which a search may be killed; tests kill it there.
    package var onMoment: (Moment) -> Void = { _ in }

    /// Settings without stopwatches.
    package init(folder: RunFolder, program: String, scheduler: Scheduler) {
      self.folder = folder
      self.program = program
      self.scheduler = scheduler
    }
  }

  /// Moments between which a search leaves files and scheduler in another state.
  package enum Moment: String, CaseIterable, Sendable {
    /// A wave is written down, and not submitted.
    case written
    /// It is submitted, and its number is not noted.
    case submitted
    /// Its number is noted.
    case noted
    /// A verdict is there, and nothing was done about it.
    case judged
    /// What the trial made is in its own folder; nobody has heard of it.
    case published
    /// Its outcome is kept; its ticket is still there.
    case kept
  }

  let plan: RunnerPlan
  let slurm: SlurmPlan
  let settings: Settings
  let folder: SlurmFolder
  let token: String
  let lease: Lease
  let scheduler: Scheduler
  let measurements: Measurements
  var nodes: NodeRecord
  var waves: WaveLedger
  var works: [Int: Work] = [:]
  /// What was found and is still to be told; once all is found, the first of it last, where it is taken from at no cost.
  var reports: [RunnerReport] = []
  /// The most tasks of an array; nil before the scheduler has said it.
  var largestArray: Int?
  /// The most tasks that are submitted at a time, less after the site has refused more.
  var mostAtOnce = SlurmRunner.unlimited
  static let unlimited = 1 << 20
  /// Why a submission was refused last, for saying it once.
  var lastRefusal: SchedulerError?
  private let watch: ProcessWatch
  private let clock = ContinuousClock()
  private let beginning: ContinuousClock.Instant
  private var nextPoll = 0.0
  var nextSubmission = 0.0
  /// False when no trial waits to be submitted.
  var mayHaveQueue = false
  private var isSchedulerSilent = false

  /// Called with what people should know.
  package var onNotice: (String) -> Void = { _ in }

  /// A runner of the plan's section `slurm`; it takes up what an earlier one has left in the run's folder.
  ///
  /// - Throws: when the folder cannot be written.
  package init(plan: RunnerPlan, _ slurm: SlurmPlan, _ settings: Settings) throws {
    self.plan = plan
    self.slurm = slurm
    self.settings = settings
    scheduler = settings.scheduler
    folder = SlurmFolder(settings.folder)
    try Files.makeFolder(folder.waves)
    try Files.makeFolder(folder.logs)
    token = try folder.makeToken()
    lease = Lease(path: folder.lease, token: token)
    try lease.renew()
    try AtomicFile.write(
      BatchScript.text(slurm, program: settings.program), to: folder.batch)
    nodes = NodeRecord(file: folder.nodes)
    waves = try WaveLedger(folder)
    watch = try ProcessWatch()
    measurements = Measurements(settings.stopwatches, watch)
    beginning = clock.now
  }

  /// Seconds since the runner was made.
  package var now: Double { (clock.now - beginning).inSeconds }

  /// Whether there are nodes or a program to measure by.
  package var canMeasure: Bool { measurements.areThere }

  /// The name of all jobs of the run.
  var jobName: String { "smnas-\(token)" }

  /// Has a design timed on one of the nodes that measure.
  package func measure(_ job: TrialJob) throws { measurements.add(job, now: now) }

  /// Takes a trial up: a job of an earlier search's that does it, or what that has left, or else a new one.
  package func start(_ job: TrialJob, isTimed: Bool) throws {
    var job = job
    job.directory = FilePath.absolute(job.directory)
    if !isTimed, measurements.timeTrained, let trained = UnmeasuredTrial(of: job) {
      return measurements.add(trained, started: now)
    }
    UnmeasuredTrial.forget(in: job.folder)
    try Files.makeFolder(job.folder.path)
    works[job.id] = Work(job: job, isTimed: isTimed, began: now, earlier: waves.entry(of: job.id))
    mayHaveQueue = true
  }

  /// Waits a moment for something to happen on the cluster.
  package func next() throws -> RunnerReport? {
    if reports.isEmpty {
      let due = min(
        nextPoll, measurements.nextTime(now: now), mayHaveQueue ? nextSubmission : .infinity)
      let seconds = max(0, min(Self.tick, due - now))
      if seconds > 0 { watch.wait(for: measurements.outputs, seconds: seconds) }
      reports += try measurements.look(now: now, onNotice)
      if now >= nextPoll {
        nextPoll = now + slurm.pollSeconds
        try poll()
      }
      if mayHaveQueue, now >= nextSubmission { try submitQueue() }
      reports.reverse()
    }
    return reports.popLast()
  }

  /// Seconds after which it is looked whether to stop; the cluster is asked more rarely.
  private static let tick = 0.5

  /// Looks at the cluster once, and at what its jobs have written.
  private func poll() throws {
    try lease.renew()
    let tasks = askScheduler()
    if let tasks {
      for trial in try waves.resolve(tasks, token: token) {
        if let work = works[trial] { queueAgain(work) }
      }
    }
    for work in works.values.sorted(by: { $0.job.id < $1.job.id }) { try look(work, tasks) }
    if tasks == nil { nextSubmission = max(nextSubmission, nextPoll) }
  }

  /// What the scheduler knows; nil when it does not answer, which says nothing of any job.
  private func askScheduler() -> [TaskName: SchedulerTask]? {
    do {
      let tasks = try scheduler.tasks(named: jobName)
      if largestArray == nil { largestArray = try scheduler.largestArray() ?? Self.usualArray }
      if isSchedulerSilent { onNotice("the scheduler answers again") }
      isSchedulerSilent = false
      return tasks
    } catch {
      if !isSchedulerSilent {
        onNotice(
          "the scheduler does not answer (\(error)); the search waits for it, and jobs go on")
      }
      isSchedulerSilent = true
      return nil
    }
  }

  /// Slurm's default of `MaxArraySize`.
  private static let usualArray = 1001

  /// Ends the work on a trial. Its ticket goes first, so that no job of it is begun again.
  package func stop(_ trial: Int) -> Double {
    guard let work = works.removeValue(forKey: trial) else { return 0 }
    withdraw([work])
    reports.removeAll { $0.trial == trial }
    return now - work.began
  }

  /// The outcome is kept: its ticket goes, and the folders of its attempts.
  package func settled(_ trial: Int) {
    settings.onMoment(.kept)
    works[trial] = nil
    waves.withdraw(trial)
    Attempt.forgetAll(of: folder.trial(trial))
  }

  /// Ends all jobs of trials under way; their checkpoints stay.
  package func stopAll() {
    withdraw(Array(works.values))
    works = [:]
    reports = []
    measurements.stop()
  }

  private func withdraw(_ works: [Work]) {
    let tasks = works.compactMap { waves.task(of: $0) }
    for work in works { waves.withdraw(work.job.id) }
    scheduler.cancel(tasks)
  }
}
