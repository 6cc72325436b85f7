import CommandTestSupport
import DetBasics
import DetCommand
import DetData
import DetSearch
import DetTask
import Foundation
import FoundationXML
import TestSupport
import Testing

@testable import DetCLI

/// From a data set to a plan that the other verbs accept, and what the doctor says of it.
@Suite struct InitAndDoctorTests {
  private let temporary: TemporaryFolder
  private var folder: String { temporary.path }
  private var plan: String { "\(folder)/plan.json" }

  init() throws { temporary = try TemporaryFolder() }

  private func run(_ words: String...) -> (code: ExitCode, transcript: Transcript) {
    let transcript = Transcript()
    return (Program.run(words, transcript.context), transcript)
  }

  /// Eight images of noise with boxes of one class, as VOC; the first has a box that begins at pixel 0.
  private func writeVOC(_ name: String, seed: UInt64, images: Int = 8) throws -> String {
    let path = "\(folder)/\(name)"
    try Files.makeFolder(path)
    let scenes = try Dataset.load(
      .shapes(
        count: images, size: PixelSize(width: 96, height: 96), seed: seed, classes: ["circle"]))
    for (index, scene) in scenes.samples.enumerated() {
      try AtomicFile.write(try scene.picture().encodePNG(), to: "\(path)/\(index).png")
      var corners = scene.boxes.map { box in
        [box.x0, box.y0, box.x1, box.y1].map { Int($0.rounded()) }
      }
      if index == 0 { corners.append([0, 0, 20, 24]) }
      let objects = corners.map { box in
        "<object><name>circle</name><bndbox><xmin>\(box[0])</xmin><ymin>\(box[1])</ymin>"
          + "<xmax>\(box[2])</xmax><ymax>\(box[3])</ymax></bndbox></object>"
      }
      try AtomicFile.write(
        "<annotation><filename>\(index).png</filename>\(objects.joined())</annotation>",
        to: "\(path)/\(index).xml")
    }
    return path
  }

  @Test func aPlanForVOCIsAcceptedAndDividedByImages() throws {
    let voc = try writeVOC("voc", seed: 1)
    let written = run("init", "--train", voc, "--output", plan, "--hours", "0.1")
    #expect(written.code == .done, "\(written.transcript.log)")
    let text = try Files.text(plan)
    #expect(text.contains("// Pixels are counted from 0: "))
    #expect(text.contains("// Divided by images"))
    #expect(text.contains("\"annotations\": \"voc\""))
    let planned = run("plan", plan)
    #expect(planned.code == .done, "\(planned.transcript.log)")
    #expect(planned.transcript.output.contains("data: 6 images"))
    #expect(planned.transcript.output.contains("2 to judge on; classes: circle"))
    let doctor = run("doctor", "--data", plan)
    #expect(doctor.code == .done, "\(doctor.transcript.output)")
    #expect(doctor.transcript.output.contains("what anchors cover of the boxes"))
    let again = run("init", "--train", voc, "--output", plan)
    #expect(again.code == .failed)
    #expect(again.transcript.log.contains("is there already, and is not overwritten"))
    #expect(try Files.text(plan) == text)
  }

  @Test func aPlanForShapesHasItsOwnValidationScenes() throws {
    let written = run(
      "init", "--format", "shapes", "--train", "40", "--validation", "10", "--output", plan,
      "--seed", "3", "--hours", "0.1", "--name", "demo")
    #expect(written.code == .done, "\(written.transcript.log)")
    let file = try PlanFile(plan)
    let read = file.plan
    #expect(read.name == "demo" && read.seed == 3)
    let data = try #require(file.sources)
    #expect(data.train.seed != data.validation.seed)
    #expect(data.validation.count == 10)
    #expect(run("plan", plan).code == .done)
  }

  @Test func moreHoursMeanMoreTrials() throws {
    func trials(_ hours: String) throws -> Int {
      let file = "\(folder)/\(hours).json"
      let written = run(
        "init", "--format", "shapes", "--train", "300", "--output", file, "--hours", hours)
      #expect(written.code == .done, "\(written.transcript.log)")
      return try #require(try PlanFile(file).plan.structural?.trials)
    }
    #expect(try trials("0.001") == 6)
    #expect(try trials("500") > 6)
  }

  @Test func wrongWordsAreRefusedWithTheCure() throws {
    #expect(run("init", "--output", plan).transcript.log.contains("--train PATH is missing"))
    let nowhere = run("init", "--train", "\(folder)/none", "--output", plan)
    #expect(nowhere.code == .failed && nowhere.transcript.log.contains("no such file or folder"))
    let unclear = run("init", "--train", folder, "--output", plan)
    #expect(unclear.code == .usage && unclear.transcript.log.contains("name it with --format"))
    let share = run("init", "--train", folder, "--share", "1", "--output", plan)
    #expect(share.transcript.log.contains("--share lies between 0 and 1"))
    #expect(!FileManager.default.fileExists(atPath: plan))
    let page = run("doctor", "--html", "\(folder)/a.html")
    #expect(page.code == .usage && page.transcript.log.contains("name one with --data"))
  }

  @Test func plantedFaultsAreInTheTextTheJSONAndThePage() throws {
    let train = try writeVOC("train", seed: 1)
    let validation = try writeVOC("validation", seed: 2, images: 4)
    try AtomicFile.write(
      try Data(contentsOf: URL(fileURLWithPath: "\(train)/3.png")), to: "\(validation)/3.png")
    try AtomicFile.write(Data("broken".utf8), to: "\(train)/5.png")
    try AtomicFile.write(
      "<annotation><filename>../x.png</filename></annotation>", to: "\(train)/8.xml")
    let page = "\(folder)/page.html"
    let words = ["doctor", "--data", train, "--validation", validation, "--first-pixel", "0"]
    let told = Transcript()
    #expect(Program.run(words + ["--html", page], told.context) == .failed)
    for kind in ["pathOutside (1)", "imageBroken (1)", "leakage (1)"] {
      #expect(told.output.contains(kind), "\(told.output)")
    }
    let html = try Files.text(page)
    #expect(html.contains("Broken images") && html.contains("The same image in both data sets"))
    #expect(html.components(separatedBy: "<img src=\"data:image/jpeg;base64,").count > 4)
    #expect(!html.contains("http://") || html.components(separatedBy: "http://").count == 2)
    let parser = XMLParser(data: Data(html.utf8))
    #expect(parser.parse(), "line \(parser.lineNumber)")

    struct Answer: Decodable {
      let isSound: Bool
      let train: DatasetReport
      let validation: DatasetReport
    }
    let json = Transcript()
    #expect(Program.run(words + ["--json", "--quick"], json.context) == .failed)
    let answer = try JSONDecoder().decode(Answer.self, from: Data(json.output.utf8))
    #expect(!answer.isSound)
    #expect(answer.train.findings.map(\.kind).contains(.leakage))
    #expect(answer.train.findings.allSatisfy { !$0.place.isEmpty && !$0.cure.isEmpty })
  }
}
