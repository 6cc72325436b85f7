import DetBasics
import DetSearch
import Foundation
import Testing

@testable import DetSlurm

/// What is read of Slurm's words, and what is told.
@Suite struct SchedulerWordsTests {
  @Test func aLineOfSqueueIsATask() throws {
    let task = try #require(
      SchedulerTask(line: "1234|7|RUNNING|gpu[001-002]|None|smnas 0a1b wave 12"))
    #expect(task.name.description == "1234_7" && task.phase == .underWay)
    #expect(task.node == "gpu[001-002]" && task.comment == "smnas 0a1b wave 12")
    #expect(SchedulerTask(line: "1234|N/A|RUNNING|n1|None|") == nil)
    #expect(SchedulerTask(line: "slurm_load_jobs error: Invalid job id specified") == nil)
  }

  @Test(arguments: [
    ("PENDING", SchedulerTask.Phase.waiting), ("REQUEUE_HOLD", .waiting), ("COMPLETING", .underWay),
    ("SUSPENDED", .underWay), ("PREEMPTED", .over), ("NODE_FAIL", .over),
    ("OF_A_LATER_SLURM", .underWay),
  ])
  func aStateMeansWhetherATaskComesBack(_ state: String, _ phase: SchedulerTask.Phase) {
    #expect(SchedulerTask(line: "1|0|\(state)||None|x")?.phase == phase)
  }

  @Test func aTaskThatSlurmHoldsAfterAFailedStartIsLostAndOneThatAPersonHoldsWaits() {
    func isHeld(_ state: String, _ reason: String) -> Bool? {
      SchedulerTask(line: "1|0|\(state)||\(reason)|x")?.isHeldByFailure
    }
    #expect(isHeld("PENDING", "launch failed requeued held") == true)
    #expect(isHeld("REQUEUE_HOLD", "None") == true)
    #expect(isHeld("PENDING", "JobHeldUser") == false)
    #expect(isHeld("PENDING", "Resources") == false)
  }

  @Test(arguments: [
    ("10:00", 600.0), ("01:00:30", 3630), ("2-00:00:01", 172_801), ("UNLIMITED", nil), ("", nil),
    ("Partition_Limit", nil), ("x-00:10:00", nil),
  ])
  func spansAreReadAsSlurmWritesThem(_ text: String, _ seconds: Double?) {
    #expect(TimeLeft.seconds(text: text) == seconds)
  }

  @Test func onlyFailuresThatPassAreTriedAgain() {
    func error(_ words: String, _ status: Int32 = 1) -> SchedulerError {
      SchedulerError(command: "sbatch", status, words)
    }
    #expect(error("sbatch: error: Unable to contact slurm controller").isPassing)
    #expect(error("", 124).isPassing)
    #expect(!error("Requested time limit is invalid (missing or exceeds some limit)").isPassing)
    #expect(!error("Requested time limit is invalid (missing or exceeds some limit)").isLimit)
    #expect(error("Job violates accounting/QOS policy (job submit limit, user's size)").isLimit)
    #expect(!error("invalid partition specified: gpus").isPassing)
  }

  @Test func aSearchThatIsAJobHandsNothingOfItOn() {
    let environment = [
      "SLURM_JOB_ID": "7", "SLURM_CONF": "/etc/s.conf", "SRUN_CPUS_PER_TASK": "4", "PATH": "/bin",
      "SBATCH_ACCOUNT": "me",
    ]
    #expect(
      Scheduler.outsideOfJobs(environment)
        == ["SLURM_CONF": "/etc/s.conf", "PATH": "/bin", "SBATCH_ACCOUNT": "me"])
    #expect(
      Scheduler.wordsOutsideOfJobs(environment)
        == ["env", "-u", "SLURM_JOB_ID", "-u", "SRUN_CPUS_PER_TASK"])
    #expect(Scheduler.wordsOutsideOfJobs(["PATH": "/bin"]).isEmpty)
  }

  @Test func aNodeIsExcludedAfterThreeTrialsInARowWhileOthersFinish() {
    var nodes = NodeRecord()
    func failed(_ node: String, _ trial: Int) -> Bool { nodes.failed(node, trial: trial) }
    for trial in 1...9 {
      #expect(!failed("n1", trial), "nobody else has finished anything")
    }
    nodes.finished("n2")
    #expect(failed("n1", 10))
    #expect(!failed("n1", 11), "it is said once")
    for trial in 12...13 { #expect(!failed("n3", trial)) }
    #expect(!failed("n3", 13), "of one trial it is not known whether it is the node")
    #expect(failed("n3", 14))
    for trial in 20...24 { #expect(!failed("n2", trial), "it has finished one") }
    nodes.finished("n2")
    #expect(nodes.excluded == ["n1", "n3"])
  }

  @Test func aLeaseIsStaleByTheWatchersOwnClock() throws {
    let cluster = try FakeCluster()
    let lease = Lease(path: "\(cluster.path)/lease", token: "0a1b")
    try lease.renew()
    var watch = Lease.Watch(lease, now: 10)
    func look(_ now: Double) -> Lease.Watch.Finding { watch.look(now: now) }
    #expect(look(10) == .held)
    #expect(look(70) == .stale(seconds: 60))
    try lease.renew()
    #expect(look(80) == .held)
    unlink(lease.path)
    #expect(look(95) == .stale(seconds: 15))
    try Lease(path: lease.path, token: "ffff").renew()
    #expect(look(96) == .ofAnother)
  }
}
