import DetBasics
import DetExecution
import DetSearch
import DetSpec
import Foundation
import Testing

@testable import DetSlurm

/// Jobs that are asked to stop, or are stopped, and go on from their checkpoints.
@Suite struct StoppedJobTests {
  let cluster: FakeCluster
  init() throws { cluster = try FakeCluster() }

  private var trial: RunFolder { RunFolder("\(cluster.path)/run") }

  @Test(arguments: [
    (SIGUSR2, "00:01:00", 1), (SIGTERM, "UNLIMITED", 0), (SIGTERM, "2-00:00:00", 0),
  ])
  func aWarningMeansACheckpointAndAnotherStartOfTheSameTask(
    _ number: Int32, _ limit: String, _ timeLimits: Int
  ) throws {
    try cluster.order("limit", limit)
    let command = try cluster.worker(FakeCluster.waiting)
    var ends: [AttemptEnd.Kind] = []
    let (end, trials, _) = try cluster.search("run", cluster.plan(command, trials: 1)) {
      [cluster] in
      let first = Attempt.all(at: trial.trial(1)).first
      if let kind = first?.keptEnd()?.kind { ends = [kind] }
      if cluster.lines("waiting").count == 1, first?.keptEnd() == nil {
        cluster.signal(cluster.tasks[0], number)
      }
    }
    #expect(end == .complete && trials.map(\.isFinished) == [true])
    #expect(cluster.lines("resumed") == ["step 7"], "it goes on from the checkpoint")
    #expect(
      cluster.lines("slurm/requeued") == cluster.tasks, "the task is begun again, not another")
    // The signal alone does not tell: the scheduler's word does.
    #expect(ends == [timeLimits > 0 ? .timeLimit : .asked])
  }

  @Test func aTimeLimitMayEndAJobThreeTimes() throws {
    try cluster.order("limit", "00:01:00")
    let command = try cluster.worker(
      """
      trap 'echo x >> "$checkpoint"; exit 130' TERM
      echo waits >> '\(cluster.path)/waiting'
      while :; do sleep 0.05; done
      """)
    var warned = 0
    let (end, trials, _) = try cluster.search("run", cluster.plan(command, trials: 1)) {
      [cluster] in
      guard cluster.lines("waiting").count > warned else { return }
      warned += 1
      cluster.signal(cluster.tasks[0], SIGUSR2)
    }
    #expect(end == .complete && trials.map(\.outcome) == [.timedOut])
    #expect(warned == 4 && cluster.lines("slurm/requeued").count == 3)
  }

  @Test func preemptionsDoNotCountHoweverMany() throws {
    let command = try cluster.worker(
      """
      if [ $attempt -lt 4 ]; then
        echo "$attempt" > "$checkpoint"; echo waits >> '\(cluster.path)/waiting'
        while :; do sleep 0.05; done
      fi
      cat "$checkpoint" >> '\(cluster.path)/resumed'
      \(FakeCluster.finishing)
      """)
    var ended = 0
    let (end, trials, _) = try cluster.search("run", cluster.plan(command, trials: 1)) {
      [cluster] in
      guard cluster.lines("waiting").count > ended, let last = cluster.tasks.last else { return }
      ended += 1
      try? cluster.force(last, "PREEMPTED")
    }
    #expect(end == .complete && trials.map(\.isFinished) == [true])
    #expect(ended == 3 && cluster.tasks.count == 4)
    #expect(cluster.lines("resumed") == ["3"])
  }

  @Test(arguments: [("TIMEOUT", 4, "timedOut"), ("OUT_OF_MEMORY", 1, "outOfMemory")])
  func whatTheSchedulerEndsForTheTrialsOwnSakeIsAnOutcome(
    _ state: String, _ submissions: Int, _ outcome: String
  ) throws {
    let command = try cluster.worker(
      "echo waits >> '\(cluster.path)/waiting'; while :; do sleep 0.05; done")
    var ended = 0
    let (end, trials, _) = try cluster.search("run", cluster.plan(command, trials: 1)) {
      [cluster] in
      guard cluster.lines("waiting").count > ended, let last = cluster.tasks.last else { return }
      ended += 1
      try? cluster.force(last, state)
    }
    #expect(end == .complete && trials.first?.outcome?.kind.rawValue == outcome)
    #expect(ended == submissions && cluster.tasks.count == submissions)
  }

  @Test func ofTwoCopiesThatOverlapOnlyTheLaterCounts() throws {
    // The first copy is cut off: the scheduler starts the task again while it is still at work.
    let command = try cluster.worker(
      """
      echo waits >> '\(cluster.path)/waiting'
      if [ $attempt = 1 ]; then
        while [ ! -e '\(cluster.path)/other' ]; do sleep 0.05; done
        sleep 0.5
        echo '{"event":"finished","metrics":{"AP":0.999,"latency":1}}'; exit 0
      fi
      touch '\(cluster.path)/other'
      sleep 1.5
      \(FakeCluster.finishing)
      """)
    var first: pid_t?
    let (end, trials, _) = try cluster.search("run", cluster.plan(command, trials: 1)) {
      [cluster] in
      guard first == nil, !cluster.lines("waiting").isEmpty, let task = cluster.tasks.first else {
        return
      }
      first = cluster.pid(task)
      unlink("\(cluster.commands)/tasks/\(task)/pid")
      _ = FileManager.default.createFile(
        atPath: "\(cluster.commands)/tasks/\(task)/state", contents: Data("PENDING".utf8))
    }
    #expect(end == .complete)
    #expect(cluster.lines("trainings").count == 2)
    #expect(trials[0].isFinished && trials[0].metrics["AP"] != 0.999)
    #expect(isGone(try #require(first)), "the copy that does not count ends by itself")
  }

  @Test func aTrialThatIsStoppedEarlyDoesNotComeBack() throws {
    let command = try cluster.worker(FakeCluster.waiting)
    let plan = try cluster.plan(command, trials: 1)
    let folder = RunFolder("\(cluster.path)/run")
    try Files.makeFolder(folder.trials)
    let runner = try SlurmRunner(
      plan: plan.runner, #require(plan.runner.slurm),
      .init(
        folder: folder, program: #require(plan.runner.slurm?.program), scheduler: cluster.scheduler)
    )
    let recipe = try #require(plan.recipe(of: .structural))
    let job = TrialJobSample.job(folder.trial(1), recipe)
    try runner.start(job, isTimed: false)
    while cluster.lines("waiting").isEmpty { _ = try runner.next() }
    #expect(runner.stop(1) > 0)
    #expect(isGone(try #require(cluster.pid(cluster.tasks[0]))))
    #expect(cluster.lines("slurm/requeued").isEmpty)
  }
}
