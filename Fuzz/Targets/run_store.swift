// fuzz: modules CSimdJSON CJSON CSQLite CLAPACK DetBasics DetJSON DetSpec DetMetrics DetSearch DetExecution DetReport
// fuzz: sources Fuzz/Support/require.swift
// fuzz: packages sqlite3 lapacke
// fuzz: link simdjson
// fuzz: link z
// fuzz: dictionary store
// fuzz: length 400
import CSQLite
import DetBasics
import DetExecution
import DetReport
import DetSearch
import DetSpec
import Foundation

/// A run of both stages with made-up results, and its store as bytes.
private let run: (folder: RunFolder, store: Data) = {
  let base = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
  let folder = RunFolder("\(base)/smnas-fuzz-\(getpid())")
  do {
    let plan = try Plan(
      text: #"""
        { "data": { "train": {}, "validation": {} }, "seed": 3,
          "structural": { "trials": 8, "initial": 3, "recipe": { "extends": "small", "epochs": 2 }, "space": {
            "inputs": ["64x64", "96x96", "128x128"], "backbones": ["resnet18 8", "resnet18 16"], "necks": ["fpn P1-P2 16"], "proposals": ["rpn", "none"], "heads": ["rcnn", "retinanet"] } },
          "modular": { "trials": 2, "initial": 1, "picks": 1, "recipe": { "extends": "small", "epochs": 2 }, "space": { "base": [8], "blocks": [4, 5], "fpnChannels": [16] } },
          "runner": { "command": ["none"] } }
        """#)
    let begun = try Run.begin(folder.path, plan: PlacedPlan(plan), versions: [:])
    let cost: CostModel = { design, _ in DesignCost(design, classes: 2) }
    let coordinator = try Coordinator(
      settings: .init(plan: plan, stages: plan.stages, folder: nil), store: begun.store,
      runner: SimulatedRunner(CostFormula(plan, cost: cost, images: 10), timeoutSeconds: 1e6),
      cost: cost)
    _ = try coordinator.run()
    let trials = try begun.store.trials()
    require(
      trials.contains { $0.stage == .modular && $0.isFinished },
      "a run that did not reach its second stage")
    for trial in trials.prefix(4) {
      try begun.store.add(.epoch(1, metrics: ["AP": 0.1, "loss": 2]), trial: trial.id)
      guard let runs = LatencySummary(samples: [3, 4, 5]) else { continue }
      var reading = LatencyReading(runs: runs)
      reading.others["phone"] = LatencyReading(runs: runs)
      try begun.store.add(.latency(reading), trial: trial.id)
    }
  } catch {
    fatalError("\(error)")
  }
  // What is in the log comes into the file as the last one who has it open goes.
  guard let store = FileManager.default.contents(atPath: folder.store) else { fatalError("no store") }
  return (folder, store)
}()

/// Changes to the store in lines, each `TABLE COLUMN ROW VALUE` (a value as SQL has it), `- TABLE ROW` for a row that goes, or
/// `@ OFFSET HEX` for bytes of the file.
///
/// Whatever became of it, its readers give what is there or an error; nothing else ends.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzStore(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let input = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  var store = run.store
  var statements: [String] = []
  for line in input.split(separator: "\n") {
    let words = line.split(separator: " ", maxSplits: 3).map(String.init)
    if words.count == 3, words[0] == "@", let offset = Int(words[1]) {
      for (place, pair) in stride(from: 0, to: words[2].count - 1, by: 2).enumerated() {
        guard store.indices.contains(offset + place),
          let value = UInt8(words[2].dropFirst(pair).prefix(2), radix: 16)
        else { break }
        store[offset + place] = value
      }
    } else if words.count == 3, words[0] == "-" {
      statements.append("DELETE FROM \(words[1]) WHERE rowid = \(words[2])")
    } else if words.count == 4 {
      statements.append("UPDATE \(words[0]) SET \(words[1]) = \(words[3]) WHERE rowid = \(words[2])")
    }
  }
  guard !input.isEmpty else { return -1 }
  for ending in ["-wal", "-shm"] { unlink(run.folder.store + ending) }
  guard FileManager.default.createFile(atPath: run.folder.store, contents: store) else { return -1 }
  var database: OpaquePointer?
  guard sqlite3_open(run.folder.store, &database) == SQLITE_OK else { return -1 }
  for statement in statements {
    // One statement each: none that attaches a file, or makes one.
    guard !statement.contains(";") else { continue }
    sqlite3_exec(database, statement, nil, nil, nil)
  }
  sqlite3_close(database)
  attempt {
    let snapshot = try RunSnapshot(run.folder.path)
    for stage in snapshot.plan.stages {
      for front in snapshot.fronts(of: stage)?.fronts ?? [] {
        require(Set(front.members.map(\.trial)).count == front.members.count, "a member twice")
      }
    }
  }
  attempt {
    let page = try HTMLReport.render(ReportModel(run: run.folder.path), plotly: "/* plotly */")
    require(page.contains("</html>"), "half a page")
  }
  attempt { _ = try Run.resume(run.folder.path, plan: PlacedPlan(Plan(file: run.folder.plan))) }
  return 0
}

/// Errors are what is wanted of a hostile store; anything else ends the process.
private func attempt(_ body: () throws -> Void) {
  do { try body() } catch { require(!"\(error)".isEmpty, "an error without words") }
}
