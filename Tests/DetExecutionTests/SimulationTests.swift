import DetBasics
import DetSearch
import DetSpec
import Foundation
import Testing

@testable import DetExecution

@Suite struct SimulationTests {
  static let plan = """
    { "data": { "train": {}, "validation": {} }, "seed": 5, "structural": { "trials": 2000, "searcher": "evolution", "pruning": false, "reseedShare": 0 },
      "runner": { "workers": 4, "timeoutSeconds": 500 } }
    """

  /// Every design of the paper's space with made-up results.
  private func table(_ leaveOut: Int = 0) throws -> RecordedTable {
    let space = try StructuralSpace(StructuralParts())
    let lines = try (leaveOut..<space.size).map { index in
      let design = space.design(at: index)
      let hash = StableHash.value(of: design.text)
      let metrics = ["AP": Double(hash % 1000) / 1000, "latency": Double(hash / 1000 % 97 + 3)]
      return
        "{\"design\": \"\(design)\", \"metrics\": \(try JSON.text(metrics)), \"seconds\": \(hash % 400)}"
    }
    return try RecordedTable(
      data: Data((lines.joined(separator: "\n") + "\n").utf8), source: "t.jsonl")
  }

  private func simulate(
    _ table: RecordedTable, plan text: String = Self.plan
  ) throws -> (SimulatedRunner, [Trial]) {
    let plan = try Plan(text: text)
    let store = try Store(path: ":memory:")
    let runner = SimulatedRunner(table, timeoutSeconds: plan.runner.timeoutSeconds)
    let coordinator = try Coordinator(
      settings: .init(plan: plan, stages: plan.stages, folder: nil), store: store, runner: runner,
      cost: Sandbox.cost)
    #expect(try coordinator.run() == .complete)
    return (runner, try store.trials())
  }

  @Test func theWholeSpaceIsSimulatedOnFourWorkers() throws {
    let (runner, trials) = try simulate(table())
    #expect(trials.count == 1064)
    #expect(trials.allSatisfy { $0.isFinished })
    let sum = trials.reduce(0) { $0 + ($1.result?.seconds ?? 0) }
    #expect(runner.now >= sum / 4)
    #expect(runner.now < sum / 4 + 400)
    #expect(!trials.contains { $0.outcome == SimulatedRunner.missing })
  }

  /// Latencies are known from the table before a training, so that no time is spent on what cannot improve the front.
  @Test func whatATableShowsToBeDominatedIsNotTrained() throws {
    let text = Self.plan.replacingOccurrences(of: "\"pruning\": false", with: "\"pruning\": true")
    let (runner, trials) = try simulate(table(), plan: text)
    let pruned = trials.filter { $0.outcome?.kind == .pruned }
    #expect(trials.count == 1064 && pruned.count > 100)
    #expect(pruned.allSatisfy { $0.result?.seconds == 0 && $0.outcome?.proof != nil })
    let spent = trials.reduce(0) { $0 + ($1.result?.seconds ?? 0) }
    #expect(runner.now < spent / 4 + 400)
    let few = text.replacingOccurrences(of: "\"trials\": 2000", with: "\"trials\": 200")
    #expect(try simulate(table(), plan: few).1.count { $0.outcome?.wasEvaluated == true } == 200)
  }

  @Test func aSimulationIsRepeatable() throws {
    let table = try table()
    #expect(try simulate(table).1 == simulate(table).1)
  }

  @Test func recordsAndWhatTrialsPrintsAreTables() throws {
    let design = try DetectorDesign(text: "128x128 | resnet18 16 | none | rpn | rcnn")
    func trial(_ outcome: Outcome?) -> Trial {
      Trial(
        suggestion: .init(
          id: 4, stage: .modular, pick: 1, step: 2, design: design, origin: .mutation(parent: 3)),
        seed: 5, known: 3, result: outcome.map { .init(outcome: $0, sequence: 4, seconds: 80) })
    }
    func row(_ line: some Encodable) throws -> RecordedTable.Row? {
      // A table must have a row; this one is of another design.
      let other = "{\"design\": \"128x128 | resnet34 16 | none | rpn | rcnn\"}\n"
      let text = try other + JSON.text(line) + "\n"
      let table = try RecordedTable(data: Data(text.utf8), source: "t.jsonl")
      #expect(table.row(for: design, stage: .structural) == nil)
      return table.row(for: design, stage: .modular)
    }
    for outcome in [Outcome.finished(metrics: ["AP": 0.5]), .crashed(signal: 9), .timedOut] {
      let expected = RecordedTable.Row(outcome: outcome, seconds: 80)
      #expect(try row(trial(outcome)) == expected)
      #expect(try row(Trial.Line(trial(outcome), whileSearching: false)) == expected)
    }
    #expect(try row(Trial.Line(trial(nil), whileSearching: true)) == nil)
    #expect(try row(Trial.Line(trial(nil), whileSearching: false)) == nil)
    #expect(try row(trial(.pruned(reason: "by rule"))) == nil)
  }

  /// Rows by other seeds are told when a search trains a design again; so few are all at the end, where they lead to no other designs.
  @Test func aRunWithRepetitionsIsATable() throws {
    let text = Self.plan.replacingOccurrences(
      of: "\"reseedShare\": 0", with: "\"reseedShare\": 0.04"
    )
    .replacingOccurrences(of: "\"trials\": 2000", with: "\"trials\": 60")
    let (_, trials) = try simulate(table(), plan: text)
    let repeated = trials.filter { $0.repeats != nil }
    #expect(trials.count == 60 && repeated.count == 2)
    let lines = try trials.map { trial in
      var line = trial
      guard trial.repeats != nil, var metrics = Optional(trial.metrics) else {
        return try JSON.text(line)
      }
      metrics["AP"] = 0.001
      line.result = .init(
        outcome: .finished(metrics: metrics), sequence: trial.result?.sequence ?? 0, seconds: 7)
      return try JSON.text(line)
    }
    let recorded = try RecordedTable(
      data: Data((lines.joined(separator: "\n") + "\n").utf8), source: "t.jsonl")
    #expect(recorded.count == 60 - 2)
    let first = try #require(repeated.first)
    #expect(recorded.row(for: first.design, stage: .structural)?.seconds != 7)
    #expect(
      recorded.row(for: first.design, stage: .structural, again: 1)?.outcome.metrics["AP"] == 0.001)
    let again = try simulate(recorded, plan: text).1
    #expect(again.filter { $0.repeats != nil }.first?.metrics["AP"] == 0.001)
  }

  /// Without a table results are made up from costs: with pruning, early stopping and repetitions, the same each time.
  @Test func madeUpResultsAreSearchedLikeRealOnes() throws {
    let plan = try Plan(
      text: """
        { "data": { "train": {}, "validation": {} }, "seed": 5,
          "structural": { "trials": 120, "searcher": "evolution" },
          "modular": { "trials": 20, "picks": 2, "searcher": "evolution" }, "final": { "count": 2 },
          "runner": { "workers": 4, "timeoutSeconds": 1e8 } }
        """)
    func search(_ faults: Double?) throws -> (seconds: Double, trials: [Trial]) {
      let store = try Store(path: ":memory:")
      let runner = SimulatedRunner(
        CostFormula(plan, cost: Sandbox.cost, images: 1000), timeoutSeconds: 1e8,
        faults: faults.map { SimulatedFaults(share: $0, seed: plan.seed) })
      var settings = Coordinator.Settings(plan: plan, stages: plan.stages, folder: nil)
      settings.pausesAtEqualFailures = false
      let coordinator = try Coordinator(
        settings: settings, store: store, runner: runner, cost: Sandbox.cost)
      #expect(try coordinator.run() == .complete)
      return (runner.now, try store.trials())
    }
    let whole = try search(nil)
    #expect(try search(nil).trials == whole.trials)
    let kinds = Dictionary(grouping: whole.trials) { $0.outcome?.kind }.mapValues(\.count)
    #expect(kinds[.pruned] ?? 0 > 0 && kinds[.stopped] ?? 0 > 0 && kinds[.crashed] == nil)
    #expect(whole.trials.count { $0.repeats != nil } == 12 + 2 * 2)
    #expect(whole.trials.count { $0.stage == .final && $0.isFinished } == 2)
    // Four workers are busy but for the ends of the stages.
    let spent = whole.trials.reduce(0) { $0 + ($1.result?.seconds ?? 0) }
    #expect(whole.seconds >= spent / 4)
    let faulty = try search(0.2)
    let crashed = faulty.trials.filter { $0.outcome?.kind == .crashed }
    let evaluated = faulty.trials.count { $0.outcome?.wasEvaluated == true }
    #expect((0.1...0.3).contains(Double(crashed.count) / Double(evaluated)))
    #expect(try search(0.2).trials == faulty.trials)
  }

  /// Sixteen workers wait for nobody.
  @Test func workersAreBusy() throws {
    let text = Self.plan.replacingOccurrences(of: "\"workers\": 4", with: "\"workers\": 16")
      .replacingOccurrences(of: "evolution", with: "random")
    let space = try StructuralSpace(StructuralParts())
    let lines = (0..<space.size).map {
      "{\"design\": \"\(space.design(at: $0))\", \"metrics\": {\"AP\": 0.5, \"latency\": 1}}"
    }
    let table = try RecordedTable(
      data: Data((lines.joined(separator: "\n") + "\n").utf8), source: "t.jsonl")
    let (runner, trials) = try simulate(table, plan: text)
    #expect(runner.now == (Double(trials.count) / 16).rounded(.up))
  }

  @Test func aDesignThatTheTableDoesNotHaveFails() throws {
    let trials = try simulate(table(64)).1
    #expect(trials.count { $0.outcome == .failed(reason: "the table has no such design") } == 64)
  }

  @Test(arguments: [
    (
      "{\"design\": \"128x128\"}\n", "t.jsonl:1: design: design is \"128x128\"; expected five parts"
    ),
    ("{\"desing\": \"x\"}\n", "did you mean \"design\"?"),
    ("", "the table has no rows"),
    ("{\"design\": \"128x", "the file was cut off"),
    (
      "{\"design\": \"128x128 | resnet18 | none | rpn | rcnn\", \"outcome\": \"fineshed\"}\n",
      "did you mean \"finished\"?"
    ),
  ])
  func aTableThatCannotBeUsedSaysWhere(_ text: String, _ message: String) {
    let error = #expect(throws: ExecutionError.self) {
      try RecordedTable(data: Data(text.utf8), source: "t.jsonl")
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains(message), "\(error.map { "\($0)" } ?? "")")
  }
}
