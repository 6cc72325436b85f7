import CommandTestSupport
import DetBasics
import DetCommand
import DetData
import DetModel
import DetNN
import DetSpec
import DetTensor
import DetTraining
import Foundation
import TestSupport
import Testing

@testable import DetTorchCLI

/// `smnas detect` beside pictures of the user's.
struct DetectVerbTests {
  private let folder: TemporaryFolder
  private let weights: String

  private struct Line: Decodable {
    let image: String
    let picture: String
  }

  init() throws {
    folder = try TemporaryFolder()
    weights = folder.file("w.safetensors")
    try Self.writeWeights(to: weights)
    for name in ["east/0001.png", "west/0001.png", "0001.jpg"] {
      let image = PixelImage(
        width: 64, height: 64, pixels: [UInt8](repeating: 90, count: 64 * 64 * 3))
      try folder.write(name, name.hasSuffix("png") ? image.encodePNG() : image.encodeJPEG())
    }
  }

  /// An untrained detector of one class.
  static func writeWeights(to path: String) throws {
    let design = try DetectorDesign(text: "64x64 | resnet18 8 | fpn P1-P2 16 | none | retinanet")
    let recipe = RecipePreset.small.recipe
    let detector = try Detector(design, classes: 1, recipe: recipe, seed: 1)
    try Checkpoint(
      design: design, recipe: recipe, classes: ["tree"], categoryIDs: [1], tiles: nil, epochs: 1,
      seed: 1
    ).write(detector.store.state, to: path)
  }

  private func detect(_ images: [String], _ output: String) throws -> [Line] {
    let transcript = Transcript()
    let words = ["detect", weights] + images.map(folder.file) + ["--output", folder.file(output)]
    #expect(Program.run(words, transcript.context) == .done, "\(transcript.log)")
    return try transcript.output.split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
  }

  @Test func drawingsOfEqualNamesAreSeveralFiles() throws {
    let images = ["east/0001.png", "west/0001.png", "0001.jpg"]
    let lines = try detect(images, "drawn")
    #expect(lines.map(\.image) == images.map(folder.file))
    #expect(
      lines.map { FilePath.name(of: $0.picture) } == [
        "0001.png", "west-0001.png", folderName + "-0001.png",
      ])
    let drawn = try FileManager.default.contentsOfDirectory(atPath: folder.file("drawn"))
    #expect(drawn.count == 3)
    for line in lines { #expect(try PixelImage.decode(line.picture).width > 0) }
    // A second call adds to the first.
    let before = try drawn.map { try Files.bytes(folder.file("drawn/\($0)")) }
    let again = try detect(images, "drawn").map(\.picture)
    #expect(Set(again).isDisjoint(with: lines.map(\.picture)))
    #expect(try drawn.map { try Files.bytes(folder.file("drawn/\($0)")) } == before)
  }

  private var folderName: String { FilePath.name(of: folder.path) }

  @Test func aPictureIsNeverDrawnOver() throws {
    let before = try Files.bytes(folder.file("east/0001.png"))
    let lines = try detect(["east/0001.png"], "east")
    #expect(try Files.bytes(folder.file("east/0001.png")) == before)
    #expect(lines.map { FilePath.name(of: $0.picture) } == ["east-0001.png"])
  }

  @Test func theFolderOfResultsMayBeTheOneOneStandsIn() throws {
    let program = try BuiltProgram()
    for output in [".", "./", "x/", "y/z"] {
      let command =
        "cd '\(folder.path)' && exec '\(BuiltProgram.path)' detect w.safetensors east/0001.png --output \(output)"
      let answer = try program.run("-c", command, through: "/bin/sh")
      #expect(answer.status == 0, "\(output): \(answer.log)")
    }
  }
}
