import DetBasics
import DetExecution
import DetSearch
import DetSpec
import Foundation
import Testing

@Suite struct RunTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  private func message(_ body: () throws -> Void) -> String {
    let error = #expect(throws: ExecutionError.self) { try body() }
    return error.map { "\($0)" } ?? ""
  }

  @Test func anExistingRunIsRefusedWithoutResume() throws {
    let path = "\(sandbox.path)/run"
    _ = try Run.begin(path, plan: sandbox.plan(), versions: [:])
    #expect(
      message { _ = try Run.begin(path, plan: sandbox.plan(), versions: [:]) }.contains(
        "add --resume"))
  }

  @Test func aFolderWithOtherFilesIsNotWrittenInto() throws {
    try AtomicFile.write("mine", to: "\(sandbox.path)/thesis.tex")
    #expect(
      message { _ = try Run.begin(sandbox.path, plan: sandbox.plan(), versions: [:]) }
        .contains("is not empty (it holds thesis.tex)"))
  }

  /// What has the name of a run's file but holds something else is somebody's.
  @Test(arguments: [
    ("versions.json", "{\"node\": \"18\"}"), ("versions.json", "[]"), ("lock", "mine"),
    ("lock", ""), ("lock", "4711\n"),
    ("study.sqlite", "a thesis"), ("study.sqlite", ""), ("study.sqlite-wal", "x"),
    ("plan.json", "{}"),
    ("trials/notes.txt", "x"),
  ])
  func aFileOfSomebodysIsNotWrittenOver(name: String, content: String) throws {
    let file = "\(sandbox.path)/\(name)"
    try Files.makeFolder(FilePath.folder(of: file))
    try AtomicFile.write(content, to: file)
    let first = name.split(separator: "/")[0]
    #expect(
      message { _ = try Run.begin(sandbox.path, plan: sandbox.plan(), versions: [:]) }
        .contains("is not empty (it holds \(first))"))
    #expect(try Files.text(file) == content)
    #expect(try FileManager.default.contentsOfDirectory(atPath: sandbox.path) == [String(first)])
  }

  @Test func aDatabaseOfAnotherProgramIsNotUsed() throws {
    let folder = "\(sandbox.path)/run"
    try Files.makeFolder("\(folder)/trials")
    do {
      let database = try Database("\(folder)/study.sqlite", creates: true)
      try database.execute("CREATE TABLE participants (name TEXT)")
    }
    let before = try Files.bytes("\(folder)/study.sqlite")
    #expect(
      message { _ = try Run.begin(folder, plan: sandbox.plan(), versions: [:]) }
        .contains("is not empty (it holds study.sqlite)"))
    #expect(try Files.bytes("\(folder)/study.sqlite") == before)
  }

  @Test func aLockThatIsNoneIsNotTaken() throws {
    let folder = "\(sandbox.path)/run"
    do { _ = try Run.begin(folder, plan: sandbox.plan(), versions: [:]) }
    try AtomicFile.write("my lock, please keep", to: "\(folder)/lock")
    let error = #expect(throws: FileError.self) { try Run.resume(folder, plan: nil) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("is no lock of this program"))
    #expect(try Files.text("\(folder)/lock") == "my lock, please keep")
  }

  @Test func nothingToResumeSaysSo() throws {
    #expect(
      message { _ = try Run.resume("\(sandbox.path)/none", plan: nil) }
        .contains("holds no run to resume; leave --resume out"))
  }

  @Test func aChangedPlanIsRefusedByTheKeyThatChanged() throws {
    let path = "\(sandbox.path)/run"
    var plan = try sandbox.plan()
    _ = try Run.begin(path, plan: plan, versions: [:])
    plan.runner.workers = 2
    #expect(try Run.resume(path, plan: plan).plan.runner.workers == 2)
    plan.structural?.randomShare = 0.5
    #expect(
      message { _ = try Run.resume(path, plan: plan) }
        .contains("changed: structural.randomShare: 0.2 → 0.5"))
  }

  /// A run that was begun before a key came has no such key in what it keeps, and goes on without, whatever a plan says today.
  @Test(arguments: Plan.LateKey.allCases)
  func aRunThatWasBegunBeforeAKeyCameGoesOnAsItBegan(_ key: Plan.LateKey) throws {
    let path = "\(sandbox.path)/run"
    let sections =
      Sandbox.sections
      + ", \"modular\": { \"space\": { \"base\": [16, 24], \"blocks\": [4, 7] } }"
    var plan = try sandbox.plan(sections)
    plan.structural?.reseedShare = 0.1
    plan.modular?.reseedShare = 0.1
    let before = plan.without([key])
    #expect(before != plan, "the key must matter")
    try {
      let run = try Run.begin(path, plan: plan, versions: [:])
      try run.store.setFact("plan", JSON.text(plan.written(without: [key])))
      try AtomicFile.write(
        JSON.text(plan.written(without: [key]), pretty: true), to: run.folder.plan)
    }()
    #expect(try Run.resume(path, plan: nil).plan == before)
    var other = plan
    other.runner.workers = 2
    for given in [plan, other, before, plan] {
      let used = try Run.resume(path, plan: given).plan
      #expect(used == given.without([key]))
      let own = try JSON.decode(
        JSONValue.self, from: Files.text(RunFolder(path).plan), source: "plan")
      #expect(Plan.lateKeys(missingIn: own) == [key])
    }
    other.seed = 5
    #expect(message { _ = try Run.resume(path, plan: other) }.contains("changed: seed"))
  }

  @Test func whatTheProgramBeginsTodayHasEveryKey() throws {
    let path = "\(sandbox.path)/run"
    let plan = try sandbox.plan()
    _ = try Run.begin(path, plan: plan, versions: [:])
    #expect(try Run.resume(path, plan: plan).plan == plan)
    var other = plan
    other.structural?.pruning = false
    #expect(
      message { _ = try Run.resume(path, plan: other) }
        .contains("changed: structural.pruning: true → false"))
  }

  @Test func twoCoordinatorsCannotUseOneRun() throws {
    let path = "\(sandbox.path)/run"
    let run = try Run.begin(path, plan: sandbox.plan(), versions: [:])
    #expect(
      message { _ = try Run.resume(path, plan: nil) }
        .contains("is being worked on by another search (process \(getpid()))"))
    #expect(try RunSnapshot(path).isActive)
    #expect(run.plan.seed == 3)
  }

  @Test func aStoreOfANewerVersionIsRefused() throws {
    let path = "\(sandbox.path)/run"
    _ = try Run.begin(path, plan: sandbox.plan(), versions: [:])
    let database = try Database("\(path)/study.sqlite", creates: false)
    try database.execute("PRAGMA user_version = 99")
    #expect(throws: ExecutionError.newerStore(path: "\(path)/study.sqlite", version: 99, known: 1))
    {
      try Run.resume(path, plan: nil)
    }
    #expect(throws: ExecutionError.newerStore(path: "\(path)/study.sqlite", version: 99, known: 1))
    {
      try RunSnapshot(path)
    }
  }

  @Test func aStoreThatIsNoneIsRefused() throws {
    let path = "\(sandbox.path)/run"
    _ = try Run.begin(path, plan: sandbox.plan(), versions: [:])
    try AtomicFile.write(String(repeating: "garbage ", count: 100), to: "\(path)/study.sqlite")
    #expect(message { _ = try Run.resume(path, plan: nil) }.contains("not a database"))
  }

  @Test func aTornEventsFileIsMendedBeforeTheNextEvent() throws {
    let command = try sandbox.worker(Sandbox.obedient)
    let plan = try sandbox.plan()
    try sandbox.search("run", plan, command, maxTrials: 1)
    let folder = RunFolder("\(sandbox.path)/run").trial(2)
    try Files.makeFolder(folder.path)
    try AtomicFile.write("{\"event\":\"epo", to: folder.events)
    try sandbox.search("run", plan, command, resume: true)
    let lines = JSONLinesContent(try Files.bytes(folder.events))
    #expect(!lines.endsTorn)
    #expect(lines.lines[0].text == "{\"event\":\"epo")
    #expect(
      try JSON.decode(TrialEvent.self, from: lines.lines[1].text, source: "events")
        == .started(.init(parameters: 1, epochs: 1, trainingImages: 1, validationImages: 1)))
  }

  @Test func errorsOfTheStoreCarryTheStatement() throws {
    let database = try Database(":memory:", creates: true)
    #expect(
      message { try database.execute("SELECT x FROM nowhere") }
        .contains("no such table: nowhere, in \"SELECT x FROM nowhere\""))
  }

  @Test func theStoreRefusesADesignTwice() throws {
    let store = try Store(path: ":memory:")
    let design = try DetectorDesign(text: "128x128 | resnet18 16 | none | rpn | rcnn")
    func trial(_ id: Int) -> Trial {
      Trial(
        suggestion: .init(
          id: id, stage: .structural, pick: nil, step: id, design: design, origin: .random),
        seed: 1, known: 0)
    }
    try store.begin(trial(1))
    #expect(message { try store.begin(trial(2)) }.contains("UNIQUE"))
    #expect(try store.trials() == [trial(1)])
  }
}
