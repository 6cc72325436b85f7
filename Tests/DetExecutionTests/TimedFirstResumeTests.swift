import DetBasics
import DetSearch
import DetSpec
import Foundation
import Testing

@testable import DetExecution

/// A search that times designs before it trains them, stopped at every report and taken up again.
@Suite struct TimedFirstResumeTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  /// A runner of a table that counts what it reports and what it was asked to time.
  private final class Counting: TrialRunner {
    private let table: SimulatedRunner
    private(set) var reports = 0
    private(set) var timed: [Int] = []
    private(set) var trained: [Int] = []
    /// How often nothing has happened before the first report.
    var waits = 0

    init(_ table: RecordedTable) { self.table = SimulatedRunner(table, timeoutSeconds: 1e9) }

    var now: Double { table.now }
    var canMeasure: Bool { table.canMeasure }
    func measure(_ job: TrialJob) {
      timed.append(job.id)
      table.measure(job)
    }
    func start(_ job: TrialJob, isTimed: Bool) {
      trained.append(job.id)
      table.start(job, isTimed: isTimed)
    }
    func stop(_ trial: Int) -> Double { table.stop(trial) }
    func next() -> RunnerReport? {
      if waits > 0 {
        waits -= 1
        return nil
      }
      reports += 1
      return table.next()
    }
    func stopAll() { table.stopAll() }
  }

  private func table() throws -> RecordedTable {
    let plan = try plan()
    let space = try StructuralSpace(try #require(plan.structural?.space))
    let lines = try (0..<space.size).map { index in
      let design = space.design(at: index)
      let hash = StableHash.value(of: design.text)
      let metrics = ["AP": Double(hash % 1000) / 1000, "latency": Double(hash / 1000 % 97 + 3)]
      return "{\"design\": \"\(design)\", \"metrics\": \(try JSON.text(metrics)), \"seconds\": 3}"
    }
    return try RecordedTable(
      data: Data((lines.joined(separator: "\n") + "\n").utf8), source: "t.jsonl")
  }

  private func plan() throws -> Plan {
    try sandbox.plan(
      Sandbox.sections.replacingOccurrences(
        of: "\"trials\": 10", with: "\"trials\": 12, \"searcher\": \"evolution\""))
  }

  /// One session; `stop` is told the reports so far, and asked whether to stop at once, or politely.
  private func session(
    _ name: String, _ table: RecordedTable, resume: Bool, waits: Int = 0,
    atOnce: @escaping (Counting) -> Bool = { _ in false },
    politely: @escaping (Counting) -> Bool = { _ in false }
  ) throws -> (runner: Counting, end: Coordinator.End, trials: [Trial]) {
    let path = "\(sandbox.path)/\(name)"
    let plan = try plan()
    let run =
      try resume ? Run.resume(path, plan: plan) : Run.begin(path, plan: plan, versions: [:])
    let runner = Counting(table)
    runner.waits = waits
    let coordinator = try Coordinator(
      settings: .init(plan: plan, stages: plan.stages, folder: run.folder), store: run.store,
      runner: runner, cost: Sandbox.cost)
    coordinator.shouldStopNow = { atOnce(runner) }
    coordinator.shouldStop = { politely(runner) }
    let end = try coordinator.run()
    return (runner, end, try run.store.trials())
  }

  @Test func killedAtEveryEventItIsTheSearchThatWasLeftAlone() throws {
    let table = try table()
    let whole = try session("whole", table, resume: false)
    #expect(whole.end == .complete)
    #expect(whole.trials.contains { $0.outcome?.kind == .pruned })
    let expected = content(whole.trials)
    for cut in 0...whole.runner.reports {
      let name = "cut\(cut)"
      let first = try session(name, table, resume: false, atOnce: { $0.reports >= cut })
      let forgets = try forgetDecision(name, first.trials)
      let second = try session(name, table, resume: true)
      #expect(content(second.trials) == expected, "after \(cut) reports, forgotten: \(forgets)")
      let run = try RunSnapshot("\(sandbox.path)/\(name)")
      for trial in second.trials {
        let events = try run.events(ofTrial: trial.id)
        #expect(events.count == 1, "trial \(trial.id) is timed once, whenever that is kept")
      }
    }
  }

  /// Takes the outcome of a last trial back that was pruned, as if the search had been killed before it was decided.
  private func forgetDecision(_ name: String, _ trials: [Trial]) throws -> Bool {
    guard let last = trials.last, last.outcome?.kind == .pruned else { return false }
    let database = try Database("\(sandbox.path)/\(name)/study.sqlite", creates: false)
    for table in ["proofs", "outcomes"] {
      try database.query("DELETE FROM \(table) WHERE trial = ?", [SQLValue(last.id)])
    }
    return true
  }

  /// Ctrl-C while a design is timed: no training begins, and what was measured counts later.
  @Test func aSearchThatStopsTrainsNothingMoreAndForgetsNoTime() throws {
    let table = try table()
    let whole = try session("whole", table, resume: false)
    let first = try session(
      "run", table, resume: false, waits: 2, politely: { !$0.timed.isEmpty })
    #expect(first.end == .interrupted)
    #expect(first.runner.timed == [1] && first.runner.trained.isEmpty)
    #expect(first.trials.map { $0.outcome == nil } == [true])
    let second = try session("run", table, resume: true)
    #expect(!second.runner.timed.contains(1) && second.runner.trained.first == 1)
    #expect(content(second.trials) == content(whole.trials))
  }
}
