import CommandTestSupport
import DetBasics
import DetCommand
import DetData
import DetExecution
import DetMetrics
import DetSearch
import DetSpec
import DetTask
import Foundation
import TestSupport
import Testing

@testable import DetCLI

/// `smnas compare` over a run whose trials are written by hand: trial 1 finds every box, trial 2 half of them, trial 3 crashed, trial 4
/// has left no detections.
struct CompareVerbTests {
  private let temporary: TemporaryFolder
  private let transcript = Transcript()
  private var path: String { temporary.path }

  private static let designs = [
    "128x128 | resnet18 16 | fpn P1-P4 32 | rpn | rcnn",
    "128x128 | resnet34 16 | fpn P1-P4 32 | rpn | cascade 2",
    "96x96 | resnet18 16 | fpn P1-P4 32 | rpn | rcnn",
    "96x96 | resnet34 16 | fpn P1-P4 32 | rpn | rcnn",
  ]

  init() throws {
    temporary = try TemporaryFolder()
    try makeRun("run", seed: 5)
  }

  /// A run on drawn scenes.
  private func makeRun(_ name: String, seed: Int, command: String = "null") throws {
    let data = #"{ "format": "shapes", "count": 8, "size": "128x128", "seed": \#(seed) }"#
    let plan = try temporary.write(
      "\(name).json",
      """
      { "name": "shapes", "seed": 1, "data": { "train": \(data), "validation": \(data) },
        "structural": { "trials": 4 }, "runner": { "command": \(command) } }
      """)
    let file = try PlanFile(plan)
    let run = try Run.begin("\(path)/\(name)", plan: file.placed, versions: [:])
    if let sets = try file.loadSets() {
      try COCOTruthFile.write(GroundTruth(sets.validation), to: run.folder.truth)
    }
    let truth = try? COCOTruthFile.read(run.folder.truth)
    for (index, text) in Self.designs.enumerated() {
      let suggestion = Suggestion(
        id: index + 1, stage: .structural, pick: nil, step: index,
        design: try DetectorDesign(text: text), origin: .start, prunedBecause: nil)
      try run.store.begin(Trial(suggestion: suggestion, seed: 1, known: 0))
      let latency = Double(10 * (index + 1))
      let outcome: Outcome =
        index == 2
        ? .crashed(signal: 9)
        : .finished(metrics: ["AP": 0.5, "latency": latency, "parameters": latency * 1e6])
      try report(latency, run, trial: index + 1)
      try run.store.end(
        index + 1, .init(outcome: outcome, sequence: index + 1, seconds: 3))
      guard let truth, index < 2 else { continue }
      let found = truth.annotations.enumerated().filter { index == 0 || $0.offset % 2 == 0 }
      try Files.makeFolder(run.folder.trial(index + 1).path)
      try COCOResultsFile.write(
        found.map {
          DetectionEntry(
            imageID: $1.imageID, categoryID: $1.categoryID, box: $1.box, score: 0.9)
        }, to: run.folder.trial(index + 1).detections)
    }
  }

  /// A latency with an interval of ± 1 ms.
  private func report(_ latency: Double, _ run: Run, trial: Int) throws {
    var reading = LatencyReading(
      runs: try #require(LatencySummary(samples: [latency])))
    reading.device = "a mill"
    reading.interval = .init(low: latency - 1, high: latency + 1)
    try run.store.add(.latency(reading), trial: trial)
  }

  private func run(_ words: String...) -> ExitCode {
    Program.run(["compare"] + words, transcript.context)
  }

  @Test func twoTrialsAreJudgedByTheirRunsTruth() throws {
    #expect(run("\(path)/run:2", "\(path)/run:1") == .done, "\(transcript.log)")
    let text = transcript.output
    #expect(text.contains("A: trial 2 of \(path)/run: \(Self.designs[1])"))
    #expect(text.contains("AP: B is better: the interval of the difference leaves out 0"))
    #expect(text.contains("latency: B is 2.00 times as fast: the 95 % intervals are apart"))
    #expect(text.contains("parameters   20.0 M   10.0 M"))
    #expect(text.contains("-50.0 %"))
    #expect(text.contains("backbone  resnet34 16  resnet18 16"))
    #expect(text.contains("the same: input, neck, proposals"))
    #expect(text.contains("The recipes are the same."))
  }

  @Test func theSameInJSON() throws {
    struct Answer: Decodable {
      struct Accuracy: Decodable {
        let a: Bootstrap.Interval
        let b: Bootstrap.Interval
        let difference: Bootstrap.Interval
        let isResolved: Bool
      }
      struct Latency: Decodable {
        let ratio: Double
        let isResolved: Bool
      }
      let AP: Accuracy
      let AP50: Accuracy
      let latency: Latency
    }
    #expect(run("\(path)/run:1", "\(path)/run:2", "--json") == .done)
    let answer = try JSONDecoder().decode(Answer.self, from: Data(transcript.output.utf8))
    #expect(answer.AP.a.value == 1 && answer.AP.b.value < 0.7 && answer.AP.isResolved)
    #expect(answer.AP.difference.upper < 0)
    #expect(answer.AP.difference == answer.AP50.difference)
    #expect(answer.latency.ratio == 2 && answer.latency.isResolved)
  }

  @Test func theImagesThatDifferMostAreDrawnBesideTheTruth() throws {
    let folder = "\(path)/drawn"
    #expect(
      run("\(path)/run:1", "\(path)/run:2", "--pictures", folder, "--images", "3") == .done,
      "\(transcript.log)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(names.count == 3 && names.allSatisfy { $0.hasSuffix(".png") })
    for name in names {
      let image = try PixelImage.decode("\(folder)/\(name)")
      // Three panels of 560 pixels and four margins.
      #expect(image.width == 3 * 560 + 4 * 12)
      #expect(transcript.output.contains("\(folder)/\(name)"))
    }
    #expect(run("\(path)/run:1", "\(path)/run:1", "--pictures", "\(path)/none") == .done)
    #expect(transcript.log.contains("no pictures: both find the same on every image"))
    #expect(!FileManager.default.fileExists(atPath: "\(path)/none"))
  }

  @Test func filesAreJudgedByTheTruthThatIsNamed() throws {
    let files = (1...2).map { "\(path)/run/trials/00000\($0)/detections.json" }
    #expect(run(files[0], files[1]) == .usage)
    #expect(transcript.log.contains("--truth GT.json is missing"))
    #expect(run(files[0], files[1], "--truth", "\(path)/run/truth.json") == .done)
    #expect(transcript.output.contains("AP: A is better"))
    #expect(!transcript.output.contains("backbone"))
    // A trial beside a file.
    #expect(run("\(path)/run:2", files[0]) == .done)
    #expect(transcript.output.contains("AP: B is better"))
  }

  /// What is missing is named, with what would help.
  @Test func whatCannotBeComparedIsRefusedByName() throws {
    try makeRun("other", seed: 6)
    try makeRun("foreign", seed: 5, command: #"["true"]"#)
    let cases: [(a: String, b: String, says: String)] = [
      ("run", "run:1", "run: is a whole run; say which of its trials"),
      ("run:9", "run:1", "has no trial \"9\"; its trials are called the numbers 1 to 4"),
      ("run:C0", "run:1", "has no trial \"C0\""),
      ("run:3", "run:1", "has no results of trial 3: crashed (signal 9)"),
      ("run:4", "run:1", "trial 4 has left no detections; restore the file"),
      ("foreign:1", "run:1", "let the program that trains write them there"),
      ("other:1", "run:1", "differs from \(path)/other/truth.json, by which the other trial"),
      ("nothing", "run:1", "nothing: is neither a file of detections nor a trial"),
      ("nothing:C0", "run:1", "nothing:C0: is neither a file of detections nor a trial"),
    ]
    for one in cases {
      let transcript = Transcript()
      let words = ["compare", "\(path)/\(one.a)", "\(path)/\(one.b)"]
      #expect(Program.run(words, transcript.context) == .failed, "\(one)")
      #expect(transcript.log.contains(one.says), "\(one.says): \(transcript.log)")
      #expect(transcript.output.isEmpty)
    }
    // Detections that another program wrote are compared where somebody names the truth.
    let found = "\(path)/foreign/trials/000001"
    try Files.makeFolder(found)
    try FileManager.default.copyItem(
      atPath: "\(path)/run/trials/000001/detections.json", toPath: "\(found)/detections.json")
    #expect(run("\(path)/foreign:1", "\(path)/run:2") == .failed)
    #expect(transcript.log.contains("the run keeps no truth of trial 1; add --truth GT.json"))
    let truth = "\(path)/run/truth.json"
    #expect(
      run("\(path)/foreign:1", "\(path)/run:2", "--truth", truth, "--pictures", "\(path)/p")
        == .done)
    #expect(transcript.log.contains("no pictures: \(path)/foreign: another program trains"))
  }

  @Test func latenciesOfTwoDevicesOrOfADisturbedMachineAreNotResolved() throws {
    func record(
      _ latency: Double, device: String?, isCalm: Bool = true, hasInterval: Bool = true
    ) throws -> Contender.Record {
      var reading = LatencyReading(runs: try #require(LatencySummary(samples: [latency])))
      reading.device = device
      if hasInterval { reading.interval = .init(low: latency - 1, high: latency + 1) }
      if !isCalm { reading.disturbances = [.steal] }
      var metrics: [String: Double] = [:]
      metrics.takeLatency(reading)
      let known = try Contender.Record(run: "\(path)/run", trial: "1")
      var trial = known.trial
      trial.result = .init(outcome: .finished(metrics: metrics), sequence: 1, seconds: 1)
      return Contender.Record(run: known.run, trial: trial, reading: reading, recipe: nil)
    }
    let cases: [(Contender.Record, isResolved: Bool, says: String)] = [
      (try record(20, device: "mill"), true, "A is 2.00 times as fast"),
      (try record(11.5, device: "mill"), false, "their 95 % intervals overlap"),
      (try record(20, device: "desk"), false, "different devices (A on mill, B on desk)"),
      (try record(20, device: nil), true, "A is 2.00 times as fast"),
      (try record(20, device: "mill", isCalm: false), false, "B's was taken while"),
      (try record(20, device: "mill", hasInterval: false), false, "nothing says how far"),
    ]
    let first = try record(10, device: "mill")
    for (other, isResolved, words) in cases {
      let contest = try #require(LatencyContest(first, other))
      #expect(contest.isResolved == isResolved && contest.verdict.contains(words), "\(words)")
    }
  }
}
