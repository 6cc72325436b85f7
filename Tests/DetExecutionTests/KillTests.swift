import DetBasics
import DetExecution
import DetSearch
import DetSpec
import Foundation
import Testing

/// A coordinator in a process of its own, ended by SIGKILL at a chosen moment.
@Suite struct KillTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  /// Carries a run out in this process, which ends itself when the moment has come for the `count`-th time.
  static func runUntilKilled(
    folder: String, plan: String, worker: String, moment: String, count: Int
  ) {
    var calls = 0
    func reach(_ here: String) {
      guard here == moment else { return }
      calls += 1
      if calls == count { kill(getpid(), SIGKILL) }
    }
    do {
      let plan = try Plan(text: plan)
      let run = try Run.begin(folder, plan: plan, versions: [:])
      // Counting a design's cost is the last thing before its worker starts: the first time after the trial was written down.
      var written = 0
      let calls = Calls {
        let count = (try? run.store.trials().count) ?? 0
        if count > written {
          written = count
          reach("written")
        }
      }
      let coordinator = try Coordinator(
        settings: .init(plan: plan, stages: plan.stages, folder: run.folder), store: run.store,
        runner: SubprocessRunner(command: ["/bin/sh", worker], plan: plan.runner),
        cost: { design, _ in
          calls.body()
          return DesignCost(design, classes: 2)
        })
      coordinator.onTrial = { _ in reach("kept") }
      coordinator.onProgress = { if $0.running > 0 { reach("running") } }
      _ = try coordinator.run()
    } catch {
      exit(3)
    }
  }

  /// Calls of one thread, in a box that a `@Sendable` closure may hold.
  private final class Calls: @unchecked Sendable {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  private func expectEqualAfterKill(moment: String, count: Int) async throws {
    let plan = try sandbox.plan()
    let text = try JSON.text(plan)
    let command = try sandbox.worker(Sandbox.obedient)
    let folder = "\(sandbox.path)/killed"
    let worker = command[1]
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [
        folder = folder as String, text = text as String, worker = worker as String,
        moment = moment as String, count = count as Int
      ] in
      KillTests.runUntilKilled(
        folder: folder, plan: text, worker: worker, moment: moment, count: count)
    }
    let kept = try RunSnapshot(folder).trials
    #expect(!kept.isEmpty && kept.count < 10)
    let whole = try sandbox.search("whole", plan, command).trials
    let resumed = try sandbox.search("killed", plan, command, resume: true).trials
    #expect(content(resumed) == content(whole))
    let front = try Files.text("\(folder)/front.json")
    #expect(try front == Files.text("\(sandbox.path)/whole/front.json"))
  }

  @Test func killedBetweenWritingATrialAndStartingItsWorker() async throws {
    try await expectEqualAfterKill(moment: "written", count: 3)
  }

  @Test func killedWhileAWorkerIsAtWork() async throws {
    try await expectEqualAfterKill(moment: "running", count: 5)
  }

  @Test func killedRightAfterAnOutcomeWasKept() async throws {
    try await expectEqualAfterKill(moment: "kept", count: 7)
  }

  @Test func noWorkerOutlivesAKilledCoordinator() async throws {
    let text = try JSON.text(try sandbox.plan())
    // The worker itself, and a child of it, note their numbers; the coordinator dies when both have.
    let command = try sandbox.worker(
      """
      trap '' TERM HUP INT
      sleep 600 & echo $! > '\(sandbox.path)/child'; echo $$ > '\(sandbox.path)/worker'
      echo '{"event":"started"}'
      while :; do sleep 600; done
      """)
    let folder = "\(sandbox.path)/killed"
    let worker = command[1]
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [folder = folder as String, text = text as String, worker = worker as String] in
      KillTests.runUntilStarted(folder: folder, plan: text, worker: worker)
    }
    for name in ["child", "worker"] {
      let pid = try Files.text("\(sandbox.path)/\(name)").filter { $0 != "\n" }
      #expect(isGone(pid), "\(name)")
    }
  }

  /// Ends this process as soon as a worker has reported something.
  static func runUntilStarted(folder: String, plan: String, worker: String) {
    do {
      let plan = try Plan(text: plan)
      let run = try Run.begin(folder, plan: plan, versions: [:])
      let coordinator = try Coordinator(
        settings: .init(plan: plan, stages: plan.stages, folder: run.folder), store: run.store,
        runner: SubprocessRunner(command: ["/bin/sh", worker], plan: plan.runner),
        cost: Sandbox.cost)
      let first = run.folder.trial(1).events
      coordinator.shouldStop = {
        if let data = try? Files.bytes(first), !data.isEmpty { kill(getpid(), SIGKILL) }
        return false
      }
      _ = try coordinator.run()
    } catch {
      exit(3)
    }
  }
}

/// Whether a process has ended; the kernel may take a moment after the signal.
func isGone(_ pid: String) -> Bool {
  for _ in 0..<500 {
    let state = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8))?
      .split(separator: ")").last?.split(separator: " ").first
    if state == nil || state == "Z" || state == "X" { return true }
    usleep(10_000)
  }
  return false
}
