import CommandTestSupport
import DetBasics
import DetExecution
import DetSearch
import Foundation
import Testing

@testable import DetSlurm

/// Searches that are killed between any two of their steps, and go on.
@Suite struct KilledSearchTests {
  let cluster: FakeCluster
  init() throws { cluster = try FakeCluster() }

  /// Carries a run out in this process, which ends itself when a moment has come for the second time.
  static func runUntilKilled(folder: String, plan: String, commands: String, moment: String) {
    do {
      let calls = Calls()
      let session = try FakeCluster.session(
        folder, Plan(text: plan),
        scheduler: Scheduler(folder: commands, environment: ProcessInfo.processInfo.environment),
        resume: false,
        onMoment: { here in
          guard here.rawValue == moment else { return }
          calls.count += 1
          if calls.count == 2 { kill(getpid(), SIGKILL) }
        })
      _ = try session.coordinator.run()
    } catch {
      exit(3)
    }
  }

  private final class Calls { var count = 0 }

  @Test(arguments: SlurmRunner.Moment.allCases)
  func noJobIsLostOrDoneTwiceWhereverTheSearchIsKilled(_ moment: SlurmRunner.Moment) async throws {
    let command = try cluster.worker(FakeCluster.finishing)
    let plan = try cluster.plan(command, trials: 3)
    let (folder, commands) = ("\(cluster.path)/killed", cluster.commands)
    let (text, word) = (try JSON.text(plan), moment.rawValue)
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [
        folder = folder as String, text = text as String, commands = commands as String,
        word = word as String
      ] in
      KilledSearchTests.runUntilKilled(folder: folder, plan: text, commands: commands, moment: word)
    }
    let resumed = try cluster.search("killed", plan, resume: true)
    #expect(resumed.end == .complete)
    let trainings = cluster.lines("trainings")
    #expect(trainings.count == 3, "\(moment)")
    #expect(Set(trainings).count == 3, "\(moment)")
    let whole = try cluster.search("whole", cluster.plan(command, trials: 3, slurm: nil))
    #expect(content(resumed.trials) == content(whole.trials))
    #expect(
      try Files.text("\(folder)/front.json") == Files.text("\(cluster.path)/whole/front.json"))
  }

  @Test func aJobThatIsStillAtWorkIsAdopted() async throws {
    let command = try cluster.worker(
      """
      echo waits >> '\(cluster.path)/waiting'
      while [ ! -e '\(cluster.path)/go' ]; do sleep 0.05; done
      \(FakeCluster.finishing)
      """)
    let plan = try cluster.plan(command, trials: 1)
    try await killWhileWaiting(plan)
    var looks = 0
    let (end, trials, _) = try cluster.search("run", plan, resume: true) { [cluster] in
      looks += 1
      if looks == 3 {
        _ = FileManager.default.createFile(atPath: "\(cluster.path)/go", contents: nil)
      }
    }
    #expect(end == .complete && trials.map(\.isFinished) == [true])
    #expect(cluster.tasks.count == 1 && cluster.lines("trainings").count == 1)
  }

  @Test func jobsOfADeadSearchEndByThemselvesWithACheckpoint() async throws {
    let command = try cluster.worker(FakeCluster.waiting)
    let plan = try cluster.plan(command, trials: 1, slurm: "\"orphanMinutes\": 0.02")
    try await killWhileWaiting(plan)
    #expect(isGone(try #require(cluster.pid(cluster.tasks[0]))))
    let attempt = try #require(Attempt.all(at: RunFolder("\(cluster.path)/run").trial(1)).last)
    #expect(attempt.keptEnd()?.kind == .orphaned)
    let (end, trials, _) = try cluster.search("run", plan, resume: true)
    #expect(end == .complete && trials.map(\.isFinished) == [true])
    #expect(cluster.lines("resumed") == ["step 7"])
  }

  /// Begins a run in a process of its own, which is killed as soon as a worker waits.
  private func killWhileWaiting(_ plan: Plan) async throws {
    let (folder, commands) = ("\(cluster.path)/run", cluster.commands)
    let (text, sign) = (try JSON.text(plan), "\(cluster.path)/waiting")
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [
        folder = folder as String, text = text as String, commands = commands as String,
        sign = sign as String
      ] in
      KilledSearchTests.runUntil(sign, folder: folder, plan: text, commands: commands)
    }
  }

  static func runUntil(_ sign: String, folder: String, plan: String, commands: String) {
    do {
      let session = try FakeCluster.session(
        folder, Plan(text: plan),
        scheduler: Scheduler(folder: commands, environment: ProcessInfo.processInfo.environment),
        resume: false, onMoment: { _ in })
      session.coordinator.shouldStop = {
        if FileManager.default.fileExists(atPath: sign) { kill(getpid(), SIGKILL) }
        return false
      }
      _ = try session.coordinator.run()
    } catch {
      exit(3)
    }
  }
}
