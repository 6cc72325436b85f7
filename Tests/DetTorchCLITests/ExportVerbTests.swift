import CommandTestSupport
import DetBasics
import DetCommand
import DetData
import DetExport
import DetModel
import DetNN
import DetSpec
import DetTensor
import DetTraining
import Foundation
import TestSupport
import Testing

@testable import DetTorchCLI

/// `smnas export`: what it writes, and that it writes nothing where something is wrong.
struct ExportVerbTests {
  private let folder: TemporaryFolder
  private let weights: String

  private struct Summary: Decodable {
    struct Row: Decodable {
      let format: String
      let AP: Double?
      let equality: String?
    }
    let file: String
    let classes: [String]
    let images: Int
    let boxes: Int
    let width: Int
    let height: Int
    let suppression: Bool
    let formats: [Row]
  }

  init() throws {
    folder = try TemporaryFolder()
    weights = folder.file("w.safetensors")
    try Self.writeWeights(to: weights, "96x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn")
    for (name, width, height) in [
      ("wide/a.png", 90, 60), ("wide/b.png", 96, 64), ("tall/c.png", 50, 90),
    ] {
      let pixels = (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 7) }
      let image = PixelImage(width: width, height: height, pixels: pixels)
      try folder.write(name, image.encodePNG())
    }
  }

  /// A detector with scores that differ, of a class that the shapes of plans have.
  static func writeWeights(
    to path: String, _ text: String, tiles: Tiling? = nil, spread: Double = 0.3,
    change: (inout Recipe) -> Void = { _ in }
  ) throws {
    let design = try DetectorDesign(text: text)
    var recipe = RecipePreset.small.recipe
    recipe.detection.headWidth = 16
    recipe.detection.testProposals = 40
    change(&recipe)
    let detector = try Detector(design, classes: 1, recipe: recipe, seed: 1)
    var generator = Generator(seed: 3)
    withoutGradient {
      for entry in detector.store.entries {
        if entry.name.contains("roi_heads.box_predictor") || entry.name.contains("cls_logits") {
          entry.tensor.copy_(
            Tensor.normal(entry.tensor.shape, deviation: spread, using: &generator))
        } else if entry.name.hasPrefix("head."), entry.tensor.dimensions == 4 {
          entry.tensor.copy_(Tensor.normal(entry.tensor.shape, deviation: 0.1, using: &generator))
        }
      }
    }
    try Checkpoint(
      design: design, recipe: recipe, classes: ["circle"], categoryIDs: [1], tiles: tiles,
      epochs: 1,
      seed: 1
    ).write(detector.store.state, to: path)
  }

  private func export(_ words: [String]) -> (exit: ExitCode, transcript: Transcript) {
    let transcript = Transcript()
    return (Program.run(["export"] + words, transcript.context), transcript)
  }

  private func summary(_ output: String) throws -> Summary {
    try JSONDecoder().decode(Summary.self, from: Files.bytes(folder.file("\(output)/export.json")))
  }

  /// A plan of drawn shapes, whose validation set has truth.
  private func plan(classes: String = "circle") throws -> String {
    let path = folder.file("plan-\(classes).json")
    let set = "\"format\": \"shapes\", \"size\": \"96x64\", \"classes\": [\"\(classes)\"]"
    try Data(
      """
      { "name": "tiny", "seed": 3, "data": { "train": { "count": 4, "seed": 1, \(set) },
        "validation": { "count": 6, "seed": 2, \(set) } },
        "structural": { "trials": 2, "initial": 2, "recipe": "small", "space": { "inputs": ["96x64"],
          "backbones": ["resnet18 8"], "necks": ["fpn P1-P2 16"], "proposals": ["rpn"], "heads": ["rcnn"] } } }
      """.utf8
    ).write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test func fileAndSummaryAreWrittenAfterTheProofOnTheValidationSet() throws {
    let output = folder.file("out")
    let (exit, transcript) = export([weights, "--output", output, "--plan", try plan()])
    #expect(exit == .done, "\(transcript.log)")
    let summary = try summary("out")
    #expect(summary.images == 6 && summary.boxes > 6 && summary.suppression)
    #expect(summary.width == 96 && summary.height == 64 && summary.classes == ["circle"])
    #expect(summary.formats.map(\.format) == ["smnas"] && summary.formats[0].AP != nil)
    let file = try Files.bytes(summary.file)
    #expect(file.prefix(3) == Data([8, 8, 0x12]))
    let text = String(decoding: file, as: UTF8.self)
    for word in ["96x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn", "NonMaxSuppression", "licence"] {
      #expect(text.contains(word), "\(word)")
    }
  }

  @Test func tilesOfAnImageAreJoinedInTheFile() throws {
    let tiled = folder.file("tiled.safetensors")
    let design = "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn"
    try Self.writeWeights(to: tiled, design, tiles: Tiling(size: 64, stride: 32))
    // Scenes of 96x64 have two tiles; the plan's own tiles, of another size, do not count.
    let path = folder.file("plan-tiled.json")
    let text = try String(contentsOfFile: plan(), encoding: .utf8)
      .replacing("\"format\"", with: "\"tiles\": { \"size\": 48 }, \"format\"")
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    let output = folder.file("out")
    let (exit, transcript) = export([
      tiled, "--output", output, "--plan", path, "--tiles", "3",
    ])
    #expect(exit == .done, "\(transcript.log)")
    let summary = try summary("out")
    #expect(summary.images == 6 && summary.boxes > 6 && summary.formats[0].AP != nil)
    let file = String(decoding: try Files.bytes(summary.file), as: UTF8.self)
    for word in ["tiles [3, 4]", "extent [1, 2]", "settled [1]"] { #expect(file.contains(word)) }
  }

  @Test func tilesThatCannotBeJoinedAreRefused() throws {
    let tiled = folder.file("tiled.safetensors")
    let design = "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn"
    try Self.writeWeights(to: tiled, design, tiles: Tiling(size: 32))
    let images = ["--images", folder.file("wide")]
    let cases: [(String, [String], String)] = [
      (weights, ["--tiles", "4"], "sees images whole"),
      (tiled, ["--tiles", "4"], "of 6 tiles, more than 4; give --tiles 6"),
      (tiled, ["--tiles", "400"], "--tiles is 400; use 1 to 256"),
      (tiled, ["--tiles", "6", "--batch", "2"], "leave --batch"),
      (
        tiled, ["--tiles", "6", "--without-suppression"],
        "leave --batch and --without-suppression out"
      ),
      (
        tiled, ["--tiles", "6", "--format", "torchvision"],
        "--tiles and --without-suppression are for"
      ),
    ]
    for (file, words, answer) in cases {
      let output = folder.file("refused")
      let (exit, transcript) = export([file, "--output", output] + images + words)
      #expect(exit != .done && transcript.log.contains(answer), "\(words): \(transcript.log)")
      #expect(!FileManager.default.fileExists(atPath: output + "/detector.onnx"))
    }
  }

  /// Half precision moves AP by more than 1e-4 here: it is refused with what it is off by, and taken by whom that is near enough.
  @Test func anAPThatIsFurtherOffThanAllowedIsRefused() throws {
    func exported(_ tolerance: String, to name: String) throws -> (ExitCode, String) {
      let (exit, transcript) = export([
        weights, "--output", folder.file(name), "--plan", try plan(), "--precision", "float16",
        "--tolerance", tolerance,
      ])
      return (exit, transcript.log)
    }
    let tight = try exported("1e-9", to: "tight")
    #expect(tight.0 != .done && tight.1.contains("give a larger --tolerance"), "\(tight.1)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("tight/detector.onnx")))
    let wide = try exported("0.1", to: "wide")
    #expect(wide.0 == .done, "\(wide.1)")
  }

  @Test func theTrialIsToldWhatWasExportedOfIt() throws {
    try folder.makeFolder("trial")
    let trial = TrialFolder(folder.file("trial"))
    try FileManager.default.copyItem(atPath: weights, toPath: trial.weights)
    func exported(_ name: String) -> (exit: ExitCode, transcript: Transcript) {
      export([trial.weights, "--output", folder.file(name), "--images", folder.file("wide")])
    }
    // Weights by themselves belong to no trial.
    #expect(exported("out").exit == .done && trial.exported.isEmpty)
    try folder.write("trial/job.json", "{}")
    #expect(exported("again").exit == .done)
    let record = try #require(trial.exported.first)
    #expect(trial.exported.count == 1 && record.file == folder.file("again/detector.onnx"))
    #expect(record.images == 2 && record.AP == nil && record.verified.isEmpty)
    #expect(record.bytes == (try Files.bytes(record.file)).count)
    // Where that cannot be written the export stands.
    try FileManager.default.removeItem(atPath: trial.exports)
    try folder.makeFolder("trial/exports.jsonl")
    let unseen = exported("third")
    #expect(unseen.exit == .done && unseen.transcript.log.contains("will not lead to the file"))
  }

  @Test func imagesThatLieTheOtherWayHaveAFileOfTheirOwn() throws {
    let wide = export([weights, "--output", folder.file("w"), "--images", folder.file("wide")])
    #expect(wide.exit == .done, "\(wide.transcript.log)")
    #expect(try summary("w").images == 2)
    let tall = export([
      weights, "--output", folder.file("t"), "--images", folder.file("tall"), "--portrait",
      "--batch", "2", "--pixels", "float32",
    ])
    #expect(tall.exit == .done, "\(tall.transcript.log)")
    let summary = try summary("t")
    #expect(summary.width == 64 && summary.height == 96 && summary.images == 1)
    let none = export([weights, "--output", folder.file("n"), "--images", folder.file("tall")])
    #expect(none.exit == .failed && none.transcript.log.contains("add --portrait"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("n")))
  }

  @Test func whatIsThereStays() throws {
    try folder.write("out/detector.onnx", Data("mine".utf8))
    let (exit, transcript) = export([
      weights, "--output", folder.file("out"), "--images", folder.file("wide"),
    ])
    #expect(exit == .failed && transcript.log.contains("is there already"))
    #expect(try Files.bytes(folder.file("out/detector.onnx")) == Data("mine".utf8))
  }

  @Test func withoutSuppressionAllRegionsLeaveAndTheAPIsProvenAsWell() throws {
    let (exit, transcript) = export([
      weights, "--output", folder.file("raw"), "--plan", try plan(), "--without-suppression",
    ])
    #expect(exit == .done, "\(transcript.log)")
    let summary = try summary("raw")
    #expect(!summary.suppression && summary.boxes > 6 && summary.formats[0].AP != nil)
    let text = String(decoding: try Files.bytes(summary.file), as: UTF8.self)
    #expect(!text.contains("NonMaxSuppression") && text.contains("settled"))
    #expect(text.contains("rowsPerLevel") && text.contains("mostPerImage"))
  }

  @Test func weightsByThemselvesAskForImages() throws {
    let (exit, transcript) = export([weights, "--output", folder.file("out")])
    #expect(exit == .failed && transcript.log.contains("--plan PLAN"), "\(transcript.log)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
  }

  @Test func dataOfOtherClassesProveNothing() throws {
    let (exit, transcript) = export([
      weights, "--output", folder.file("out"), "--plan", try plan(classes: "star"),
    ])
    #expect(exit == .failed && transcript.log.contains("but the weights know circle"))
  }

  @Test func checkpointsOfANewerVersionSaySo() throws {
    let file = try TensorFile.open(weights)
    let text = try #require(file.metadata["smnas"])
    let newer = folder.file("newer.safetensors")
    try Safetensors.write(
      file.tensors().map { ($0.key, $0.value) },
      metadata: ["smnas": text.replacing("\"version\":1", with: "\"version\":99")],
      to: newer, replaces: false)
    let (exit, transcript) = export([
      newer, "--output", folder.file("out"), "--images", folder.file("wide"),
    ])
    #expect(exit == .failed && transcript.log.contains("version 99"), "\(transcript.log)")
  }

  @Test func aPythonWithoutLibrariesVerifiesNothing() throws {
    let fake = folder.file("python")
    try folder.write("python", Data("#!/bin/sh\necho '{\"missing\": \"no module\"}'\n".utf8))
    chmod(fake, 0o755)
    let (exit, transcript) = export([
      weights, "--output", folder.file("out"), "--images", folder.file("wide"), "--verify",
      "--python",
      fake,
    ])
    #expect(
      exit == .failed && transcript.log.contains("pip install onnxruntime"), "\(transcript.log)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
  }

  @Test func aLibraryThatRefusesTheFileIsNamedWithTheVersionThatDoesNot() throws {
    let fake = folder.file("python")
    let answer = #"{"version": "1.10.0", "problem": "opset 17 is not supported"}"#
    try folder.write("python", Data("#!/bin/sh\necho '\(answer)'\n".utf8))
    chmod(fake, 0o755)
    let (exit, transcript) = export([
      weights, "--output", folder.file("out"), "--images", folder.file("wide"), "--verify",
      "--python",
      fake,
    ])
    let log = transcript.log
    #expect(exit == .failed && log.contains("onnxruntime 1.10.0") && log.contains("1.12 or newer"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
  }

  @Test func aPythonThatIsNotThereIsSaid() throws {
    let (exit, transcript) = export([
      weights, "--output", folder.file("out"), "--images", folder.file("wide"), "--verify",
      "--python",
      folder.file("nothing"),
    ])
    #expect(exit == .failed && transcript.log.contains("does not run"), "\(transcript.log)")
  }

  @Test(.enabled(if: SmallDisk.isPossible, "this user may not mount a file system"))
  func aFullDiskLeavesNothingHalf() throws {
    let disk = try SmallDisk(mebibytes: 1)
    try Data(count: 1_000_000).write(to: URL(fileURLWithPath: disk.path + "/filler"))
    let (exit, transcript) = export([
      weights, "--output", disk.path + "/out", "--images", folder.file("wide"),
    ])
    #expect(exit == .failed && transcript.log.contains("free some space"), "\(transcript.log)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == ["filler"])
  }

  @Test func designsThatTorchvisionHasNoClassForAreRefusedByName() throws {
    let (exit, transcript) = export([
      weights, "--output", folder.file("out"), "--images", folder.file("wide"), "--format",
      "torchvision",
    ])
    #expect(exit == .failed && transcript.log.contains("use --format onnx"), "\(transcript.log)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
  }

  /// There, towers are built as wide as the pyramid.
  @Test func towersOfOtherChannelsAreRefusedByName() throws {
    let own = folder.file("towers.safetensors")
    try Self.writeWeights(to: own, "96x64 | resnet18 | fpn P2-P4 16 | none | retinanet 24") {
      $0.norm = .batch
      $0.weightStandardization = false
    }
    let (exit, transcript) = export([
      own, "--output", folder.file("out"), "--images", folder.file("wide"), "--format",
      "torchvision",
    ])
    #expect(exit == .failed, "\(transcript.log)")
    #expect(
      transcript.log.contains("its RetinaNet's towers have as many channels as the pyramid"),
      "\(transcript.log)")
  }

  @Test(arguments: [
    ["--precision", "float16"], ["--pixels", "float32"], ["--without-suppression"],
  ])
  func choicesOfONNXAreNotTorchvisions(words: [String]) {
    let (exit, _) = export(
      [weights, "--output", folder.file("out"), "--format", "torchvision"] + words)
    #expect(exit == .usage)
  }

  /// A Python with torch and torchvision, for those who have one.
  private static let torchvision = ProcessInfo.processInfo.environment["SMNAS_TORCHVISION_PYTHON"]

  @Test(
    .enabled(if: torchvision != nil, "SMNAS_TORCHVISION_PYTHON names no Python"),
    arguments: [
      ("96x64 | resnet18 | fpn P1-P5 16 | rpn | rcnn", true),
      ("96x64 | resnet18 | fpn P2-P4 16 | rpn | rcnn", false),
      ("96x64 | resnet18 | fpn P2-P4 16 | rpn | rcnn 48", true),
      ("160x128 | resnet18 | fpn P2-P6 16 | none | retinanet", true),
      ("96x64 | resnext50 | fpn P1-P4 16 | none | retinanet", true),
    ])
  func torchvisionFindsTheSame(text: String, aligns: Bool) throws {
    let own = folder.file("classic.safetensors")
    try Self.writeWeights(to: own, text) {
      $0.norm = .batch
      $0.weightStandardization = false
      $0.detection.alignsRegions = aligns
      $0.detection.scoreFloor = 0.001
    }
    let (exit, transcript) = export([
      own, "--output", folder.file("out"), "--images", folder.file("wide"), "--format",
      "torchvision", "--python", try #require(Self.torchvision),
    ])
    #expect(exit == .done, "\(transcript.log)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("out")).sorted()
    #expect(names == ["detector.pth", "detector.py", "export.json"])
    #expect(try summary("out").boxes > 3)
  }

  @Test func twoSourcesOfImagesAreOneTooMany() throws {
    let (exit, _) = export([
      weights, "--output", folder.file("out"), "--images", folder.file("wide"), "--plan", "p.json",
    ])
    #expect(exit == .usage)
  }
}
