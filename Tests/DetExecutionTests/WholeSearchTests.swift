import DetBasics
import DetExecution
import DetSearch
import DetSpec
import Foundation
import TestSupport
import Testing

/// A search through all its stages: two picks of stage one, a front around each, two finals.
@Suite struct WholeSearchTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  static let stages = """
    "structural": { "trials": 6, "initial": 3, "recipe": "small", "searcher": "evolution",
      "space": { "inputs": ["256x256", "128x128"], "backbones": ["resnet18 16", "resnet34 16"],
                 "necks": ["fpn P1-P4 32"], "proposals": ["none", "rpn"],
                 "heads": ["rcnn", "retinanet", "cascade 2"] } },
    "modular": { "picks": 2, "trials": 4, "initial": 2, "searcher": "evolution", "recipe": "small",
      "space": { "base": [16, 24], "blocks": [4, 7], "fpnChannels": [32, 64] } },
    "final": { "count": 2, "recipe": "small" }
    """

  /// Reports results that follow from the design; nothing fails, so that every front has members.
  static let worker = Sandbox.obedient.replacing(
    "if [ $((h % 7)) = 0 ]", with: "if [ $((h % 7)) = 9 ]")

  private func whole(_ folder: String = "whole") throws -> RunSnapshot {
    let plan = try sandbox.plan(Self.stages)
    let end = try sandbox.search(folder, plan, sandbox.worker(Self.worker)).end
    #expect(end == .complete)
    return try RunSnapshot("\(sandbox.path)/\(folder)")
  }

  @Test func finalsComeFromTheFrontsAndKeepTheirLineage() throws {
    let run = try whole()
    #expect(run.latestStage == .final)
    let rows = try run.finals()
    #expect(rows.map(\.name) == ["E0", "E1"])
    let fronts = try #require(run.fronts(of: .modular))
    for row in rows {
      let found = try #require(row.found)
      #expect(fronts.members.contains { $0.trial == found.trial && $0.design == row.design })
      let trial = try #require(run.trials.first { $0.id == row.trial })
      #expect(trial.stage == .final && trial.design == row.design)
      #expect(trial.suggestion.origin == .chosen(parent: found.trial))
      #expect(row.metrics == trial.metrics && row.outcome == "finished")
      let pick = try #require(run.choices.picks?.first { $0.name == row.pick })
      #expect(row.picked?.trial == pick.trial && row.picked?.design == pick.design)
      #expect(row.baseline?.design == pick.design)
    }
    // Cheapest first: by the time that they take, because they may be of different picks.
    let times = rows.compactMap { $0.found?.metrics["latency"] }
    #expect(times == times.sorted())
    let own = try #require(run.fronts(of: .final)?.fronts.first)
    #expect(own.members.allSatisfy { ["E0", "E1"].contains($0.name) })
  }

  /// What a killed coordinator leaves behind is a copy of its files at that moment: nothing but what it wrote outlives it.
  @Test func leftAtAnyMomentItGoesOnToTheSameEnd() throws {
    let plan = try sandbox.plan(Self.stages)
    let command = try sandbox.worker(Self.worker)
    let files = FileManager.default
    var copies: [String] = []
    func leave(_ moment: String) {
      let copy = "left\(copies.count)"
      // Workers may be writing to their own files; the store is what counts.
      try? files.createDirectory(
        atPath: "\(sandbox.path)/\(copy)/trials", withIntermediateDirectories: true)
      for name in ["plan.json", "versions.json", "study.sqlite", "study.sqlite-wal"] {
        try? files.copyItem(
          atPath: "\(sandbox.path)/whole/\(name)", toPath: "\(sandbox.path)/\(copy)/\(name)")
      }
      copies.append(copy)
    }
    let trials = try sandbox.search("whole", plan, command) { coordinator in
      coordinator.onTrial = { _ in leave("kept") }
      coordinator.onProgress = { if $0.running > 0 { leave("running") } }
    }.trials
    #expect(Set(trials.map(\.stage)) == Set(SearchStage.allCases))
    #expect(copies.count >= 2 * trials.count)
    let choices = try RunSnapshot("\(sandbox.path)/whole").choices
    // Both kinds of moments, and every stage.
    for copy in stride(from: 0, to: copies.count, by: 3).map({ copies[$0] }) {
      let resumed = try sandbox.search(copy, plan, command, resume: true)
      #expect(resumed.end == .complete)
      #expect(content(resumed.trials) == content(trials), "\(copy)")
      #expect(try RunSnapshot("\(sandbox.path)/\(copy)").choices == choices, "\(copy)")
    }
  }

  @Test func aStageIsAddedToARunThatIsOver() throws {
    let command = try sandbox.worker(Self.worker)
    let first = try sandbox.plan(
      String(try #require(Self.stages.split(separator: "\"modular\"").first)).trimmingCharacters(
        in: .whitespacesAndNewlines.union([","])))
    #expect(first.stages == [.structural])
    let one = try sandbox.search("grown", first, command).trials
    let all = try sandbox.search("grown", sandbox.plan(Self.stages), command, resume: true).trials
    #expect(content(Array(all.prefix(one.count))) == content(one))
    #expect(try content(all) == content(whole().trials))
  }

  @Test(arguments: [
    ("\"latencies\": [0.01]", "asks for 0.01 ms, and the fastest on a front takes"),
    ("\"trials\": [7, 999]", "names 999, and no finished trial has that number"),
  ])
  func whatCannotBeChosenIsSaid(_ choice: String, _ words: String) throws {
    let sections = Self.stages.replacing("\"count\": 2", with: choice)
    let command = try sandbox.worker(Self.worker)
    _ = try whole("run")
    let error = #expect(throws: ExecutionError.self) {
      let path = "\(sandbox.path)/run"
      // The finals of the run are those of its own plan: another one's begin anew.
      let run = try Run.resume(path, plan: sandbox.plan(Self.stages))
      var settings = Coordinator.Settings(
        plan: try sandbox.plan(sections), stages: [.final], folder: nil)
      settings.pausesAtEqualFailures = false
      let store = try Store(path: ":memory:")
      for trial in try run.store.trials() where trial.stage != .final { try store.begin(trial) }
      let earlier = try run.store.trials().filter { $0.stage != .final }
      for trial in earlier { if let result = trial.result { try? store.end(trial.id, result) } }
      var choices = try #require(try run.store.choices())
      choices.finals = nil
      try store.keep(choices)
      _ = try Coordinator(
        settings: settings, store: store,
        runner: settings.plan.runner.makeRunner(worker: command, stopwatch: nil),
        cost: Sandbox.cost)
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains(words))
  }

  @Test func aStageAloneWaitsForThoseBeforeIt() throws {
    let plan = try sandbox.plan(Self.stages)
    let command = try sandbox.worker(Self.worker)
    _ = try sandbox.search("run", plan, command, maxTrials: 8)
    let run = try Run.resume("\(sandbox.path)/run", plan: plan)
    let error = #expect(throws: ExecutionError.self) {
      _ = try Coordinator(
        settings: .init(plan: plan, stages: [.final], folder: run.folder), store: run.store,
        runner: plan.runner.makeRunner(worker: command, stopwatch: nil), cost: Sandbox.cost)
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("has 8 of 14 trials of what comes before"))
  }
}
