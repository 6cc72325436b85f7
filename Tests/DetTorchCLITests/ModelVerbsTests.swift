import CommandTestSupport
import DetBasics
import DetCommand
import DetModel
import DetNN
import DetSpec
import DetTensor
import DetTraining
import Foundation
import TestSupport
import Testing

@testable import DetTorchCLI

/// The verbs that look at designs and weights.
struct ModelVerbsTests {
  let transcript = Transcript()
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ words: String...) -> ExitCode { Program.run(words, transcript.context) }

  private func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: Data(transcript.output.utf8))
  }

  private let design = "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn"

  @Test func aProfileCountsPartsAndLevels() throws {
    struct Profile: Decodable {
      struct Part: Decodable {
        struct Level: Decodable {
          let name: String
          let macs: Int
        }
        let name: String
        let macs: Int
        let levels: [Level]
      }
      let design: String
      let parameters: Int
      let macs: Int
      let activations: Int
      let memoryAccessBytes: Int
      let convention: String
      let parts: [Part]
    }
    #expect(run("profile", "E2", "--json") == .done)
    let profile = try decoded(Profile.self)
    #expect(profile.parameters == 33_015_146)
    #expect(profile.parts.map(\.name) == ["backbone", "neck", "proposals", "head"])
    #expect(profile.parts[1].levels.map(\.name) == ["P1", "P2", "P3", "P4", "P5"])
    #expect(profile.parts[0].levels.reduce(0) { $0 + $1.macs } == profile.parts[0].macs)
    #expect(profile.convention.hasPrefix("MACs: multiply-accumulates"))
    let table = Transcript()
    #expect(Program.run(["profile", "e4"], table.context) == .done)
    #expect(table.output.contains("\n  P4 "))
    #expect(table.output.hasSuffix("\(CostTable.convention)\n"))
    #expect(table.log.hasPrefix("E4 is inferred, and not certain: AP 43.89"))
  }

  /// Writes the weights of ``design`` for two classes, `w.safetensors`, and gives the folder's path.
  private func folderOfWeights(_ preset: RecipePreset) throws -> String {
    let path = folder.path
    let detector = try Detector(
      DetectorDesign(text: design), classes: 2, recipe: preset.recipe, seed: 4)
    try Safetensors.write(detector.store.state, to: "\(path)/w.safetensors")
    return path
  }

  @Test func weightsAreListedMatchedAndConverted() throws {
    let path = try folderOfWeights(.small)
    #expect(run("weights", "\(path)/w.safetensors") == .done)
    #expect(transcript.output.contains("backbone.body.conv1.weight"))
    #expect(transcript.output.contains("8 x 3 x 7 x 7"))

    struct Report: Decodable {
      let format: String
      let matched: [String]
      let missing: [String]
      let leftOver: [String]
      let otherShape: [WeightMatch.Difference]
    }
    let other = Transcript()
    let words = ["weights", "\(path)/w.safetensors", "--design", design, "--recipe", "small"]
    #expect(Program.run(words + ["--classes", "5", "--json"], other.context) == .done)
    let report = try JSONDecoder().decode(Report.self, from: Data(other.output.utf8))
    #expect(report.format == "safetensors" && report.missing.isEmpty && report.leftOver.count == 4)
    #expect(
      report.otherShape.map(\.name) == [
        "roi_heads.box_predictor.cls_score.weight", "roi_heads.box_predictor.cls_score.bias",
        "roi_heads.box_predictor.bbox_pred.weight", "roi_heads.box_predictor.bbox_pred.bias",
      ])

    let refused = Transcript()
    let target = "\(path)/d.safetensors"
    #expect(
      Program.run(words + ["--classes", "5", "--output", target], refused.context) == .failed)
    #expect(refused.log.contains("does not fill 64x64 | resnet18 8"))
    try AtomicFile.write("oak\nash\n", to: "\(path)/names.txt")
    let written = Transcript()
    #expect(
      Program.run(
        words + ["--classes", "2", "--output", target, "--names", "\(path)/names.txt"],
        written.context) == .done)
    let described = try ImageDetector(path: target).checkpoint
    #expect(described.classes == ["oak", "ash"] && !described.recipe.detection.alignsRegions)
  }

  /// What a file is taken for, and where in it the tensors were found, is part of the answer.
  @Test func theAnswerSaysWhereTheWeightsWereFound() throws {
    let path = folder.path
    let detector = try Detector(
      DetectorDesign(text: design), classes: 2, recipe: RecipePreset.small.recipe, seed: 4)
    let copies = detector.store.state.flatMap { name, tensor in
      [("ema.module.\(name)", tensor), ("module._orig_mod.\(name)", tensor)]
    }
    try Safetensors.write(copies, to: "\(path)/w.safetensors")
    let words = [
      "weights", "\(path)/w.safetensors", "--design", design, "--recipe", "small", "--classes", "2",
    ]
    #expect(Program.run(words, transcript.context) == .done)
    #expect(transcript.output.contains("before the model's names: module._orig_mod.\n"))
    #expect(transcript.output.contains("not taken, though it fits: ema.module.;"))

    struct Report: Decodable {
      let prefix: String
      let otherPrefixes: [String]
      let place: String
      let missing: [String]
    }
    let json = Transcript()
    #expect(Program.run(words + ["--json"], json.context) == .done)
    let report = try JSONDecoder().decode(Report.self, from: Data(json.output.utf8))
    #expect(report.prefix == "module._orig_mod." && report.otherPrefixes == ["ema.module."])
    #expect(report.place.isEmpty && report.missing.isEmpty)

    let list = Transcript()
    let reference = Checkout.folder("Tests") + "/DetTensorTests/Goldens/checkpoints/namespace.pth"
    #expect(Program.run(["weights", reference], list.context) == .done)
    #expect(list.log.contains("found under: model\n"))
    #expect(list.log.contains("passed over unread: \"args\", a argparse.Namespace"))
    let script = Transcript()
    let refused = Checkout.folder("Tests") + "/DetTensorTests/Goldens/checkpoints/script.pt"
    #expect(Program.run(["weights", refused], script.context) == .failed)
    #expect(script.log.contains("is TorchScript"))
  }

  @Test func weightsOfForeignNamesAreRefusedForTheirNames() throws {
    let path = folder.path
    try Safetensors.write([("stages.0.weight", .ones([8]))], to: "\(path)/w.safetensors")
    #expect(run("weights", "\(path)/w.safetensors", "--design", design) == .failed)
    #expect(transcript.log.contains("none of its names (\"stages.0.weight\" …)"))
  }

  /// A checkpoint that was trained with another epsilon answers here as it did there: each variance takes the difference.
  @Test func theEpsilonOfBatchNormsIsMovedIntoTheirVariances() throws {
    let path = try folderOfWeights(.structural)
    func convert(_ epsilon: String) -> ExitCode {
      run(
        "weights", "\(path)/w.safetensors", "--design", design, "--classes", "2", "--epsilon",
        epsilon, "--output", "\(path)/\(epsilon).safetensors")
    }
    #expect(convert("0") == .done && convert("0.00001") == .done)
    let moved = try TensorFile.open("\(path)/0.safetensors")
    let same = try TensorFile.open("\(path)/0.00001.safetensors")
    var variances = 0
    for entry in same.entries where entry.name.hasPrefix("backbone") {
      let before = try #require(try same.tensor(entry.name)).floats()
      let after = try #require(try moved.tensor(entry.name)).floats()
      let isVariance = entry.name.hasSuffix(".running_var")
      variances += isVariance ? 1 : 0
      let expected = isVariance ? before.map { $0 - 1e-5 } : before
      #expect(zip(after, expected).allSatisfy { abs($0 - $1) < 1e-7 }, "\(entry.name)")
    }
    #expect(variances == 10)
    #expect(convert("-1") == .usage && convert("1") == .usage)
  }
}
