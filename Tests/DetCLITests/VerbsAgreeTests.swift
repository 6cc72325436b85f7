import CommandTestSupport
import DetBasics
import DetCommand
import DetData
import DetMetrics
import DetSpec
import Foundation
import TestSupport
import Testing

@testable import DetCLI

/// Two verbs never disagree on the same input.
struct VerbsAgreeTests {
  private let program: BuiltProgram
  private let truth: String
  private let plan: String

  /// Pictures with up to 130 squares of two classes, whose ids are not 1 and 2, and two pictures without any.
  init() throws {
    program = try BuiltProgram()
    let folder = program.folder
    var images: [GroundTruth.Image] = []
    var annotations: [GroundTruth.Annotation] = []
    for (place, count) in [130, 3, 0, 0].enumerated() {
      var pixels = [UInt8](repeating: 40, count: 128 * 128 * 3)
      for square in 0..<count {
        let (x, y) = (square % 12 * 10 + 2, square / 12 * 10 + 2)
        for row in y..<(y + 7) {
          for at in (row * 128 + x) * 3..<(row * 128 + x + 7) * 3 { pixels[at] = 220 }
        }
        annotations.append(
          .init(
            id: Int64(annotations.count + 1), imageID: Int64(place + 1),
            categoryID: square % 2 == 0 ? 3 : 9,
            box: COCOBox(x: Double(x), y: Double(y), width: 7, height: 7)))
      }
      try PixelImage(width: 128, height: 128, pixels: pixels).encodePNG()
        .write(to: URL(fileURLWithPath: "\(folder)/\(place).png"))
      images.append(.init(id: Int64(place + 1), width: 128, height: 128, fileName: "\(place).png"))
    }
    truth = "\(folder)/truth.json"
    try COCOTruthFile.write(
      GroundTruth(
        images: images, categories: [.init(id: 3, name: "oak"), .init(id: 9, name: "ash")],
        annotations: annotations), to: truth)
    let data = #"{ "format": "coco", "annotations": "truth.json", "images": "." }"#
    plan = try program.write(
      "plan.json",
      """
      { "name": "agree", "seed": 1, "data": { "train": \(data), "validation": \(data) },
        "structural": { "trials": 1, "initial": 1,
          "recipe": { "extends": "small", "epochs": 2, "batch": 4, "detection": { "detectionsPerImage": 400, "scoreFloor": 0 },
                      "latency": { "warmupRuns": 0, "runs": 1 } },
          "space": { "inputs": ["128x128"], "backbones": ["resnet18 8"], "necks": ["fpn P1-P2 16"],
                     "proposals": ["none"], "heads": ["retinanet"] } } }
      """)
  }

  @Test func aTrainingIsTheFinalOneUnlessToldOtherwise() throws {
    // The plan's four images do not fill a batch of the recipe, which is found when all else is done.
    let trained = try program.run(
      "train", "128x128 | resnet18 8 | fpn P1-P2 16 | none | retinanet", "--plan", plan, "--output",
      "\(program.folder)/final")
    #expect(trained.status == 1)
    #expect(trained.log.contains("recipe: final, 24 epochs, from scratch\n"), "\(trained.log)")
    #expect(trained.log.contains("do not fill a batch of 8"), "\(trained.log)")
  }

  @Test func theNumbersOfATrainingAreThoseOfItsDetections() throws {
    let output = "\(program.folder)/out"
    let trained = try program.run(
      "train", "128x128 | resnet18 8 | fpn P1-P2 16 | none | retinanet", "--plan", plan, "--recipe",
      "plan", "--output", output)
    #expect(trained.status == 0, "\(trained.log)")
    #expect(
      trained.log.contains("recipe: that of the plan's structural stage, 2 epochs, from scratch"))
    // Images without boxes are counted where they are used.
    #expect(trained.log.contains(" 4 images, 2 epochs"))
    let events = try Files.text("\(output)/events.jsonl").split(separator: "\n")
    let last = try JSON.decode(
      TrialEvent.self, from: String(try #require(events.last)), source: "events")
    guard case .finished(let metrics) = last else {
      Issue.record("the last event is \(last)")
      return
    }
    let answer = try program.run(
      "evaluate", "--truth", truth, "--detections", "\(output)/detections.json", "--max-dets",
      "1,10,400", "--leave-out-ignored", "--errors", "--json")
    struct Answer: Decodable {
      struct Errors: Decodable { let averagePrecision: Double }
      let AP: Double
      let AP50: Double
      let AP75: Double
      let AR1: Double
      let AR100: Double
      let APsmall: Double
    }
    let numbers = try JSONDecoder().decode(Answer.self, from: Data(answer.output.utf8))
    #expect(metrics["AP"] == numbers.AP && metrics["AP50"] == numbers.AP50)
    #expect(metrics["AP75"] == numbers.AP75 && metrics["APsmall"] == numbers.APsmall)
    #expect(metrics["AR1"] == numbers.AR1 && metrics["AR400"] == numbers.AR100)
    // Without the option the last limit is COCO's, and that is said.
    let usual = try program.run(
      "evaluate", "--truth", truth, "--detections", "\(output)/detections.json")
    #expect(usual.log.hasPrefix("note: ") && usual.log.contains("--max-dets 1,10,"))
    struct Line: Decodable { let category_id: Int64 }
    let lines = try JSONDecoder().decode(
      [Line].self, from: Files.bytes("\(output)/detections.json"))
    #expect(Set(lines.map(\.category_id)) == [3, 9])
  }

  @Test func everyMetricFindsPerfectDetectionsPerfect() throws {
    let perfect = try COCOTruthFile.read(truth).annotations.map {
      DetectionEntry(imageID: $0.imageID, categoryID: $0.categoryID, box: $0.box, score: 0.9)
    }
    try COCOResultsFile.write(perfect, to: "\(program.folder)/perfect.json")
    func evaluate(_ more: String...) -> String {
      let transcript = Transcript()
      let words = ["evaluate", "--truth", truth, "--detections", "\(program.folder)/perfect.json"]
      #expect(Program.run(words + more, transcript.context) == .done)
      return transcript.output
    }
    #expect(evaluate("--max-dets", "1,10,130").contains("maxDets=130 ] = 1.000"))
    #expect(evaluate("--max-dets", "1,10,130", "--errors").contains("AP50 is 1.0000"))
    #expect(evaluate("--metric", "bdd", "--max-dets", "1,10,130").contains("maxDets=130 ] = 1.000"))
    #expect(evaluate("--metric", "voc").contains("(VOC, 11 points): 1.0000"))
    #expect(evaluate("--metric", "voc-area").contains("(VOC, area): 1.0000"))
  }

  @Test func aBatchThatCannotBeFilledIsSaidBeforeASearch() throws {
    let text = try Files.text(plan)
    let few = try program.write(
      "few.json", text.replacing("\"batch\": 4", with: "\"batch\": 3, \"backgroundShare\": 0"))
    for words in [["plan", few], ["search", few, "--run", "\(program.folder)/run"]] {
      let transcript = Transcript()
      #expect(Program.run(words, transcript.context) == .failed)
      #expect(
        transcript.log.contains(
          "of the 4 images of the training set 2 are trained on, which do not fill a batch of 3: "
            + "2 have no boxes to learn from"), "\(transcript.log)")
    }
    #expect(!FileManager.default.fileExists(atPath: "\(program.folder)/run"))
    let half = try program.write(
      "half.json", text.replacing("\"batch\": 4", with: "\"batch\": 3, \"backgroundShare\": 0.5"))
    let transcript = Transcript()
    #expect(Program.run(["plan", half], transcript.context) == .done)
    #expect(
      transcript.output.contains(
        "2 epochs of 3 images (1 without boxes to learn from are left out), batch 3"),
      "\(transcript.output)")
  }

  @Test func aFolderIsTheSameWithAndWithoutTheFolderOneStandsIn() throws {
    let data = try TemporaryFolder()
    let image = try Files.bytes("\(program.folder)/0.png")
    try data.write("images/a.png", image)
    try data.write("labels/a.txt", "0 0.5 0.5 0.2 0.2\n")
    for name in ["images", "./images", "images/", "\(data.path)/images"] {
      let command =
        "cd '\(data.path)' && exec '\(BuiltProgram.path)' doctor --data '\(name)' --classes tree"
      let answer = try program.run("-c", command, through: "/bin/sh")
      #expect(
        answer.output.contains("1 images (0 without boxes), 1 boxes, 1 class")
          || answer.output.contains("1 image (0 without boxes), 1 box, 1 class"),
        "\(name): \(answer.log)\(answer.output)")
    }
  }
}
