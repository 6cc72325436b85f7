import DetBasics
import DetModel
import DetNN
import DetSpec
import DetTensor
import TestSupport
import Testing

@testable import DetTraining

/// What of a backbone stays as it was loaded, by what the file fills.
struct PretrainedDetectorTests {
  private let folder: TemporaryFolder
  private let text = "64x64 | resnet18 8 | fpn P1-P3 16 | rpn | rcnn"

  init() throws { folder = try TemporaryFolder() }

  /// A file of a backbone's weights without those that `isLeftOut` names.
  private func file(without isLeftOut: (String) -> Bool = { _ in false }) throws -> String {
    let store = ParameterStore(seed: 9)
    _ = Backbone(store.root, try BackboneSpec(text: "resnet18 8"), settings: LayerSettings())
    let path = folder.file("w.safetensors")
    try Safetensors.write(store.state.filter { !isLeftOut($0.name) }, to: path)
    return path
  }

  private func start(_ path: String?, _ change: (inout Recipe) -> Void = { _ in }) throws
    -> PretrainedDetector
  {
    var recipe = RecipePreset.structural.recipe
    recipe.pretrained = path
    change(&recipe)
    return try PretrainedDetector(
      DetectorDesign(text: text), classes: 2, recipe: recipe, seed: 1, device: .cpu,
      fingerprint: nil)
  }

  @Test func aWholeBackboneKeepsStemStageAndStatistics() throws {
    let start = try start(file())
    #expect(start.detector.store.frozen.count == 25)
    #expect(start.detector.recipe.fixesStatistics(fromWeights: true))
    #expect(start.summary?.frozen == "stem and stage 1 frozen, statistics of norms fixed")
    #expect(
      start.summary?.text.hasSuffix("; stem and stage 1 frozen, statistics of norms fixed") == true)
  }

  @Test func whatIsNotLoadedIsTrained() throws {
    let noStem = try start(file { $0 == "conv1.weight" })
    #expect(noStem.detector.store.frozen.isEmpty)
    // The norm of a convolution that is not there is not taken.
    #expect(noStem.summary?.frozen == nil)
    let noEnd = try start(file { $0.hasPrefix("layer3.1.conv2") })
    #expect(noEnd.summary?.frozen == "stem and stage 1 frozen")
    #expect(!noEnd.detector.recipe.fixesStatistics(fromWeights: true))
  }

  @Test func whatIsKeptByTheRecipesWordMustBeLoaded() throws {
    let path = try file { $0 == "conv1.weight" }
    let stages = thrown { try start(path) { $0.frozenStages = 1 } }
    #expect(
      stages.contains("that frozenStages keeps as loaded, the first of them backbone.body.conv1"))
    let statistics = thrown { try start(path) { $0.fixedStatistics = true } }
    #expect(statistics.contains("that fixedStatistics keeps as loaded"))
    let norms = thrown { try start(path) { $0.norm = .frozenBatch } }
    #expect(norms.contains("that norm \"frozenBatch\" keeps as loaded"))
    #expect(try start(path) { $0.frozenStages = 0 }.summary?.frozen == nil)
  }

  @Test func fromScratchNothingCanBeKept() throws {
    #expect(try start(nil).detector.store.frozen.isEmpty)
    #expect(
      thrown { try start(nil) { $0.norm = .frozenBatch } }.contains("norm is \"frozenBatch\""))
    #expect(thrown { try start(nil) { $0.frozenStages = 2 } }.contains("frozenStages is 2"))
    #expect(
      thrown { try start(nil) { $0.fixedStatistics = true } }.contains("fixedStatistics keeps"))
    #expect(
      try start(nil) {
        $0.frozenStages = 0; $0.fixedStatistics = false
      }.summary == nil)
  }
}
