import CommandTestSupport
import DetBasics
import DetCommand
import DetData
import Foundation
import TestSupport
import Testing

@testable import DetCLI

/// Data sets as exports bring them: by any path, by their data file, and with what became of every file.
@Suite struct DataFileDoctorTests {
  private let temporary: TemporaryFolder
  private var folder: String { temporary.path }

  init() throws {
    temporary = try TemporaryFolder()
    let scenes = try Dataset.load(
      .shapes(count: 8, size: PixelSize(width: 96, height: 96), seed: 5, classes: ["circle"]))
    for (index, scene) in scenes.samples.enumerated() {
      let side = index < 6 ? "train" : "valid"
      try temporary.write(
        "\(side)/images/day\(index % 2)/\(index).png", scene.picture().encodePNG())
      let lines = scene.boxes.map { box in
        let numbers = [
          (box.x0 + box.x1) / 192, (box.y0 + box.y1) / 192, box.width / 96, box.height / 96,
        ]
        return "1 " + numbers.map { "\($0)" }.joined(separator: " ")
      }
      try temporary.write(
        "\(side)/labels/day\(index % 2)/\(index).txt", lines.joined(separator: "\n"))
    }
    try temporary.write("valid/images/x.webp", "RIFF")
    try temporary.write(
      "data.yaml",
      "train: ../train/images\nval: ../valid/images\n\nnc: 2\nnames: ['square', 'circle']\n")
  }

  private func run(_ words: String...) -> (code: ExitCode, transcript: Transcript) {
    let transcript = Transcript()
    return (Program.run(words, transcript.context), transcript)
  }

  @Test func aDataFileIsAWholeDataSetAndEveryFileIsAccountedFor() throws {
    let data = "\(folder)/data.yaml"
    let doctor = run("doctor", "--data", data, "--quick").transcript.output
    for line in [
      "training data", "validation data", "6 images found: all used",
      "3 images found: 2 used, 1 left out (otherFile 1)", "6 label files found: all used",
    ] { #expect(doctor.contains(line), "\(doctor)") }
    let plan = "\(folder)/plan.json"
    let written = run("init", "--train", data, "--output", plan, "--hours", "0.1")
    #expect(written.code == .done, "\(written.transcript.log)")
    #expect(written.transcript.log.contains("training: 6 images found: all used; 6 label files"))
    #expect(try Files.text(plan).contains("\"images\": \"train/images\""))
    let planned = run("plan", plan).transcript.output
    #expect(planned.contains("6 images with"), "\(planned)")
    #expect(planned.contains("2 to judge on; classes: square, circle"))
    #expect(
      planned.contains("validation: 3 images found: 2 used, 1 left out (otherFile 1); 2 label"))
    let json = run("plan", plan, "--json").transcript.output
    #expect(json.contains("\"leftOut\""))
  }

  @Test func theSameFolderIsTheSameByAnyPath() throws {
    let program = try BuiltProgram()
    func answer(_ path: String) throws -> String {
      let call =
        "cd '\(folder)/train' && exec '\(BuiltProgram.path)' doctor --data \(path) --classes a,b --quick"
      let told = try program.run("-c", call, through: "/bin/sh").output
      return told.components(separatedBy: "\ndata\n").last ?? ""
    }
    let plain = try answer("images")
    #expect(
      plain.contains("6 images found: all used") && plain.contains("6 label files found: all used"))
    for path in [
      "./images", "images/", "../train/images", "./images/.", "'\(folder)/train/images'",
    ] {
      let told = try answer(path)
      #expect(
        told.components(separatedBy: "\n\n").dropFirst().first
          == plain.components(separatedBy: "\n\n").dropFirst().first)
      #expect(told.contains("6 images found: all used"), "\(path): \(told)")
    }
  }

  @Test func whatIsMissingIsNamedWithTheCure() throws {
    let classes = run("doctor", "--data", "\(folder)/train/images")
    #expect(classes.code == .usage)
    #expect(classes.transcript.log.contains("give --classes \(folder)/data.yaml"))
    try temporary.write("cvat/annotations.xml", "<annotations><version>1.1</version></annotations>")
    let cvat = run("init", "--train", "\(folder)/cvat", "--output", "\(folder)/p.json")
    #expect(
      cvat.transcript.log.contains("annotations.xml: is CVAT's XML, which is not read; export it"))
    let list = try temporary.write("train.txt", "train/images/day0/0.png\n")
    #expect(
      run("doctor", "--data", list).transcript.log.contains("give --classes \(folder)/data.yaml"))
    let named = run("doctor", "--data", list, "--classes", "\(folder)/data.yaml", "--quick")
    #expect(named.transcript.output.contains("train.txt: 1 image "), "\(named.transcript.log)")
  }
}
