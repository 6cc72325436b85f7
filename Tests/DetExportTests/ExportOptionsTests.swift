import DetModel
import DetNN
import DetSpec
import DetTensor
import Testing

@testable import DetExport

/// What a file can be like: every choice gives what the detector gives.
struct ExportOptionsTests {
  private func gate(
    _ text: String, _ preset: RecipePreset = .structural,
    _ change: (inout ExportOptions) -> Void
  ) throws -> ParityGate {
    let detector = try SmallDetector.make(text, preset.recipe)
    var options = SmallDetector.options(detector)
    change(&options)
    let (inputs, sizes) = SmallDetector.inputs(options)
    var gate = ParityGate(detector, options, SmallDetector.range)
    _ = gate.compare(try #require(inputs["images"]), sizes)
    return gate
  }

  private static let some = [
    "96x64 | resnet18 16 | fpn P1-P3 32 | rpn | rcnn",
    "96x64 | resnet18 16 | fpn P2-P4 32 | ga-rpn | cascade 3",
    "96x64 | resnet18 16 | fpn P1-P4 16 | none | retinanet",
  ]

  @Test(arguments: some)
  func normalisedNumbersFindTheSame(text: String) throws {
    let gate = try gate(text) { $0.pixels = .float32 }
    #expect(gate.graph.types[gate.graph.inputs[0].value].dtype == .float32)
    #expect(gate.parity.isEqual(within: .float32), "\(gate.parity)")
  }

  @Test(arguments: some, [RecipePreset.structural, .small])
  func halfPrecisionStaysNear(text: String, preset: RecipePreset) throws {
    let gate = try gate(text, preset) { $0.precision = .float16 }
    let weights = gate.graph.constants.filter { $0.name.hasSuffix("conv1.weight") }
    #expect(weights.count > 5 && weights.allSatisfy { $0.tensor.dtype == .float16 })
    // What says scores and deltas keeps its digits.
    let said = gate.graph.constants.filter { $0.name.contains("cls_") || $0.name.contains("bbox_") }
    #expect(said.count > 3 && said.allSatisfy { $0.tensor.dtype == .float32 })
    for port in gate.graph.outputs {
      #expect(gate.graph.types[port.value].dtype != .float16, "\(port.name)")
    }
    #expect(gate.parity.worstScore > 1e-6, "computed in 32 bits")
    #expect(gate.parity.worstPixels < 0.5, "\(gate.parity)")
    // Random weights leave much to chance behind guided anchoring, whose places must be likely enough.
    if !text.contains("ga-rpn") { #expect(gate.parity.unmatched <= 2, "\(gate.parity)") }
  }

  @Test func withoutSuppressionEveryAnchorIsThere() throws {
    let gate = try gate(Self.some[2]) {
      $0.suppresses = false
      $0.batch = 2
    }
    #expect(gate.graph.outputs.map(\.name) == ["boxes", "scores"])
    #expect(gate.parity.compared == 2 * (16 * 24 + 8 * 12 + 4 * 6 + 2 * 3) * 9)
    #expect(gate.parity.isEqual(within: .float32), "\(gate.parity)")
    let operations = gate.graph.nodes.map { $0.operation.onnx(.float32).name }
    #expect(!operations.contains("NonMaxSuppression") && !operations.contains("TopK"))
  }

  @Test(
    arguments: [
      (some[0], [2, 60, 3, 4]), (some[1], [2, 60, 4]),
      ("96x64 | resnet18 16 | none | rpn | rcnn", [2, 60, 3, 4]),
    ])
  func regionsDoWithoutSuppressionAsWell(text: String, boxes: [Int]) throws {
    let gate = try gate(text) {
      $0.suppresses = false
      $0.batch = 2
    }
    let graph = gate.graph
    #expect(graph.outputs.map(\.name) == ["boxes", "scores", "settled"])
    #expect(graph.types[graph.outputs[0].value].shape == boxes)
    #expect(gate.parity.compared > 6 && gate.unsettled == 0)
    #expect(gate.parity.isEqual(within: .float32), "\(gate.parity)")
    // What devices without the operator refuse is a size that hangs on what is in an image.
    #expect(!graph.types.contains { $0.shape.contains(Graph.unknown) })
    let operations = Set(graph.nodes.map { $0.operation.onnx(.float32).name })
    #expect(operations.isDisjoint(with: ["NonMaxSuppression", "NonZero", "GatherND", "ScatterND"]))
  }

  @Test func ofEachLevelTheBestAreTakenBeforeSuppression() throws {
    let builder = GraphBuilder()
    builder.output("boxes", builder.input("boxes", shape: [1, 4, 4], dtype: .float32))
    builder.output("scores", builder.input("scores", shape: [1, 4, 2], dtype: .float32))
    var graph = builder.graph
    graph.rowsPerLevel = [3, 1]
    let boxes = Tensor([0, 0, 9, 9, 20, 0, 29, 9, 1, 0, 10, 9, 40, 0, 49, 9], shape: [1, 4, 4])
    let scores = Tensor([0.9, 0.3, 0.8, 0.04, 0.7, 0.6, 0.2, 0.1], shape: [1, 4, 2])
    func found(_ perLevel: Int, _ perImage: Int) -> [String] {
      let selection = Selection(
        floor: 0.05, suppressionIoU: 0.5, mostPerLevel: perLevel, mostPerImage: perImage)
      return graph.detectionsOfAll(["boxes": boxes, "scores": scores], selection)[0]
        .map { "\($0.label) at \(Int($0.box.x0)): \($0.score)" }
    }
    #expect(
      found(10, 10) == [
        "0 at 0: 0.9", "0 at 20: 0.8", "1 at 1: 0.6", "0 at 40: 0.2", "1 at 40: 0.1",
      ])
    // The third best of the first level goes before it is asked whether another drops it.
    #expect(found(2, 10) == ["0 at 0: 0.9", "0 at 20: 0.8", "0 at 40: 0.2", "1 at 40: 0.1"])
    #expect(found(10, 2) == ["0 at 0: 0.9", "0 at 20: 0.8"])
  }

  @Test func anOtherDetectorsGraphIsRefused() throws {
    let detector = try SmallDetector.make(Self.some[0], RecipePreset.structural.recipe)
    let options = SmallDetector.options(detector)
    let (inputs, sizes) = SmallDetector.inputs(options)
    var gate = ParityGate(detector, options, SmallDetector.range)
    withoutGradient {
      detector.store["backbone.body.layer2.0.conv1.weight"]?.mul_(1.05)
    }
    _ = gate.compare(try #require(inputs["images"]), sizes)
    #expect(throws: ExportError.self) { try gate.check() }
  }

  @Test func oneLevelWithManyCandidatesIsNotedForTensorRT() throws {
    var recipe = RecipePreset.structural.recipe
    recipe.detection.headWidth = 32
    let design = try DetectorDesign(text: "800x608 | resnet18 8 | none | rpn | rcnn")
    let detector = try Detector(design, classes: 2, recipe: recipe, seed: 1)
    let graph = detector.graph(ExportOptions(width: 800, height: 608), SmallDetector.range)
    #expect(graph.limits.count == 2, "\(graph.limits)")
    #expect(graph.limits.allSatisfy { $0.contains("6000") }, "\(graph.limits)")
    recipe.detection.testProposals = 600
    let smaller = try Detector(design, classes: 2, recipe: recipe, seed: 1)
    #expect(
      smaller.graph(ExportOptions(width: 800, height: 608), SmallDetector.range).limits.isEmpty)
  }

  @Test func aCascadeOverManyClassesIsNotedForTensorRT() throws {
    var recipe = RecipePreset.structural.recipe
    recipe.detection.headWidth = 16
    func limits(_ text: String) throws -> [String] {
      let detector = try Detector(DetectorDesign(text: text), classes: 30, recipe: recipe, seed: 1)
      return detector.graph(SmallDetector.options(detector), SmallDetector.range).limits
    }
    let cascade = try limits("512x512 | resnet18 8 | fpn P1-P4 16 | rpn | cascade 2")
    #expect(cascade.count == 1 && cascade[0].contains("30000"), "\(cascade)")
    // Every class has boxes of its own, or every box one class.
    #expect(try limits("512x512 | resnet18 8 | fpn P1-P4 16 | rpn | rcnn").isEmpty)
    #expect(try limits("512x512 | resnet18 8 | fpn P2-P5 16 | none | retinanet").isEmpty)
  }
}
