import DetBasics
import DetSearch
import DetSpec
import Foundation
import Testing

@testable import DetExecution

@Suite struct CoordinatorTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  @Test func aRunKeepsTrialsEventsJobsLogsAndTheFront() throws {
    let plan = try sandbox.plan()
    let (end, trials) = try sandbox.search("run", plan, sandbox.worker(Sandbox.obedient))
    #expect(end == .complete)
    #expect(trials.count == 10)
    #expect(trials.allSatisfy { $0.outcome != nil })
    let snapshot = try RunSnapshot("\(sandbox.path)/run")
    #expect(snapshot.trials == trials)
    #expect(!snapshot.isActive)
    let first = snapshot.folder.trial(1)
    #expect(first.path.hasSuffix("run/trials/000001"))
    #expect(try Files.text(first.log).hasPrefix("training "))
    let job = try JSON.decode(TrialJob.self, file: first.job)
    #expect(job.design == trials[0].design)
    #expect(job.measurementLock == snapshot.folder.measurementLock)
    let lines = JSONLinesContent(try Files.bytes(first.events)).lines.map(\.text)
    let events = try lines.map { try JSON.decode(TrialEvent.self, from: $0, source: "events") }
    #expect(try snapshot.events(ofTrial: 1) == events)
    let fronts = try JSON.decode(StageFronts.self, file: snapshot.folder.front)
    #expect(fronts == snapshot.fronts(of: .structural))
    #expect(!fronts.members.isEmpty)
    #expect(fronts.members.allSatisfy { $0.name == nil })
  }

  @Test func aSearchStoppedAndResumedEqualsOneLeftAlone() throws {
    let command = try sandbox.worker(Sandbox.obedient)
    let plan = try sandbox.plan()
    let whole = try sandbox.search("whole", plan, command).trials
    for limit in [1, 5, 9] {
      let first = try sandbox.search("cut\(limit)", plan, command, maxTrials: limit)
      #expect(first.end == .limit)
      #expect(first.trials.count == limit)
      let second = try sandbox.search("cut\(limit)", plan, command, resume: true)
      #expect(second.end == .complete)
      #expect(content(second.trials) == content(whole))
    }
  }

  @Test func anInterruptedTrialIsDoneAgainWithItsDesignAndSeed() throws {
    let command = try sandbox.worker(
      "if [ ! -e '\(sandbox.path)/go' ]; then exec sleep 600; fi; \(Sandbox.obedient)")
    let plan = try sandbox.plan()
    var asked = 0
    let first = try sandbox.search("run", plan, command) { coordinator in
      coordinator.shouldStopNow = {
        asked += 1
        return asked > 4
      }
    }
    #expect(first.end == .interrupted)
    #expect(first.trials.count == 1)
    #expect(first.trials[0].outcome == nil)
    try AtomicFile.write("", to: "\(sandbox.path)/go")
    let whole = try sandbox.search("whole", plan, command).trials
    let second = try sandbox.search("run", plan, command, resume: true).trials
    #expect(content(second) == content(whole))
    let job = try JSON.decode(TrialJob.self, file: "\(sandbox.path)/run/trials/000001/job.json")
    #expect(job.resume)
  }

  @Test func severalWorkersDecideByTheOrderThatTheStoreHolds() throws {
    let plan = try sandbox.plan(runner: "{ \"workers\": 3 }")
    let trials = try sandbox.search("run", plan, sandbox.worker(Sandbox.obedient)).trials
    #expect(trials.count == 10)
    #expect(Set(trials.map(\.design)).count == 10)
    var study = try Study(plan: plan, cost: Sandbox.cost)
    var told = 0
    let outcomes = trials.sorted { ($0.result?.sequence ?? 0) < ($1.result?.sequence ?? 0) }
    for trial in trials {
      for earlier in outcomes[told..<trial.known] {
        study.observe(earlier, try #require(earlier.outcome))
      }
      told = max(told, trial.known)
      #expect(study.suggest() == trial.suggestion)
      study.register(trial.suggestion)
    }
  }

  @Test func bothStagesRunAndPrunedDesignsAreKept() throws {
    let modular = """
      , "modular": { "picks": 2, "trials": 6, "initial": 2, "pruningMargin": 0,
        "space": { "base": [16, 24], "blocks": [4, 7], "fpnChannels": [32, 64] } }
      """
    let plan = try sandbox.plan(Sandbox.sections + modular)
    let (end, trials) = try sandbox.search("run", plan, sandbox.worker(Sandbox.obedient))
    #expect(end == .complete)
    let two = trials.filter { $0.stage == .modular }
    #expect(two.count { $0.outcome?.wasEvaluated == true } == 12)
    let fronts = try JSON.decode(StageFronts.self, file: "\(sandbox.path)/run/front.json")
    #expect(fronts.stage == .modular)
    let snapshot = try RunSnapshot("\(sandbox.path)/run")
    #expect(fronts == snapshot.fronts(of: .modular))
    #expect(fronts.fronts.map(\.pick?.name) == ["C0", "C1"])
    let picked = try #require(snapshot.fronts(of: .structural))
    #expect(
      fronts.fronts.map(\.pick?.trial)
        == picked.members.filter { $0.name != nil }.sorted { $0.label < $1.label }.map(\.trial))
    for (number, front) in fronts.fronts.enumerated() {
      let around = two.filter { $0.suggestion.pick == number }
      #expect(front.baseline?.design == front.pick?.design)
      #expect(front.baseline?.trial == around.first?.id)
      #expect(Set(front.members.map(\.trial)).isSubset(of: around.map(\.id)))
      #expect(!front.members.isEmpty)
    }
  }

  @Test func progressCountsTrialsAndForecastsTheRest() throws {
    var seen: [SearchProgress] = []
    let plan = try sandbox.plan()
    try sandbox.search("run", plan, sandbox.worker(Sandbox.obedient)) { coordinator in
      coordinator.onProgress = { seen.append($0) }
    }
    #expect(seen.first?.done == 0)
    #expect(seen.first?.secondsLeft == nil)
    let last = try #require(seen.last)
    #expect(last.done == 10)
    #expect(last.running == 0)
    #expect(last.remaining == 0)
    #expect(last.secondsLeft == 0)
    #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.done <= $1.done })
    #expect(seen.allSatisfy { $0.done + $0.running + $0.remaining == 10 })
  }

  @Test func aFullDiskEndsTheSearchAndLosesNothing() throws {
    // Each trial reports so much that the store must soon take another page.
    let command = try sandbox.worker(
      """
      long=$(head -c 9000 /dev/zero | tr '\\0' x)
      echo "{\\"event\\":\\"epoch\\",\\"epoch\\":1,\\"metrics\\":{\\"$long\\":1}}"
      """ + "\n" + Sandbox.obedient)
    let plan = try sandbox.plan()
    let path = "\(sandbox.path)/run"
    do {
      let run = try Run.begin(path, plan: plan, versions: [:])
      let settings = Coordinator.Settings(plan: plan, stages: plan.stages, folder: run.folder)
      let coordinator = try Coordinator(
        settings: settings, store: run.store,
        runner: SubprocessRunner(command: command, plan: plan.runner), cost: Sandbox.cost)
      coordinator.onTrial = { trial in
        // From the fourth trial on the store's file must not grow.
        if trial.id == 4 { try? run.store.database.execute("PRAGMA max_page_count = 1") }
      }
      guard case .paused(let pause) = try coordinator.run() else {
        Issue.record("it did not pause")
        return
      }
      #expect(pause.cause == .fault(.diskFull))
      #expect(pause.reason.contains("free some space"))
    }
    #expect(try RunSnapshot(path).trials.count { $0.outcome != nil } >= 4)
    let whole = try sandbox.search("whole", plan, command).trials
    let resumed = try sandbox.search("run", plan, command, resume: true).trials
    #expect(content(resumed) == content(whole))
  }
}
