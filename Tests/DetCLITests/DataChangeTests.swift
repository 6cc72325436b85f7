import CommandTestSupport
import DetBasics
import DetCommand
import DetSearch
import DetSpec
import Foundation
import TestSupport
import Testing

@testable import DetCLI
@testable import DetExecution

/// A run goes by the data it was begun with.
struct DataChangeTests {
  private let temporary: TemporaryFolder
  private var path: String { temporary.path }
  private var folder: String { "\(path)/run" }

  init() throws {
    temporary = try TemporaryFolder()
    for name in ["a", "b"] { try temporary.write("images/\(name).png", name) }
    try write(box: "[1, 1, 5, 5]")
    let source = "{ \"format\": \"coco\", \"annotations\": \"ann.json\", \"images\": \"images\" }"
    try temporary.write(
      "plan.json",
      """
      { "data": { "train": \(source), "validation": \(source) },
        "structural": { "trials": 4, "objectives": ["AP", "macs"],
          "space": { "inputs": ["128x128", "64x64"], "backbones": ["resnet18 16", "resnet34 16"],
                     "necks": ["none"], "proposals": ["rpn"], "heads": ["rcnn"] } } }
      """)
  }

  private func write(box: String) throws {
    try temporary.write(
      "ann.json",
      """
      { "images": [{ "id": 1, "file_name": "a.png", "width": 20, "height": 10 },
                   { "id": 2, "file_name": "b.png", "width": 20, "height": 10 }],
        "categories": [{ "id": 1, "name": "tree" }],
        "annotations": [{ "id": 1, "image_id": 1, "category_id": 1, "bbox": \(box), "area": 25, "iscrowd": 0 }] }
      """)
  }

  /// What a session does before its first trial, and what it tells.
  @discardableResult
  private func session(
    resume: Bool = true, accepts: Bool = false, trials: [(id: Int, ap: Double)] = []
  ) throws -> (state: DataState, told: [String]) {
    let file = try PlanFile("\(path)/plan.json")
    let sets = try #require(try file.loadSets())
    let run =
      try resume
      ? Run.resume(folder, plan: file.placed) : Run.begin(folder, plan: file.placed, versions: [:])
    var told: [String] = []
    let state = try RunData(run: run, sets: sets, accepts: accepts).settle { told.append($0) }
    let space = try StructuralSpace(#require(file.plan.structural).space)
    for (id, accuracy) in trials {
      let trial = Trial(
        suggestion: .init(
          id: id, stage: .structural, pick: nil, step: id - 1, design: space.design(at: id - 1),
          origin: .start), seed: 1, known: id - 1)
      try run.store.begin(trial)
      try run.store.end(
        id,
        .init(
          outcome: .finished(metrics: ["AP": accuracy, "macs": Double(id)]), sequence: id,
          seconds: 1), data: state.fingerprint)
    }
    return (state, told)
  }

  private func run(_ words: String...) -> (output: String, log: String) {
    let transcript = Transcript()
    #expect(Program.run(words, transcript.context) == .done)
    return (transcript.output, transcript.log)
  }

  @Test func sameDataTouchedOrMovedGoOnWithoutAWord() throws {
    let first = try session(resume: false)
    #expect(first.told == [])
    try temporary.write("images/a.png", "a")
    #expect(try session().told == [])
    #expect(try session().state == first.state)
  }

  @Test func changedDataAreToldAndRefusedUnlessTheUserTakesThem() throws {
    let first = try session(resume: false, trials: [(1, 0.9), (2, 0.5)])
    let truth = try Files.bytes("\(folder)/truth.json")
    try write(box: "[1, 1, 6, 5]")
    for _ in 1...2 {
      let words = thrown { try session() }
      for part in [
        "was begun with other data: training set: 1 image with other boxes (a.png); validation set: 1 image",
        "put the data back as they were", "--accept-changed-data",
        "trials judged by the data of then (2) are marked and left out of fronts",
      ] { #expect(words.contains(part), "\(words)") }
    }
    #expect(try Files.bytes("\(folder)/truth.json") == truth)
    let taken = try session(accepts: true, trials: [(3, 0.4)])
    #expect(taken.told.count == 1 && taken.told[0].contains("as you asked, the search goes on"))
    #expect(taken.state.fingerprint != first.state.fingerprint)
    #expect(try session().told == [])
    // Nothing of the earlier truth is lost, and nothing is mixed.
    #expect(try Files.bytes("\(folder)/truth-\(first.state.fingerprint).json") == truth)
    #expect(try Files.bytes("\(folder)/truth.json") != truth)
    let found = try RunSnapshot(folder)
    #expect(found.otherData == [1, 2])
    #expect(found.fronts(of: .structural)?.members.map(\.trial) == [3])
    let trials = run("trials", folder).output
    #expect(trials.components(separatedBy: "finished, by earlier data").count == 3)
    #expect(
      run("trials", folder, "--json").output.components(separatedBy: "\"data\":\"earlier\"").count
        == 3)
    for verb in ["front", "best", "status"] {
      let answer = run(verb, folder)
      #expect(answer.log.contains("left out here, are the trials 1, 2"), "\(verb)")
    }
    #expect(run("best", folder, "--json").output.contains("\"trial\" : 3"))
    // Back to the data of then, the marks change sides.
    try write(box: "[1, 1, 5, 5]")
    try session(accepts: true)
    #expect(try RunSnapshot(folder).otherData == [3])
  }

  @Test func aRunOfTheFirstVersionTakesTodaysDataForIts() throws {
    try session(resume: false, trials: [(1, 0.9)])
    do {
      let store = try Store(path: "\(folder)/study.sqlite")
      try store.database.execute("DROP TABLE judged; DELETE FROM facts WHERE name = 'data'")
      // Neither had such a run records of its own.
      for name in ["data.tsv", "facts.json", "trials/000001/record.json"] {
        try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
      }
    }
    #expect(try RunSnapshot(folder).otherData.isEmpty)
    #expect(try session().told.first?.contains("without a fingerprint of its data") == true)
    try write(box: "[1, 1, 6, 5]")
    #expect(thrown { try session() }.contains("was begun with other data"))
    try session(accepts: true)
    #expect(try RunSnapshot(folder).otherData == [1])
  }

  @Test func withoutTheListOfThenTheChangeIsStillNoticed() throws {
    try session(resume: false)
    try AtomicFile.write("torn", to: "\(folder)/data.tsv")
    #expect(try session().told == [])
    try AtomicFile.write("torn", to: "\(folder)/data.tsv")
    try write(box: "[1, 1, 6, 5]")
    #expect(thrown { try session() }.contains("what, cannot be told"))
  }
}
