import CommandTestSupport
import DetBasics
import DetCommand
import DetMetrics
import Foundation
import TestSupport
import Testing

@testable import DetCLI

/// `smnas evaluate` on nine images: one detector that finds every box, and one whose boxes are off.
struct EvaluateVerbTests {
  let transcript = Transcript()
  private let temporary: TemporaryFolder
  private var folder: String { temporary.path }

  init() throws {
    temporary = try TemporaryFolder()
    let images = (1...9).map { GroundTruth.Image(id: $0, width: 100, height: 100) }
    let annotations = (1...9).map { place in
      GroundTruth.Annotation(
        id: place, imageID: place, categoryID: 1 + place % 2,
        box: COCOBox(x: 10, y: 10, width: 20, height: 20), isIgnored: place == 9)
    }
    let truth = try GroundTruth(
      images: images,
      categories: [GroundTruth.Category(id: 1, name: "cat"), .init(id: 2, name: "dog")],
      annotations: annotations)
    try COCOTruthFile.write(truth, to: folder + "/truth.json")
    for (name, shift) in [("good", 0.0), ("bad", 5)] {
      let found = annotations.map { one in
        DetectionEntry(
          imageID: one.imageID, categoryID: one.categoryID,
          box: COCOBox(x: 10 + shift, y: 10, width: 20, height: 20), score: 0.9)
      }
      try COCOResultsFile.write(found, to: folder + "/\(name).json")
    }
  }

  private func run(_ name: String, _ more: String...) -> ExitCode {
    let words = ["evaluate", "--truth", folder + "/truth.json", "--detections"]
    return Program.run(words + [folder + "/\(name).json"] + more, transcript.context)
  }

  private func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: Data(transcript.output.utf8))
  }

  @Test func theTwelveLinesAreTheWholeAnswer() {
    #expect(run("good") == .done)
    let lines = transcript.output.split(separator: "\n")
    #expect(lines.count == 12 && transcript.log == "")
    #expect(lines[0].hasSuffix("| area=   all | maxDets=100 ] = 1.000"))
  }

  /// What had to be filled in is said beside the number, by every metric.
  @Test(arguments: ["coco", "bdd", "voc", "voc-area"])
  func whatATruthFileDidNotSayIsSaidBesideTheNumber(metric: String) throws {
    let boxes = (1...9).map { place in
      let area = place > 3 ? ",\"area\":400" : ""
      let id = place == 9 ? "" : "\"id\":\(place),"
      return #"{\#(id)"image_id":\#(place),"category_id":\#(1 + place % 2),"iscrowd":0"#
        + #","bbox":[10,10,20,20]\#(area)}"#
    }
    let images = (1...9).map { #""\#($0)":{"file_name":"\#($0).jpg","width":100,"height":100}"# }
    try AtomicFile.write(
      """
      {"images":{\(images.joined(separator: ","))},"annotations":[\(boxes.joined(separator: ","))],
      "categories":[{"id":1,"name":"cat"},{"id":2,"name":"dog"}]}
      """, to: folder + "/truth.json")
    let notes = [
      "3 annotations have no area: that of the box is taken",
      "1 id is missing, no number, or used twice, and given a number",
      "9 images, classes and annotations are written in an object by ids, and read as in the list that belongs there",
    ].map { "\(folder)/truth.json: \($0)" }
    #expect(run("good", "--metric", metric) == .done)
    for note in notes { #expect(transcript.log.contains("note: \(note)\n"), "\(transcript.log)") }
    #expect(transcript.output.contains("1.000"))
    let json = Transcript()
    let words = [
      "evaluate", "--truth", folder + "/truth.json", "--detections", folder + "/good.json",
      "--metric",
      metric, "--json",
    ]
    #expect(Program.run(words, json.context) == .done)
    struct Answer: Decodable { let notes: [String] }
    let answer = try JSONDecoder().decode(Answer.self, from: Data(json.output.utf8))
    #expect(answer.notes == notes)
  }

  @Test func theTwelveKeysAreTheWholeJSON() throws {
    #expect(run("good", "--json") == .done)
    let numbers = try decoded([String: Double].self)
    #expect(
      numbers.keys.sorted() == [
        "AP", "AP50", "AP75", "APlarge", "APmedium", "APsmall", "AR1", "AR10", "AR100", "ARlarge",
        "ARmedium", "ARsmall",
      ])
    #expect(abs((numbers["AP"] ?? 0) - 1) < 1e-12 && numbers["APlarge"] == -1)
  }

  @Test func ignoredBoxesAreMissedOnlyWhereTheyAreAskedFor() throws {
    func recall(_ words: String...) throws -> Double {
      let transcript = Transcript()
      let all = ["evaluate", "--truth", folder + "/truth.json", "--detections"] + words
      #expect(Program.run(all + ["--json"], transcript.context) == .done)
      let numbers = try JSONDecoder().decode(
        [String: Double].self, from: Data(transcript.output.utf8))
      return try #require(numbers["AR100"])
    }
    // All but the dog of image 9, which the truth ignores: four of its five are found, or four of four.
    let all = try COCOResultsFile.read(folder + "/good.json")
    try COCOResultsFile.write(all.filter { $0.imageID != 9 }, to: folder + "/eight.json")
    #expect(abs(try recall(folder + "/eight.json") - 0.9) < 1e-12)
    #expect(abs(try recall(folder + "/eight.json", "--leave-out-ignored") - 1) < 1e-12)
  }

  @Test func bddIsTheMeanOfTheClasses() throws {
    #expect(run("bad", "--metric", "bdd", "--json") == .done)
    #expect(abs((try decoded([String: Double].self)["AP"] ?? 0) - 0.3) < 1e-12)
  }

  @Test func anotherDetectorIsComparedOnTheSameDraws() throws {
    struct Answer: Decodable {
      let AP: Double
      let against: COCOSummary
      let comparison: Bootstrap.Comparison
      let interval: Bootstrap.Interval
    }
    let other = ["--against", folder + "/good.json", "--samples", "50"]
    #expect(run("bad", other[0], other[1], other[2], other[3]) == .done)
    #expect(transcript.output.contains("difference 0.7000, 95 % interval 0.7000 to 0.7000"))
    #expect(transcript.output.contains("/good.json is better: the interval leaves out 0"))
    let json = Transcript()
    let words = ["evaluate", "--truth", folder + "/truth.json", "--detections"]
    let asked = [folder + "/bad.json", "--json", "--confidence", "90%"] + other
    #expect(Program.run(words + asked, json.context) == .done)
    let answer = try JSONDecoder().decode(Answer.self, from: Data(json.output.utf8))
    #expect(answer.against.AP > 0.99 && abs(answer.comparison.difference.value - 0.7) < 1e-12)
    #expect(answer.interval.confidence == 0.9 && answer.interval.value == answer.AP)
  }

  @Test func aDetectorIsNoBetterThanItself() {
    #expect(run("bad", "--against", folder + "/bad.json", "--samples", "20") == .done)
    #expect(transcript.output.contains("cannot be told: the interval holds 0"))
    #expect(transcript.output.contains("p = 1.0000"))
  }

  @Test func intervalsErrorsAndClassesFollowTheLines() {
    #expect(run("bad", "--confidence", "0.95", "--samples", "20", "--errors", "--classes") == .done)
    let output = transcript.output
    #expect(output.contains("\ncat         4  0.300  1.000"))
    #expect(output.contains("AP 0.3000, 95 % interval 0.3000 to 0.3000, standard error 0.0000"))
    #expect(output.contains("AP50 is 1.0000; mending each kind of error alone would gain"))
    #expect(output.contains("\nlocalization        0  0.0000  on an object of its class"))
  }

  @Test func withoutTruthsThereIsNoInterval() throws {
    let truth = try GroundTruth(
      images: [GroundTruth.Image(id: 1, width: 100, height: 100)],
      categories: [GroundTruth.Category(id: 1, name: "cat")], annotations: [])
    try COCOTruthFile.write(truth, to: folder + "/nothing.json")
    try COCOResultsFile.write([DetectionEntry](), to: folder + "/none.json")
    let words = [
      "evaluate", "--truth", folder + "/nothing.json", "--detections", folder + "/none.json",
    ]
    #expect(Program.run(words + ["--confidence", "95%"], transcript.context) == .done)
    #expect(
      transcript.output.contains("AP is not defined without truths, and neither is its interval"))
  }

  @Test func overlapsAndLimitsAreTaken() throws {
    #expect(run("bad", "--iou", "0.5:0.6:0.05", "--max-dets", "1,2", "--json") == .done)
    let numbers = try decoded([String: Double].self)
    #expect(abs((numbers["AP"] ?? 0) - 1) < 1e-12 && numbers["AP75"] == -1)
  }

  @Test func curvesAreWritten() throws {
    let path = folder + "/curves.csv"
    #expect(run("good", "--curves", path, "--iou", "0.5") == .done)
    let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(rows.count == 1 + 2 * 101)
  }

  @Test(arguments: ["voc", "voc-area"])
  func vocLeavesDifficultBoxesOut(metric: String) throws {
    #expect(run("good", "--metric", metric) == .done)
    #expect(transcript.output.contains("dog         4  1.0000"))
    #expect(transcript.output.contains("mean AP at IoU 0.50 (VOC, "))
    #expect(run("good", "--metric", metric, "--against", "x") == .usage)
    #expect(transcript.log.contains("--against belongs to COCO's AP"))
    #expect(run("good", "--metric", metric, "--iou", "0.5,0.6") == .usage)
  }

  @Test func detectionsOfUnknownClassesAreAnErrorOrCounted() throws {
    let stranger = DetectionEntry(
      imageID: 1, categoryID: 77, box: COCOBox(x: 0, y: 0, width: 1, height: 1), score: 0.5)
    try COCOResultsFile.write([stranger], to: folder + "/strange.json")
    #expect(run("strange") == .failed)
    #expect(transcript.log.contains("detections[0].category_id: no category of the truth has"))
    #expect(run("strange", "--skip-unknown-classes") == .done)
    #expect(transcript.log.contains("passed over 1 detection of classes that the truth lacks"))
  }
}

struct MetricListTests {
  @Test func overlapsAreListsOrRangesWithBothEnds() throws {
    #expect(try OverlapList(argument: "0.75,0.5").values == [0.5, 0.75])
    #expect(try OverlapList(argument: "0.5:0.95:0.05").values == COCOParameters().iouThresholds)
    for wrong in ["", "0.5,", "x", "0.5:0.95", "0.9:0.5:0.1", "0:1:0.001", "1.5", "0.5,0.5", "nan"]
    {
      #expect(throws: ArgumentValueError.self) { try OverlapList(argument: wrong) }
    }
  }

  @Test func limitsAreDifferentPositiveNumbers() throws {
    #expect(try LimitList(argument: "100,1,10").values == [1, 10, 100])
    for wrong in ["", "0", "1,1", "-1", "1,2,3,4,5,6,7,8,9", "1.5"] {
      #expect(throws: ArgumentValueError.self) { try LimitList(argument: wrong) }
    }
  }

  @Test func confidenceIsAShareOrPerCent() throws {
    #expect(try Confidence(argument: "95%").value == 0.95)
    #expect(try Confidence(argument: "0.9").text == "90 %")
    #expect(try Confidence(argument: "99.5%").text == "99.5 %")
    for wrong in ["0", "1", "100%", "x", "-0.5", "nan"] {
      #expect(throws: ArgumentValueError.self) { try Confidence(argument: wrong) }
    }
  }
}
