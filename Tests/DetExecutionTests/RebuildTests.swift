import DetBasics
import DetSearch
import DetSpec
import Foundation
import TestSupport
import Testing

@testable import DetExecution

/// A store that is lost is made anew from the trials' own files, and the run ends as if nothing had happened.
@Suite struct RebuildTests {
  let sandbox: Sandbox
  let plan: Plan
  let command: [String]

  init() throws {
    sandbox = try Sandbox()
    plan = try sandbox.plan(Self.stages)
    command = try sandbox.worker(Self.counting(in: sandbox))
  }

  /// Both stages, with pruning in the second.
  static let stages =
    Sandbox.unpruned + """
      , "modular": { "picks": 2, "trials": 5, "initial": 2, "pruningMargin": 0,
        "space": { "base": [16, 24], "blocks": [4, 7], "fpnChannels": [32, 64] } }
      """

  /// A worker that notes each of its starts.
  static func counting(in sandbox: Sandbox) -> String {
    "echo \"$directory\" | sed 's/.*trials/trials/' >> '\(sandbox.path)/starts'\n"
      + Sandbox.obedient
  }

  private func starts() throws -> [String] {
    try Files.text("\(sandbox.path)/starts").split(separator: "\n").map(String.init)
  }

  private func path(_ name: String) -> String { "\(sandbox.path)/\(name)" }

  /// Everything that a store knows, the times of the trials and all events included.
  private struct Content: Equatable {
    let records: [Int: TrialRecord]
    let facts: [String: String]
    let events: [[TrialEvent]]

    init(_ run: String) throws {
      let store = try Store(reading: RunFolder(run).store)
      records = try store.records()
      facts = try store.facts()
      events = try records.keys.sorted().map { try store.events(ofTrial: $0) }
    }
  }

  private enum Loss: CaseIterable {
    case gone, emptied, cut, overwritten, foreign

    func befall(_ store: String) throws {
      let bytes = try Files.bytes(store)
      switch self {
      case .gone: try FileManager.default.removeItem(atPath: store)
      case .emptied: try AtomicFile.write("", to: store)
      case .cut: try AtomicFile.write(bytes.prefix(bytes.count / 2), to: store)
      case .overwritten:
        var bytes = bytes
        bytes.replaceSubrange(4096..<5 * 4096, with: Data(count: 4 * 4096))
        try AtomicFile.write(bytes, to: store)
      case .foreign: try AtomicFile.write("a thesis", to: store)
      }
    }
  }

  @Test func whateverHappenedToTheStoreAllOfItComesBack() throws {
    let whole = try sandbox.search("whole", plan, command).trials
    try sandbox.search("run", plan, command, maxTrials: 14)
    let run = path("run")
    let before = try Content(run)
    let begun = try starts().count
    for loss in Loss.allCases {
      let store = RunFolder(run).store
      try loss.befall(store)
      let lost = try? Files.bytes(store)
      #expect(thrown { try Run.resume(run, plan: plan) }.contains("add --rebuild"), "\(loss)")
      let (rebuilt, report) = try Run.rebuild(run, plan: PlacedPlan(plan))
      #expect(report.again == [] && report.aside == nil, "\(loss)")
      #expect(report.trials == before.records.count, "\(loss)")
      #expect(try report.damaged.map { try Files.bytes($0) } == lost, "\(loss)")
      #expect(rebuilt.mended == [], "\(loss)")
      #expect(try Content(run) == before, "\(loss)")
    }
    #expect(try starts().count == begun)
    let resumed = try sandbox.search("run", plan, command, resume: true).trials
    #expect(content(resumed) == content(whole))
    // Each evaluated trial was begun once in each of the two runs.
    #expect(try starts().count == 2 * whole.count { $0.outcome?.wasEvaluated == true })
    #expect(try Files.text("\(run)/front.json") == Files.text("\(path("whole"))/front.json"))
  }

  @Test func whatAStoreHasLostWithoutDamageIsPutBackOnResuming() throws {
    let whole = try sandbox.search("whole", plan, command).trials
    let run = RunFolder(path("run"))
    try sandbox.search("run", plan, command, maxTrials: 4)
    let older = try Files.bytes(run.store)
    try sandbox.search("run", plan, command, resume: true, maxTrials: 13)
    let before = try Content(run.path)
    try AtomicFile.write(older, to: run.store)
    do {
      let resumed = try Run.resume(run.path, plan: plan)
      #expect(resumed.mended.count == before.records.count - 4)
      #expect(resumed.mended.first == 5)
    }
    #expect(try Content(run.path) == before)
    let begun = try starts().count
    let resumed = try sandbox.search("run", plan, command, resume: true).trials
    #expect(content(resumed) == content(whole))
    let left = whole.count { $0.outcome?.wasEvaluated == true } - 13
    #expect(try starts().count == begun + left)
  }

  @Test func changedResultsAreNoticedAndPutBack() throws {
    try sandbox.search("run", plan, command, maxTrials: 6)
    let run = RunFolder(path("run"))
    let before = try Content(run.path)
    let ends = before.records.values.map(\.trial).filter(\.isFinished).map(\.id).sorted()
    let (first, second, third) = (ends[0], ends[1], ends[2])
    do {
      let store = try Store(path: run.store)
      try store.database.execute(
        """
        UPDATE outcomes SET metrics = replace(metrics, '0.', '1.') WHERE trial = \(first);
        DELETE FROM outcomes WHERE trial = \(second);
        UPDATE trials SET design = 'x' WHERE id = \(third)
        """)
    }
    #expect(try Run.resume(run.path, plan: plan).mended == [first, second, third])
    #expect(try Content(run.path) == before)
  }

  /// The records of trials before have no word on it: nothing behind a gap is believed.
  @Test func behindADamagedRecordTrialsAreDoneAgain() throws {
    let whole = try sandbox.search("whole", plan, command).trials
    try sandbox.search("run", plan, command, maxTrials: 9)
    let run = RunFolder(path("run"))
    try FileManager.default.removeItem(atPath: run.store)
    let record = run.trial(6).record
    var bytes = try Files.bytes(record)
    bytes[bytes.count / 2] ^= 1
    try AtomicFile.write(bytes, to: record)
    do {
      let (_, report) = try Run.rebuild(run.path, plan: PlacedPlan(plan))
      #expect(report.trials == 5)
      #expect(report.again == [6, 7, 8, 9])
      let aside = try #require(report.aside)
      #expect(FileManager.default.fileExists(atPath: TrialFolder(trial: 9, in: aside).job))
      #expect(report.lines.last?.contains("4 trials (6, 7, 8, 9) cannot be placed") == true)
    }
    let resumed = try sandbox.search("run", plan, command, resume: true).trials
    #expect(content(resumed) == content(whole))
  }

  /// What another version of the program left: no records, no facts.
  @Test func aRunWithoutRecordsGetsThemFromItsStore() throws {
    try sandbox.search("run", plan, command, maxTrials: 6)
    let run = RunFolder(path("run"))
    let before = try Content(run.path)
    func forget() throws {
      for id in run.numberedFolders {
        try FileManager.default.removeItem(atPath: run.trial(id).record)
      }
      try FileManager.default.removeItem(atPath: run.facts)
    }
    try forget()
    #expect(try Run.resume(run.path, plan: plan).mended == [])
    #expect(run.records() == before.records && run.keptFacts() == before.facts)
    // A store in its place is read before it is moved aside.
    try forget()
    #expect(try Run.rebuild(run.path, plan: PlacedPlan(plan)).1.trials == 6)
    #expect(try Content(run.path) == before)
    // Without anything but the plan the run begins anew, and keeps what it cannot place.
    try forget()
    try FileManager.default.removeItem(atPath: run.store)
    let report = try Run.rebuild(run.path, plan: PlacedPlan(plan)).1
    #expect(report.trials == 0 && report.again == [1, 2, 3, 4, 5, 6])
    let again = try sandbox.search("run", plan, command, resume: true, maxTrials: 6).trials
    #expect(content(again) == content(before.records.values.map(\.trial).sorted { $0.id < $1.id }))
  }

  /// A design that was left out has no worker, and a record all the same, with what proves it.
  @Test func prunedTrialsComeBackWithTheirProofs() throws {
    let path = path("run")
    let proof = PruningProof(larger: 1, rival: 2, metric: .macs, cost: 12.5, secondsSaved: 3)
    let stop = StoppingProof(
      rival: 1, epoch: 2, epochs: 3, reached: ["AP": 0.01], expected: ["AP": 0.02],
      most: ["AP": 0.03])
    let outcomes: [Outcome] = [
      .finished(metrics: ["AP": 0.1]), .finished(metrics: ["AP": 0.2]),
      .pruned(reason: proof.reason, proof: proof), .crashed(signal: 11),
      .stopped(reason: stop.reason, proof: stop), .timedOut,
    ]
    let space = try StructuralSpace(StructuralParts())
    do {
      let run = try Run.begin(path, plan: plan, versions: [:])
      for (index, outcome) in outcomes.enumerated() {
        var trial = Trial(
          suggestion: .init(
            id: index + 1, stage: .structural, pick: nil, step: index,
            design: space.design(at: index), origin: .random,
            prunedBecause: outcome.kind == .pruned ? outcome.reason : nil, proof: outcome.proof),
          seed: UInt64(index), known: index)
        let result = Trial.Result(outcome: outcome, sequence: index + 1, seconds: 1.5)
        if outcome.kind == .pruned { trial.result = result }
        try run.store.begin(trial)
        if outcome.kind != .pruned { try run.store.end(trial.id, result) }
      }
    }
    let before = try Content(path)
    #expect(before.records.values.compactMap(\.trial.outcome?.proof) == [proof])
    #expect(before.records.values.compactMap(\.trial.outcome?.stopping) == [stop])
    try FileManager.default.removeItem(atPath: RunFolder(path).store)
    #expect(try Run.rebuild(path, plan: PlacedPlan(plan)).1.trials == outcomes.count)
    #expect(try Content(path) == before)
  }

  @Test func aTrialThatIsTakenBackIsTakenBackInItsRecord() throws {
    try sandbox.search("run", plan, command)
    let path = path("run")
    let failed: [Int]
    do { failed = try Run.resume(path, plan: plan).reopenFailed() }
    #expect(!failed.isEmpty)
    let run = RunFolder(path)
    #expect(failed.allSatisfy { run.records()[$0]?.trial.result == nil })
    #expect(try Run.resume(path, plan: plan).mended == [])
  }

  @Test func nothingToRebuildSaysSo() throws {
    #expect(
      thrown { try Run.rebuild(path("none"), plan: nil) }.contains("holds no run to rebuild"))
  }
}
