import DetBasics
import DetExecution
import DetSearch
import DetSpec
import Foundation
import Testing

@testable import DetSlurm

/// Whole searches whose trials are jobs.
@Suite struct SlurmSearchTests {
  let cluster: FakeCluster
  init() throws { cluster = try FakeCluster() }

  @Test func trialsAndFrontAreThoseOfOneMachine() throws {
    let command = try cluster.worker(FakeCluster.obedient)
    let here = try cluster.search("here", cluster.plan(command, trials: 5, slurm: nil))
    let there = try cluster.search("there", cluster.plan(command, trials: 5))
    #expect(there.end == .complete)
    #expect(content(there.trials) == content(here.trials))
    let fronts = try ["here", "there"].map { try Files.text("\(cluster.path)/\($0)/front.json") }
    #expect(fronts[0] == fronts[1])
    for trial in there.trials {
      let folder = RunFolder("\(cluster.path)/there").trial(trial.id)
      #expect(!FileManager.default.fileExists(atPath: folder.attempts))
      #expect(try JSON.decode(TrialJob.self, file: folder.job).folder == folder)
      guard trial.isFinished else { continue }
      #expect(try Files.text(folder.weights) == "weights of \(trial.design)\n")
    }
    let events = try RunSnapshot("\(cluster.path)/there").events(ofTrial: 1)
    #expect(events.contains { if case .started = $0 { true } else { false } })
  }

  @Test func freeSlotsAreSubmittedTogetherAndArraysKeepTheSitesLimit() throws {
    try cluster.order("arrays", "3")
    try cluster.order("hold")
    let command = try cluster.worker(FakeCluster.finishing)
    let plan = try cluster.plan(command, trials: 8, slurm: "\"tasks\": 8")
    let (end, trials, _) = try cluster.search("run", plan) { [cluster] in
      if cluster.tasks.count == 8 { cluster.lift("hold") }
    }
    #expect(end == .complete && trials.count == 8)
    let arrays = cluster.lines("slurm/submitted").compactMap { line in
      line.split(separator: " ").first { $0.hasPrefix("--array=") }
    }
    #expect(arrays == ["--array=0-2", "--array=0-2", "--array=0-1"])
    #expect(Set(cluster.lines("trainings")).count == 8 && cluster.lines("trainings").count == 8)
  }

  @Test func jobsAreToldThePlansOptionsAndWhatTheSearchNeeds() throws {
    let command = try cluster.worker(FakeCluster.finishing)
    let plan = try cluster.plan(
      command, trials: 1,
      slurm: """
        "options": ["--partition=gpu"], "exclude": ["n4"], "warningSeconds": 30,
        "setup": ["export GREETING='it'\\\\''s set up'", "echo \\"$GREETING\\" >> '\(cluster.path)/greeting'"]
        """, runner: "\"threads\": 3,")
    try cluster.search("run", plan)
    let line = try #require(cluster.lines("slurm/submitted").first)
    for word in [
      "--partition=gpu", "--exclude=n4", "--signal=B:USR2@30", "--requeue=", "--cpus-per-task=3",
      "--open-mode=append", "--comment=smnas ",
    ] {
      #expect(line.contains(word), "\(word)")
    }
    #expect(cluster.lines("greeting") == ["it's set up"])
  }

  @Test func aSilentSchedulerSaysNothingOfAnyJob() throws {
    let command = try cluster.worker(
      "while [ -e '\(cluster.path)/slurm/control/silent' ]; do sleep 0.05; done\n"
        + FakeCluster.finishing)
    var looks = 0
    let (end, trials, notices) = try cluster.search("run", cluster.plan(command, trials: 2)) {
      [cluster] in
      if cluster.lines("trainings").count == 1 {
        looks += 1
        if looks == 1 { try? cluster.order("silent") }
        if looks == 20 { cluster.lift("silent") }
      }
    }
    #expect(end == .complete && trials.allSatisfy(\.isFinished))
    #expect(cluster.lines("trainings").count == 2)
    #expect(notices.contains("Unable to contact slurm controller"))
    #expect(notices.contains("the scheduler answers again"))
  }

  @Test func stoppingAtOnceEndsTheJobsAndKeepsTheirCheckpoints() throws {
    let command = try cluster.worker(FakeCluster.waiting)
    let plan = try cluster.plan(command, trials: 1)
    let session = try cluster.session("run", plan)
    session.coordinator.shouldStopNow = { [cluster] in !cluster.lines("waiting").isEmpty }
    #expect(try session.coordinator.run() == .interrupted)
    let pid = try #require(cluster.pid(cluster.tasks[0]))
    #expect(isGone(pid), "a job that was cancelled ends")
    #expect(cluster.lines("slurm/requeued").isEmpty, "and does not come back")
  }

  @Test func aSearchThatGoesOnBeginsFromTheCheckpointOfACancelledJob() throws {
    let command = try cluster.worker(FakeCluster.waiting)
    let plan = try cluster.plan(command, trials: 1)
    var session: FakeCluster.Session? = try cluster.session("run", plan)
    session?.coordinator.shouldStopNow = { [cluster] in !cluster.lines("waiting").isEmpty }
    _ = try session?.coordinator.run()
    session = nil
    _ = isGone(try #require(cluster.pid(cluster.tasks[0])))
    let (end, trials, _) = try cluster.search("run", plan, resume: true)
    #expect(end == .complete && trials.map(\.isFinished) == [true])
    #expect(cluster.lines("resumed") == ["step 7"])
  }
}

/// Whether a process has ended; it may take a moment.
func isGone(_ pid: pid_t) -> Bool {
  for _ in 0..<1000 {
    let state = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8))?
      .split(separator: ")").last?.split(separator: " ").first
    if state == nil || state == "Z" || state == "X" { return true }
    usleep(10_000)
  }
  return false
}
