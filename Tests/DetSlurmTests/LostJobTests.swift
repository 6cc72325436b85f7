import DetBasics
import DetExecution
import DetSearch
import Foundation
import Testing

@testable import DetSlurm

/// Jobs that are gone without a word, nodes that are broken, and submissions that are refused.
@Suite struct LostJobTests {
  let cluster: FakeCluster
  init() throws { cluster = try FakeCluster() }

  @Test(arguments: ["NODE_FAIL", "CANCELLED"])
  func aLostJobIsNoResultAndItsTrialGoesOnElsewhere(_ state: String) throws {
    let command = try cluster.worker(
      """
      if [ $attempt = 1 ]; then
        echo "step 3" > "$checkpoint"; echo waits >> '\(cluster.path)/waiting'
        while :; do sleep 0.05; done
      fi
      cat "$checkpoint" >> '\(cluster.path)/resumed'
      \(FakeCluster.finishing)
      """)
    var isForced = false
    let (end, trials, notices) = try cluster.search("run", cluster.plan(command, trials: 1)) {
      [cluster] in
      guard !isForced, !cluster.lines("waiting").isEmpty else { return }
      isForced = true
      try? cluster.force(cluster.tasks[0], state)
    }
    #expect(end == .complete && trials.map(\.isFinished) == [true])
    #expect(cluster.lines("resumed") == ["step 3"])
    #expect(
      notices.contains("trial 1 is lost and submitted again: job 1_0 on n1 ended as \(state)"))
  }

  @Test func jobsThatAreLostAgainAndAgainPauseTheSearch() throws {
    let command = try cluster.worker("exit 0")
    let plan = try cluster.plan(command, trials: 1, slurm: "\"setup\": [\"exit 9\"]")
    let (end, trials, _) = try cluster.search("run", plan)
    guard case .paused(let pause) = end else {
      Issue.record("the search ended with \(end)")
      return
    }
    #expect(pause.cause == .fault(.jobsLost))
    #expect(
      pause.reason.contains("6 jobs in a row were lost")
        && pause.reason.contains("/slurm/logs/6_0.out"))
    #expect(trials.map { $0.outcome == nil } == [true], "no design is charged with it")
    #expect(cluster.lines("trainings").isEmpty)
  }

  @Test func aTaskOfWhichTheSchedulerKnowsNothingIsSubmittedAgain() throws {
    try cluster.order("hold")
    let command = try cluster.worker(FakeCluster.finishing)
    let (end, trials, notices) = try cluster.search("run", cluster.plan(command, trials: 1)) {
      [cluster] in
      // A task that is cancelled while it waits leaves no record at all.
      if cluster.tasks == ["2_0"] { return cluster.lift("hold") }
      try? FileManager.default.removeItem(atPath: "\(cluster.commands)/tasks/1_0")
    }
    #expect(end == .complete && trials.map(\.isFinished) == [true])
    #expect(notices.contains("is not known to the scheduler any more"))
  }

  @Test func aNodeThatFailsEveryTrialIsExcludedAndNamed() throws {
    let command = try cluster.worker(
      "if [ \"$SLURMD_NODENAME\" = n1 ]; then echo 'no card' >&2; exit 3; fi\n"
        + FakeCluster.finishing)
    // One at a time, so that every trial comes to the first node that is free.
    let plan = try cluster.plan(command, trials: 5, slurm: "\"tasks\": 1")
    let (end, trials, notices) = try cluster.search("run", plan)
    #expect(end == .complete)
    #expect(trials.count == 5 && trials.allSatisfy(\.isFinished))
    #expect(notices.contains("ended on n1 without a result"))
    #expect(notices.contains("the node n1 gets no more trials"))
    #expect(cluster.lines("slurm/submitted").last?.contains("--exclude=n1") == true)
    #expect(NodeRecord(file: "\(cluster.path)/run/slurm/nodes.json").excluded == ["n1"])
  }

  @Test func aFailureThatASecondNodeConfirmsIsTheDesigns() throws {
    let command = try cluster.worker("echo '{\"event\":\"failed\",\"reason\":\"too deep\"}'")
    let (end, trials, _) = try cluster.search("run", cluster.plan(command, trials: 1))
    #expect(end == .complete && trials.map(\.outcome) == [.failed(reason: "too deep")])
    #expect(cluster.tasks.count == 2)
    #expect(cluster.fact("node", of: "1_0") != cluster.fact("node", of: "2_0"))
  }

  @Test func whereThereIsNoSecondNodeTheFirstOnesWordCounts() throws {
    try cluster.order("nodes", "n1")
    let command = try cluster.worker("echo '{\"event\":\"failed\",\"reason\":\"too deep\"}'")
    let (end, trials, _) = try cluster.search("run", cluster.plan(command, trials: 1))
    #expect(end == .complete && trials.map(\.outcome) == [.failed(reason: "too deep")])
    #expect(cluster.tasks.count == 1)
  }

  @Test func aSubmissionWhoseAnswerIsLostIsFoundAgain() throws {
    try cluster.order("lose-answer")
    let command = try cluster.worker(FakeCluster.finishing)
    let (end, trials, notices) = try cluster.search("run", cluster.plan(command, trials: 2))
    #expect(end == .complete && trials.allSatisfy(\.isFinished))
    #expect(notices.contains("Socket timed out"))
    #expect(cluster.tasks.count == 2 && cluster.lines("trainings").count == 2)
  }

  @Test func aSubmissionThatCannotBeMadeNowIsMadeLater() throws {
    try cluster.order(
      "refuse",
      "Batch job submission failed: Slurm temporarily unable to accept job, sleeping and retrying")
    let command = try cluster.worker(FakeCluster.finishing)
    let (end, trials, notices) = try cluster.search("run", cluster.plan(command, trials: 2))
    #expect(end == .complete && trials.allSatisfy(\.isFinished))
    #expect(notices.contains("sleeping and retrying; the search tries again"))
    #expect(cluster.lines("trainings").count == 2)
  }

  @Test func aSubmissionThatIsRefusedPausesWithTheClustersWords() throws {
    try cluster.order("refuse", "invalid partition specified: gpus")
    let command = try cluster.worker(FakeCluster.finishing)
    let plan = try cluster.plan(command, trials: 2)
    let first = try cluster.search("run", plan)
    guard case .paused(let pause) = first.end else {
      Issue.record("the search ended with \(first.end)")
      return
    }
    #expect(
      pause.cause == .fault(.jobsLost) && pause.reason.contains("invalid partition specified: gpus")
    )
    let second = try cluster.search("run", plan, resume: true)
    #expect(second.end == .complete && second.trials.allSatisfy(\.isFinished))
    #expect(cluster.lines("trainings").count == 2)
  }

  @Test func aJobThatIsOverBeforeAnybodyNotedItIsNotDoneAgain() throws {
    // As after a search that was dead for longer than the scheduler remembers.
    try cluster.order("deaf")
    let command = try cluster.worker(FakeCluster.finishing)
    let (end, trials, _) = try cluster.search("run", cluster.plan(command, trials: 2))
    #expect(end == .complete && trials.allSatisfy(\.isFinished))
    #expect(cluster.lines("trainings").count == 2)
  }
}
