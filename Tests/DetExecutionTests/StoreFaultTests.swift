import DetBasics
import DetSearch
import DetSpec
import Foundation
import TestSupport
import Testing

@testable import DetExecution

/// A store that is cut off, or of which bytes have changed, wherever that is: the run is taken up, or refused and rebuilt, with every
/// trial and every result.
@Suite struct StoreFaultTests {
  let sandbox: Sandbox
  let plan: Plan
  let command: [String]
  let run: RunFolder
  /// The store's file and its log as a killed search leaves them.
  let killed: (main: Data, log: Data)
  /// The store's file as a search leaves it that ended by itself, without a log.
  let closed: Data
  let records: [Int: TrialRecord]
  let facts: [String: String]

  private static let evaluated = 6

  init() throws {
    let sandbox = try Sandbox()
    self.sandbox = sandbox
    plan = try sandbox.plan(Sandbox.unpruned)
    command = try sandbox.worker(RebuildTests.counting(in: sandbox))
    let run = RunFolder("\(sandbox.path)/run")
    self.run = run
    var live: (Data, Data)?
    try sandbox.search("run", plan, command, maxTrials: Self.evaluated) { coordinator in
      coordinator.onTrial = { trial in
        guard trial.id == Self.evaluated else { return }
        live = try? (Files.bytes(run.store), Files.bytes(run.store + "-wal"))
      }
    }
    killed = try #require(live)
    closed = try Files.bytes(run.store)
    let store = try Store(reading: run.store)
    (records, facts) = (try store.records(), try store.facts())
  }

  /// Takes the run up with a store of these bytes, rebuilding it where that is refused; whether it was.
  @discardableResult
  private func takeUp(_ main: Data, _ log: Data?, _ fault: String) throws -> Bool {
    for ending in ["", "-wal", "-shm"] { unlink(run.store + ending) }
    try main.write(to: URL(fileURLWithPath: run.store))
    try log?.write(to: URL(fileURLWithPath: run.store + "-wal"))
    let wasRefused = (try? resume()) == nil
    if wasRefused {
      let report = try Run.rebuild(run.path, plan: nil).1
      #expect(report.again == [], "\(fault)")
      if let damaged = report.damaged {
        for ending in ["", "-wal", "-shm"] { unlink(damaged + ending) }
      }
    }
    let store = try Store(reading: run.store)
    #expect(try store.records() == records, "\(fault)")
    #expect(try store.facts() == facts, "\(fault)")
    return wasRefused
  }

  /// What resuming does with the store, without the plan.
  private func resume() throws {
    let store = try Store(resuming: run.store, folder: run)
    _ = try store.reconcile()
    _ = try store.trials()
  }

  /// The rest of the search in a copy of the run: the same trials and front, and nothing done that was done before.
  private func expectSameEnd(_ whole: [Trial], _ name: String) throws {
    try FileManager.default.copyItem(atPath: run.path, toPath: "\(sandbox.path)/\(name)")
    let before = try starts()
    let trials = try sandbox.search(name, plan, command, resume: true).trials
    #expect(content(trials) == content(whole), "\(name)")
    #expect(try starts() - before == whole.count - Self.evaluated, "\(name)")
    let front = try Files.text("\(sandbox.path)/\(name)/front.json")
    #expect(try front == Files.text("\(sandbox.path)/whole/front.json"), "\(name)")
  }

  private func starts() throws -> Int {
    try Files.text("\(sandbox.path)/starts").split(separator: "\n").count
  }

  private func whole() throws -> [Trial] {
    try sandbox.search("whole", plan, command).trials
  }

  /// Every 97th byte of the last page of the file and of the log; and 20 places all over both.
  @Test func cutAnywhere() throws {
    let whole = try whole()
    let page = 4096
    let ends = stride(from: closed.count - page, to: closed.count, by: 97)
    for length in Array(ends) + places(20, in: closed.count, "cut") {
      try takeUp(closed.prefix(length), nil, "file cut at \(length)")
    }
    try expectSameEnd(whole, "fileCut")
    let frame = page + 24
    let logEnds = stride(from: killed.log.count - frame, to: killed.log.count, by: 97)
    for length in Array(logEnds) + places(20, in: killed.log.count, "cutLog") {
      try takeUp(killed.main, killed.log.prefix(length), "log cut at \(length)")
    }
    try expectSameEnd(whole, "logCut")
    try takeUp(killed.main, nil, "log gone")
    try expectSameEnd(whole, "logGone")
  }

  @Test func bytesChangedAnywhere() throws {
    let whole = try whole()
    var refused = 0
    for (number, place) in places(60, in: closed.count, "file").enumerated() {
      var bytes = closed
      bytes[place] ^= UInt8(1 << (number % 8))
      if try takeUp(bytes, nil, "byte \(place) of the file") { refused += 1 }
    }
    try expectSameEnd(whole, "fileChanged")
    for (number, place) in places(60, in: killed.log.count, "log").enumerated() {
      var bytes = killed.log
      bytes[place] ^= UInt8(1 << (number % 8))
      if try takeUp(killed.main, bytes, "byte \(place) of the log") { refused += 1 }
    }
    try expectSameEnd(whole, "logChanged")
    // Both ways are taken: what can be put back is, and what cannot be read is refused.
    #expect(refused > 0 && refused < 120)
  }

  /// Results without a number by which their stage judges are no results: every reader says so, and nobody counts with them.
  @Test(arguments: [#"{"MACs":4}"#, #"{"AP50":1.5,"AP":0.1,"latency":-1}"#])
  func resultsThatNobodyCanJudge(_ metrics: String) throws {
    for ending in ["-wal", "-shm"] { unlink(run.store + ending) }
    try closed.write(to: URL(fileURLWithPath: run.store))
    let id = try #require(records.values.first { $0.trial.isFinished }?.trial.id)
    do {
      let database = try Database(run.store, creates: false)
      try database.execute("UPDATE outcomes SET metrics = '\(metrics)' WHERE trial = \(id)")
    }
    func expectRefused(_ body: () throws -> Void) {
      let error = #expect(throws: ExecutionError.self, performing: body)
      #expect(error?.description.contains("is damaged (trial \(id): ") == true)
      #expect(error?.description.contains("--rebuild") == true)
    }
    expectRefused { _ = try RunSnapshot(run.path) }
    let record = try Files.bytes(run.trial(id).record)
    unlink(run.trial(id).record)
    expectRefused { try sandbox.search("run", plan, command, resume: true) }
    try record.write(to: URL(fileURLWithPath: run.trial(id).record))
    // The trial's own record has what it really found.
    try resume()
    #expect(try Store(reading: run.store).records() == records)
  }

  private func places(_ count: Int, in size: Int, _ name: String) -> [Int] {
    var stream = Generator(seed: 97).stream(name)
    return (0..<count).map { _ in Int(stream.uniform() * Double(size)) }
  }
}
