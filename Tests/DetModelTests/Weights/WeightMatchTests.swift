import DetNN
import DetSpec
import DetTensor
import TestSupport
import Testing

@testable import DetModel

/// What of a file fills a model: by name, by earlier names, and by block.
struct WeightMatchTests {
  private func shapes(_ backbone: String, prefix: String = "") throws -> [WeightShape] {
    let store = ParameterStore(seed: 1)
    _ = Backbone(store.root, try BackboneSpec(text: backbone), settings: LayerSettings())
    return store.entries.map { WeightShape(prefix + $0.name, $0.tensor.shape) }
  }

  private func detector(_ text: String) throws -> Detector {
    var recipe = RecipePreset.structural.recipe
    recipe.detection.headWidth = 16
    return try Detector(DetectorDesign(text: text), classes: 2, recipe: recipe, seed: 1)
  }

  private let small = "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn"

  @Test func aBackboneFillsThatOfADetector() throws {
    let store = try detector(small).store
    let model = store.entries.map { WeightShape($0.name, $0.tensor.shape) }
    var file = try shapes("resnet18 8")
    file += [WeightShape("fc.weight", [5, 64]), WeightShape("bn1.num_batches_tracked", [])]
    let match = WeightMatcher.match(model, file: file, body: "backbone.body.")
    #expect(match.pairs.first?.path == "backbone.body.conv1.weight")
    #expect(match.pairs.first?.source == "conv1.weight")
    #expect(match.blocks == 4 && match.filledBlocks == 4 && match.inherited.isEmpty)
    #expect(match.missing.allSatisfy { !$0.hasPrefix("backbone.body.") })
    #expect(match.missing.contains("backbone.fpn.inner_blocks.0.0.weight"))
    // The detector ends at stride 8; counters are nothing to speak of.
    #expect(match.leftOver.last == "fc.weight")
    #expect(match.leftOver.contains("layer3.0.conv1.weight"))
    #expect(!match.isComplete)
  }

  @Test func aDetectorFillsItselfAndAClassifierTakesItsBackbone() throws {
    let model = try detector(small).store.entries.map { WeightShape($0.name, $0.tensor.shape) }
    let whole = WeightMatcher.match(model, file: model, body: "backbone.body.")
    #expect(whole.isComplete && whole.leftOver.isEmpty && whole.filledValues == whole.values)
    let bare = try shapes("resnet18 8")
    let taken = WeightMatcher.match(bare, file: model, body: "")
    #expect(taken.filledBlocks == 4 && taken.blocks == 8)
    #expect(taken.pairs.first?.source == "backbone.body.conv1.weight")
  }

  /// Whatever stands before the names, in any order and depth, is found and reported, for backbones and for whole detectors.
  @Test(arguments: [
    "", "module.", "_orig_mod.", "module._orig_mod.", "model.", "backbone.", "encoder.0.",
    "model_ema.module.", "state.net.trunk.backbone.0.body.", "a.b.c.d.e.f.g.h.",
  ])
  func aPrefixIsFound(_ prefix: String) throws {
    let model = try detector(small).store.entries.map { WeightShape($0.name, $0.tensor.shape) }
    let file =
      try shapes("resnet18 8", prefix: prefix)
      + [WeightShape("optimizer.step", []), WeightShape("fc.weight", [5, 64])]
    let backbone = WeightMatcher.match(model, file: file, body: "backbone.body.")
    #expect(backbone.prefix == prefix && backbone.otherPrefixes.isEmpty)
    #expect(backbone.filledBlocks == 4)
    #expect(backbone.pairs.first?.source == prefix + "conv1.weight")
    #expect(WeightMatcher.match(try shapes("resnet18 8"), file: file, body: "").isComplete)

    let wrapped = model.map { WeightShape(prefix + $0.name, $0.shape) }
    let whole = WeightMatcher.match(model, file: wrapped, body: "backbone.body.")
    #expect(whole.isComplete && whole.prefix == prefix && whole.leftOver.isEmpty)
  }

  @Test func ofAModelAndItsAverageTheModelIsTakenAndTheOtherTold() throws {
    let model = try shapes("resnet18 8")
    for (average, own) in [("ema.module.", "model."), ("teacher.", "student."), ("avg.", "")] {
      let file = try shapes("resnet18 8", prefix: average) + shapes("resnet18 8", prefix: own)
      let match = WeightMatcher.match(model, file: file, body: "")
      #expect(match.isComplete && match.prefix == own && match.otherPrefixes == [average])
    }
  }

  @Test func ofTwoThatFitTheFirstIsTakenAndTheOtherTold() throws {
    let model = try shapes("resnet18 8")
    let two =
      try shapes("resnet18 8", prefix: "encoder_q.") + shapes("resnet18 8", prefix: "encoder_k.")
    let match = WeightMatcher.match(model, file: two, body: "")
    #expect(match.prefix == "encoder_q." && match.otherPrefixes == ["encoder_k."])
    // Shapes decide before places: the one of other widths is no candidate.
    let other = try shapes("resnet18 16", prefix: "small.") + shapes("resnet18 8", prefix: "large.")
    let fitting = WeightMatcher.match(model, file: other, body: "")
    #expect(fitting.isComplete && fitting.prefix == "large." && fitting.otherPrefixes.isEmpty)
  }

  @Test func wrappersOfPartsInsideNamesAreLeftOut() throws {
    let model = try detector(small).store.entries.map { WeightShape($0.name, $0.tensor.shape) }
    let file = model.map { tensor in
      let name = tensor.name.replacing("backbone.body.", with: "backbone._orig_mod.body.module.")
        .replacing("rpn.", with: "rpn._fsdp_wrapped_module.")
      return WeightShape("net.\(name)", tensor.shape)
    }
    let match = WeightMatcher.match(model, file: file, body: "backbone.body.")
    #expect(match.isComplete && match.prefix == "net." && match.leftOver.isEmpty)
  }

  @Test func namesOfNoneOfTheModelsAreSaidToBeSo() throws {
    let model = try shapes("resnet18 8")
    let file = [WeightShape("stages.0.weight", [8]), WeightShape("stages.1.weight", [8])]
    let match = WeightMatcher.match(model, file: file, body: "")
    #expect(!match.hasKnownNames && match.prefix.isEmpty && match.leftOver.count == 2)
    #expect(WeightMatcher.match(model, file: try shapes("resnet18 16"), body: "").hasKnownNames)
  }

  @Test(arguments: [
    ("rpn.head.conv.weight", "rpn.head.conv.0.0.weight"),
    ("rpn.head.cls_logits.bias", "rpn.head.cls_logits.bias"),
    ("backbone.fpn.inner_blocks.3.bias", "backbone.fpn.inner_blocks.3.0.bias"),
    ("backbone.fpn.layer_blocks.0.weight", "backbone.fpn.layer_blocks.0.0.weight"),
    ("backbone.fpn.layer_blocks.0.0.weight", "backbone.fpn.layer_blocks.0.0.weight"),
    ("backbone.fpn.extra_blocks.p6.weight", "backbone.fpn.extra_blocks.p6.weight"),
    ("head.classification_head.conv.4.weight", "head.classification_head.conv.2.0.weight"),
    ("head.regression_head.conv.6.bias", "head.regression_head.conv.3.0.bias"),
    ("head.regression_head.conv.3.0.bias", "head.regression_head.conv.3.0.bias"),
    ("layer1.0.conv1.weight", "layer1.0.conv1.weight"),
  ])
  func namesOfOlderFilesAreUnderstood(old: String, modern: String) {
    #expect(CheckpointNames.modern(old) == modern)
  }

  @Test func aCutAndStretchedBackboneInheritsByPosition() throws {
    let file = try shapes("resnet34 8")
    // resnet34: 3, 4, 6 and 3 blocks; here 2, 5, 6 and 4.
    let model = try shapes("basicblock 8 11-21111-211111-2111").filter {
      $0.name.hasPrefix("layer")
    }
    let match = WeightMatcher.match(model, file: file, body: "")
    #expect(match.filledBlocks == 17 && match.missing.isEmpty && match.otherShape.isEmpty)
    let expected: [WeightMatch.Inheritance] = [
      .init(block: "layer2.4", source: "layer2.3", tensors: 10, count: 10),
      .init(block: "layer4.3", source: "layer4.2", tensors: 10, count: 10),
    ]
    #expect(match.inherited == expected)
    #expect(match.leftOver.contains("layer1.2.conv1.weight"))
  }

  @Test func aBlockThatDoublesElsewhereTakesItFromWhereTheFileDoubles() throws {
    let file = try shapes("resnet18 8")
    let model = try shapes("basicblock 8 12-1-2-2").filter { $0.name.hasPrefix("layer") }
    let match = WeightMatcher.match(model, file: file, body: "")
    #expect(
      match.inherited.first == .init(block: "layer1.1", source: "layer2.0", tensors: 15, count: 15))
    // 16 → 16 channels with stride: the convolutions of layer2.1, which has no projection.
    #expect(
      match.inherited[1] == .init(block: "layer2.0", source: "layer2.1", tensors: 10, count: 15))
    #expect(match.missing.filter { $0.hasPrefix("layer2.0.") }.count == 5)
    #expect(match.missing.allSatisfy { $0.contains("downsample") })
  }

  @Test(arguments: [
    ("rpn | rcnn", "rpn | rcnn 24", "roi_heads.", 8),
    ("none | retinanet", "none | retinanet 24", "head.", 20),
  ])
  func aHeadOfOtherChannelsStaysAsItIsAndIsTold(
    _ source: String, _ target: String, _ path: String, _ count: Int
  ) throws {
    func shapes(_ rest: String) throws -> [WeightShape] {
      try detector("64x64 | resnet18 8 | fpn P1-P2 16 | \(rest)").store.entries.map {
        WeightShape($0.name, $0.tensor.shape)
      }
    }
    let (file, model) = (try shapes(source), try shapes(target))
    #expect(model.map(\.name) == file.map(\.name))
    let match = WeightMatcher.match(model, file: file, body: "backbone.body.")
    #expect(!match.isComplete && !match.otherShape.isEmpty && match.missing.isEmpty)
    #expect(match.otherShape.allSatisfy { $0.name.hasPrefix(path) })
    #expect(match.otherShape.count + match.heldBack.count == count)
    let others = model.filter { !$0.name.hasPrefix(path) }.map(\.name)
    #expect(Set(match.pairs.map(\.path)).isSuperset(of: others))
  }

  @Test func aNormalisationStaysWithItsConvolution() {
    let model = [
      WeightShape("conv1.weight", [8, 3, 3, 3]), WeightShape("bn1.weight", [8]),
      WeightShape("fc.weight", [5, 9]), WeightShape("fc.bias", [5]),
    ]
    let file = [
      WeightShape("conv1.weight", [8, 3, 7, 7]), WeightShape("bn1.weight", [8]),
      WeightShape("fc.weight", [5, 9]), WeightShape("fc.bias", [5]),
    ]
    let match = WeightMatcher.match(model, file: file, body: "")
    #expect(match.pairs.map(\.path) == ["fc.weight", "fc.bias"])
    #expect(
      match.otherShape == [
        .init(name: "conv1.weight", shape: [8, 3, 3, 3], shapeInFile: [8, 3, 7, 7])
      ])
    #expect(match.heldBack == ["bn1.weight"])
    #expect(match.leftOver == ["conv1.weight", "bn1.weight"])
  }

  @Test func blocksOfAnotherKindHaveNothingInCommon() throws {
    let file = try shapes("resnet50 16")
    let model = try shapes("resnet18 16")
    let match = WeightMatcher.match(model, file: file, body: "")
    #expect(match.filledBlocks == 0)
    #expect(match.pairs.map(\.path).allSatisfy { $0.hasPrefix("conv1") || $0.hasPrefix("bn1") })
  }

  @Test func codedInvertedResidualsInheritFromMobileNet() throws {
    let file = try shapes("mobilenetv2 16")
    #expect(BlockPlace.split("features.1.conv.0.0.weight")?.place.stage == -1)
    #expect(BlockPlace.split("features.2.conv.0.0.weight")?.place.index == 0)
    let last = try #require(BlockPlace.split("features.17.conv.3.weight"))
    #expect(last.place.stage == 3 && last.place.index == 3 && last.leaf == "conv.3.weight")
    #expect(WeightMatcher.match(file, file: file, body: "").isComplete)
  }

  @Test func valuesAreCopiedAndConverted() throws {
    let source = try ImageClassifier(BackboneSpec(text: "resnet18 8"), classes: 4, seed: 1)
    let folder = try TemporaryFolder()
    let path = folder.file("halves.safetensors")
    let halves = source.store.state.map { ($0.name, $0.tensor.to(.float16)) }
    try Safetensors.write(halves, to: path)
    let target = try detector(small)
    let before = try #require(target.store["rpn.head.conv.0.0.weight"]).floats()
    let file = try TensorFile.open(path)
    try target.match(file).load(file, into: target.store)
    let expected = try #require(source.store["layer2.0.conv1.weight"]).to(.float16).floats()
    #expect(target.store["backbone.body.layer2.0.conv1.weight"]?.floats() == expected)
    #expect(target.store["rpn.head.conv.0.0.weight"]?.floats() == before)
  }

  @Test func wholeNumbersAreNoWeights() throws {
    let data = try Safetensors.encode([("conv1.weight", .zeros([8, 3, 7, 7], dtype: .int64))])
    let file = try TensorFile(data, source: "x.safetensors")
    let classifier = try ImageClassifier(BackboneSpec(text: "resnet18 8"), classes: 4, seed: 1)
    let match = classifier.match(file)
    #expect(match.pairs.map(\.path) == ["conv1.weight"])
    #expect(throws: TensorError.self) { try match.load(file, into: classifier.store) }
  }
}
