import DetBasics
import DetSearch
import DetSpec
import Foundation
import TestSupport
import Testing

@testable import DetExecution

/// A result that was paid for is not paid for again, and a latency is never anybody else's.
@Suite struct PaidResultTests {
  let sandbox: Sandbox
  let command: [String]

  init() throws {
    sandbox = try Sandbox()
    command = try sandbox.worker(
      RebuildTests.counting(in: sandbox) + "\necho weights > \"$directory/weights.safetensors\"\n")
  }

  private static let runner = """
    { "graceSeconds": 0.2, "cacheKey": "toy" }
    """
  /// Accuracy against what is counted: nothing is measured.
  private static let counted = Sandbox.unpruned.replacing(
    "\"trials\": 10", with: "\"objectives\": [\"AP\", \"macs\"], \"trials\": 10")
  private static let single = Sandbox.single.replacing(
    "\"trials\": 1,", with: "\"objectives\": [\"AP\", \"macs\"], \"trials\": 1,")
  private static let singleTimed = Sandbox.single.replacing(
    "\"trials\": 1,", with: "\"pruning\": false, \"trials\": 1,")

  private var starts: Int {
    get throws {
      let file = "\(sandbox.path)/starts"
      guard FileManager.default.fileExists(atPath: file) else { return 0 }
      return try Files.text(file).split(separator: "\n").count
    }
  }

  private func cache() throws -> ResultCache {
    try ResultCache(CacheFolder(path: "\(sandbox.path)/cache"))
  }

  /// Carries a run out that takes what others have paid for.
  @discardableResult
  private func search(
    _ name: String, _ plan: Plan, from others: [String] = [], usesCache: Bool = true,
    own: [String]? = nil, threads: Int = 1, isResumed: Bool = false, maxTrials: Int = .max
  ) throws -> [Trial] {
    let path = path(name)
    let run =
      try isResumed
      ? Run.resume(path, plan: plan) : Run.begin(path, plan: plan, versions: [:])
    var settings = Coordinator.Settings(plan: plan, stages: plan.stages, folder: run.folder)
    settings.threads = threads
    settings.maxTrials = maxTrials
    let runner = try plan.runner.makeRunner(
      worker: command,
      stopwatch: StopwatchPlan(
        plan.latency, own: own, images: [], classes: 2, folder: run.folder))
    let coordinator = try Coordinator(
      settings: settings, store: run.store, runner: runner, cost: Sandbox.cost)
    coordinator.paid = PaidResults(
      setAside: SetAside(in: run.folder), try others.map { try OtherRun(self.path($0)) },
      cache: usesCache ? try cache() : nil, run: run.folder, note: { _ in })
    #expect(try coordinator.run() == (maxTrials == .max ? .complete : .limit))
    return try run.store.trials()
  }

  /// What `smnas trials --json` prints, as a table of recorded trials.
  private func table(_ trials: [Trial]) throws -> RecordedTable {
    let lines = try trials.map { try JSON.text(Trial.Line($0, whileSearching: false)) }
    return try RecordedTable(
      data: Data((lines.joined(separator: "\n") + "\n").utf8), source: "table")
  }

  private func path(_ name: String) -> String { "\(sandbox.path)/\(name)" }

  private func plan(_ sections: String, _ runner: String = Self.runner) throws -> Plan {
    var plan = try sandbox.plan(sections, runner: runner)
    plan.runner.command = command
    return plan
  }

  /// Everything but the time that it took, and what the worker measured.
  private func found(_ trials: [Trial]) -> [String] {
    content(
      trials.map { trial in
        var trial = trial
        if case .finished(let metrics)? = trial.outcome, let result = trial.result {
          trial.result = .init(
            outcome: .finished(metrics: metrics.withoutMeasured), sequence: result.sequence,
            seconds: 0)
        }
        return trial
      })
  }

  @Test func anEqualSearchTakesEveryResultAndMakesTheSameChoices() throws {
    let plan = try plan(Self.counted)
    let paid = try search("paid", plan)
    let begun = try starts
    #expect(begun == paid.count)
    let taken = try search("taken", plan)
    #expect(found(taken) == found(paid))
    // Only what has no results is tried again.
    #expect(try starts == begun + paid.count { $0.isFailure })
    for (mine, theirs) in zip(taken, paid) where theirs.isFinished {
      #expect(mine.result?.seconds == 0)
      #expect(mine.metrics[.latency] == nil)
      let expected = Trial.Cached(
        run: path("paid"), trial: theirs.id, secondsPaid: try #require(theirs.result?.seconds))
      #expect(mine.result?.cached == expected)
      #expect(mine.secondsPaid == theirs.result?.seconds)
      let place = RunFolder(path("taken")).trial(mine.id)
      #expect(
        FileIdentity(place.weights) == FileIdentity(RunFolder(path("paid")).trial(mine.id).weights))
      #expect(
        try RunSnapshot(path("taken")).events(ofTrial: mine.id).contains(
          .epoch(1, metrics: ["loss": 0.5])))
    }
    let front = { try Files.text("\(path($0))/front.json") }
    let points = { (text: String) in
      try JSON.decode(StageFronts.self, from: text, source: "front").members.map(\.trial)
    }
    #expect(try points(front("taken")) == points(front("paid")))
    // Who paid outlives the store, and is not confused with who took.
    try FileManager.default.removeItem(atPath: RunFolder(path("taken")).store)
    #expect(
      try Run.rebuild(path("taken"), plan: PlacedPlan(plan)).0.store.trials() == taken)
    // A table of recorded trials has what the training took.
    let table = try table(taken)
    for trial in paid where trial.isFinished {
      #expect(
        table.row(for: trial.design, stage: .structural)?.seconds == trial.result?.seconds)
    }
    let third = try search("third", plan)
    #expect(third.map(\.result?.cached) == taken.map(\.result?.cached))
  }

  /// Whatever decides an accuracy keeps results apart, and nothing else does.
  @Test func resultsAreKeptApartByWhatDecidesThem() throws {
    let base = try plan(Self.single)
    try search("base", base)
    func isTaken(_ name: String, threads: Int = 1, _ change: (inout Plan) -> Void) throws -> Bool {
      var plan = base
      change(&plan)
      return try search(name, plan, threads: threads).first?.result?.cached != nil
    }
    #expect(try !isTaken("seed") { $0.seed = 4 })
    #expect(try !isTaken("threads", threads: 2) { _ in })
    #expect(try !isTaken("epochs") { $0.structural?.recipe.epochs += 3 })
    #expect(try !isTaken("batch") { $0.structural?.recipe.batch += 1 })
    #expect(try !isTaken("device") { $0.runner.devices = ["cuda:0"] })
    #expect(try !isTaken("word") { $0.runner.cacheKey = "other" })
    #expect(try !isTaken("none") { $0.runner.cacheKey = nil })
    #expect(
      try !isTaken("data") {
        $0.data = .object(["train": .string("other"), "validation": .object([:])])
      })
    #expect(try isTaken("same") { _ in })
    #expect(try isTaken("name") { $0.name = "another" })
    #expect(try isTaken("runs") { $0.structural?.recipe.latency.runs += 5 })
    #expect(try isTaken("timeout") { $0.runner.timeoutSeconds += 1 })
  }

  /// Answers with a time that no worker of these tests reports.
  private func stopwatch() throws -> [String] {
    try sandbox.worker(
      """
      trial=$(sed -n 's/.*"trial" : \\([0-9]*\\),*/\\1/p' "$job")
      cat "$(sed -n 's/.*"weights" : "\\(.*\\)".*/\\1/p' "$job" | head -1)" >> '\(sandbox.path)/timed'
      echo "{\\"trial\\":$trial,\\"milliseconds\\":{\\"median\\":777,\\"p10\\":777,\\"p90\\":777,\\"samples\\":[777]}}"
      """, name: "stopwatch.sh")
  }

  @Test func latencyIsMeasuredHereByTheWeightsThatAreStillThere() throws {
    let plan = try plan(Self.singleTimed)
    let paid = try #require(try search("paid", plan).first)
    #expect(paid.metrics[.latency] != nil && paid.metrics[.latency] != 777)
    let own = try stopwatch()
    let taken = try #require(try search("taken", plan, own: own).first)
    #expect(taken.result?.cached?.trial == 1)
    #expect(taken.metrics[.latency] == 777)
    #expect(taken.metrics[.averagePrecision] == paid.metrics[.averagePrecision])
    #expect(try Files.text("\(sandbox.path)/timed") == "weights\n")
    #expect(try starts == 1)
    // Nobody here could time them: the trial is trained.
    #expect(try search("untimed", plan).first?.result?.cached == nil)
    #expect(try starts == 2)
    // The first run is deleted: the weights are where they were taken to.
    for name in ["paid", "untimed"] { try FileManager.default.removeItem(atPath: path(name)) }
    #expect(try search("later", plan, own: own).first?.result?.cached != nil)
    // Weights that have changed are those of no trial that is known.
    for name in ["taken", "later"] {
      try AtomicFile.write("changed", to: RunFolder(path(name)).trial(1).weights)
    }
    #expect(try search("changed", plan, own: own).first?.result?.cached == nil)
    #expect(try starts == 3)
  }

  @Test func anotherRunsResultsAreTakenWhateverTheirSeedAndItIsSaidWhichFit() throws {
    let plan = try plan(Self.counted)
    let paid = try search("paid", plan, usesCache: false)
    var other = plan
    other.seed = 4
    other.structural?.trials = 16
    let results = paid.count(where: \.isFinished)
    let run = try OtherRun(path("paid"))
    #expect(
      try run.summary(for: other, data: nil)
        == "\(results) of the \(results) results of \(path("paid")) fit this plan")
    let begun = try starts
    let taken = try search("taken", other, from: ["paid"], usesCache: false)
    // The space has 16 designs: all are tried.
    #expect(taken.count == 16)
    #expect(taken.count { $0.result?.cached != nil } == results)
    #expect(try starts == begun + 16 - results)
    let byDesign = Dictionary(uniqueKeysWithValues: paid.map { ($0.design, $0) })
    for trial in taken where trial.result?.cached != nil {
      #expect(trial.result?.cached?.trial == byDesign[trial.design]?.id)
      #expect(trial.metrics["AP"] == byDesign[trial.design]?.metrics["AP"])
    }
    other.structural?.recipe.epochs += 3
    let old = try #require(plan.structural?.recipe.epochs)
    #expect(
      try run.summary(for: other, data: nil)
        == "0 of the \(results) results of \(path("paid")) fit this plan; \(results) are by another recipe: epochs: \(old) → \(old + 3)"
    )
    #expect(
      try search("otherRecipe", other, from: ["paid"], usesCache: false, maxTrials: 2)
        .allSatisfy { $0.result?.cached == nil })
    other = plan
    other.runner.cacheKey = nil
    #expect(try run.summary(for: other, data: nil).contains("by another program or version"))
  }

  @Test func aRunRemembersFromWhichItTakes() throws {
    let plan = try plan(Self.single)
    try search("paid", plan)
    let run = try Run.begin(path("run"), plan: plan, versions: [:])
    try run.takeResults(from: path("paid"))
    try run.takeResults(from: path("paid"))
    #expect(try run.runsTakenFrom() == [path("paid")])
    #expect(thrown { try run.takeResults(from: path("run")) }.contains("is the run itself"))
  }

  /// Trials behind a damaged record are not placed, and not paid for again either: their own jobs come up again.
  @Test func whatWasSetAsideIsTakenWhenItsJobComesAgain() throws {
    var plan = try plan(Sandbox.unpruned)
    plan.runner.cacheKey = nil
    let whole = try search("whole", plan, usesCache: false)
    try search("run", plan, usesCache: false, maxTrials: 9)
    let run = RunFolder(path("run"))
    try FileManager.default.removeItem(atPath: run.store)
    try FileManager.default.removeItem(atPath: run.trial(4).record)
    do { #expect(try Run.rebuild(run.path, plan: PlacedPlan(plan)).1.again == Array(4...9)) }
    let begun = try starts
    let trials = try search("run", plan, usesCache: false, isResumed: true)
    #expect(content(trials) == content(whole))
    // What has no results is done again, and what was not begun.
    #expect(try starts == begun + whole[3...].count { $0.isFailure || $0.id > 9 })
  }

  @Test func aCacheThatCannotBeReadSaysWhatToDo() throws {
    try Files.makeFolder(path("cache"))
    try AtomicFile.write(
      String(repeating: "garbage ", count: 100), to: path("cache/results.sqlite"))
    #expect(thrown { try cache() }.contains("results.sqlite cannot be used"))
    #expect(thrown { try cache() }.contains("delete it"))
  }
}
