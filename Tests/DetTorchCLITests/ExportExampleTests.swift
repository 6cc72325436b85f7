import CommandTestSupport
import DetBasics
import DetCommand
import DetData
import DetModel
import DetTraining
import Foundation
import TestSupport
import Testing

@testable import DetTorchCLI

/// The programs of Examples/onnx on exported files: they find what the detector finds.
@Suite(.enabled(if: ExportPython.path != nil, "Scripts/check-export makes the Python they need"))
struct ExportExampleTests {
  private let folder: TemporaryFolder
  private static let twoStages = "96x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn"

  init() throws { folder = try TemporaryFolder() }

  private struct Failed: Error { let what: String }

  /// What a program prints.
  private func output(_ program: String, _ words: [String]) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + words
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(what: "\(program) \(words)") }
    return text
  }

  /// An exported file of new weights, and what these find in an image that it does not have to resize.
  private func exported(
    _ text: String, tiles: Tiling? = nil, image size: PixelSize, _ options: [String] = []
  ) throws -> (file: String, image: PixelImage, found: [Detection]) {
    let weights = folder.file("w.safetensors")
    // Scores that end at 1 would all be the same.
    let spread = text.contains("retinanet") ? 0.03 : 0.3
    try ExportVerbTests.writeWeights(to: weights, text, tiles: tiles, spread: spread)
    let pixels = (0..<size.width * size.height * 3).map {
      UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 7)
    }
    let image = PixelImage(width: size.width, height: size.height, pixels: pixels)
    let path = try folder.write("image.png", image.encodePNG())
    let transcript = Transcript()
    let words = ["export", weights, "--images", path, "--output", folder.file("out")]
    #expect(Program.run(words + options, transcript.context) == .done, "\(transcript.log)")
    return (
      folder.file("out/detector.onnx"), image, try ImageDetector(path: weights).detect(path)
    )
  }

  private func expectEqual(_ found: [Detection], _ wanted: [Detection]) {
    #expect(wanted.count > 3 && found.count == wanted.count)
    for (own, right) in zip(found, wanted) {
      #expect(own.label == right.label && abs(own.score - right.score) < 2e-4)
      let (a, b) = (own.box, right.box)
      let far = max(abs(a.x0 - b.x0), abs(a.y0 - b.y0), abs(a.x1 - b.x1), abs(a.y1 - b.y1))
      #expect(far < 0.05)
    }
  }

  private static let cases: [(String, Tiling?, [String])] = [
    (twoStages, nil, []),
    (twoStages, nil, ["--without-suppression", "--pixels", "float32"]),
    ("96x64 | resnet18 8 | fpn P1-P2 16 | none | retinanet", nil, ["--without-suppression"]),
    (
      "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | cascade 2", Tiling(size: 64, stride: 48),
      ["--batch", "2"]
    ),
    (
      "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | cascade 2", Tiling(size: 64, stride: 48),
      ["--tiles", "8"]
    ),
    (
      "64x64 | resnet18 8 | fpn P1-P2 16 | none | retinanet", Tiling(size: 64),
      ["--tiles", "6", "--pixels", "float32"]
    ),
    ("64x64 | resnet18 8 | fpn P1-P2 16 | none | retinanet", Tiling(size: 64), []),
  ]

  @Test(arguments: cases)
  func pythonFindsWhatTheDetectorFinds(
    text: String, tiles: Tiling?, options: [String]
  ) throws {
    struct Line: Decodable {
      struct Object: Decodable {
        let label: String
        let score: Float
        let box: [Float]
      }
      let objects: [Object]
    }
    let size = tiles == nil ? PixelSize(width: 96, height: 64) : PixelSize(width: 150, height: 100)
    let (file, _, wanted) = try exported(text, tiles: tiles, image: size, options)
    let printed = try output(
      try #require(ExportPython.path),
      [Checkout.folder("Examples/onnx") + "/detect.py", file, folder.file("image.png")])
    let objects = try JSONDecoder().decode(Line.self, from: Data(printed.utf8)).objects
    #expect(objects.allSatisfy { $0.label == "circle" })
    let found = objects.map {
      Detection(
        box: Box(x0: $0.box[0], y0: $0.box[1], x1: $0.box[2], y1: $0.box[3]), label: 0,
        score: $0.score)
    }
    expectEqual(found, wanted)
  }

  @Test func theProgramInCPlusPlusFindsWhatTheDetectorFinds() throws {
    let (file, image, wanted) = try exported(
      Self.twoStages, image: PixelSize(width: 96, height: 64))
    let place = try output(
      try #require(ExportPython.path),
      ["-c", "import openvino, os; print(os.path.dirname(openvino.__file__), end='')"])
    let libraries = try FileManager.default.contentsOfDirectory(atPath: place + "/libs")
    let library = try #require(libraries.first { $0.hasPrefix("libopenvino.so") })
    _ = try output(
      "c++",
      [
        "-std=c++17", Checkout.folder("Examples/onnx") + "/detect.cpp", "-I\(place)/include",
        "\(place)/libs/\(library)", "-Wl,-rpath,\(place)/libs", "-o", folder.file("detect"),
      ])
    let picture = try folder.write(
      "image.ppm", Data("P6\n96 64\n255\n".utf8) + Data(image.pixels))
    let printed = try output(folder.file("detect"), [file, picture])
    let found = printed.split(separator: "\n").map { line -> Detection in
      let numbers = line.split(separator: " ").compactMap { Float($0) }
      return Detection(
        box: Box(x0: numbers[2], y0: numbers[3], x1: numbers[4], y1: numbers[5]),
        label: Int(numbers[0]), score: numbers[1])
    }
    expectEqual(found, wanted)
  }
}
