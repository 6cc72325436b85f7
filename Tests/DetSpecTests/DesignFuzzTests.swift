import DetBasics
import DetSpec
import Foundation
import TestSupport
import Testing

/// Random mutations of good texts: nothing traps, and what reads prints to something that reads equal.
@Suite struct DesignFuzzTests {
  private static let seeds =
    DesignPreset.all.map(\.text) + [
      "64x64 | mbblock 8 1-1-1-1 | none | rpn | rcnn",
      "512x512 | resnet18 | fpn P2-P5 128 | rpn | cascade 3 512",
      "512x512 | resnet18 | fpn P2-P5 128 | none | retinanet 64",
    ]
  private static let pieces = [
    "|", " ", "-", "x", "1", "2", "0", "9", "P", "fpn", "none", "rpn", "ga-rpn", "cascade", "rcnn",
    "retinanet", "resnet50", "mobilenetv2", "basicblock", "P6", " 512", "4096",
    "99999999999999999999", "é", "\u{301}", "\n", "٣", "", "\0",
  ]

  private static func mutated(_ text: String, _ generator: inout Generator) -> String {
    var letters = Array(text)
    for _ in 0...generator.index(below: 3) {
      let place = generator.index(below: letters.count + 1)
      let end = min(letters.count, place + generator.index(below: 4))
      let piece = generator.pick(pieces) ?? ""
      switch generator.index(below: 3) {
      case 0: letters.insert(contentsOf: Array(piece), at: place)
      case 1: letters.removeSubrange(place..<end)
      default: letters.replaceSubrange(place..<end, with: Array(piece))
      }
    }
    return String(letters)
  }

  @Test func mutatedDesignsNeverTrapAndReadBackEqual() throws {
    var generator = Generator(seed: 20_261_123)
    var readable = 0
    for _ in 0..<20_000 {
      let text = Self.mutated(generator.pick(Self.seeds) ?? "", &generator)
      guard let design = try? DetectorDesign(text: text) else { continue }
      readable += 1
      try #require(try DetectorDesign(text: design.text) == design, "\(text)")
      try #require(try DetectorDesign(text: design.text).text == design.text, "\(text)")
    }
    // Many mutations must hit a good design, else the test says little.
    #expect(readable > 1_000)
  }

  @Test func whateverReadsCanBeCountedAndShaped() throws {
    var generator = Generator(seed: 5)
    for _ in 0..<4_000 {
      let text = Self.mutated(generator.pick(Self.seeds) ?? "", &generator)
      guard let design = try? DetectorDesign(text: text) else { continue }
      let shapes = DesignShapes(design)
      try #require(shapes.levels.allSatisfy { $0.cells > 0 && $0.channels > 0 }, "\(text)")
      let cost = DesignCost(design, classes: 80)
      try #require(cost.parameters > 0 && cost.macs > cost.activations, "\(text)")
    }
  }

  @Test func randomCodesReadBackEqual() throws {
    var generator = Generator(seed: 11)
    for _ in 0..<2_000 {
      let doubles = (0..<4).map { _ in
        (0...generator.index(below: 6)).map { _ in generator.chance(0.05) }
      }
      let code = try StageCode(
        block: generator.pick(BlockKind.allCases) ?? .basicblock,
        base: 8 + 2 * generator.index(below: 253), doubles: doubles)
      try #require(try StageCode(text: code.text) == code)
      try #require(try BackboneSpec(text: code.text) == .coded(code))
    }
  }

  @Test func whatFuzzingStartsFromReads() throws {
    let folder = Checkout.folder("Fuzz/Seeds/design")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(names.count >= 4)
    for name in names {
      let text = try Files.text("\(folder)/\(name)")
      let design = try? DetectorDesign(nameOrText: text)
      #expect((design == nil) == name.hasPrefix("crash"), "\(name)")
    }
  }
}
