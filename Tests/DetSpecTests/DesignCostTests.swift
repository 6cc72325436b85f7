import DetBasics
import DetSpec
import Testing

@Suite struct DesignCostTests {
  private func cost(_ text: String, classes: Int = 80, _ recipe: Recipe = .paper) throws
    -> DesignCost
  {
    DesignCost(try DetectorDesign(text: text), classes: classes, recipe: recipe)
  }

  @Test(arguments: [
    ("512x512 | basicblock 64 1-21-21-12 | fpn P2-P5 128 | rpn | rcnn", 16_234_180, 7.12),
    (
      "800x600 | basicblock 56 12-11111-211-1112 | fpn P1-P5 128 | rpn | cascade 3", 33_015_146,
      23.66
    ),
    (
      "800x600 | bottleneck 56 211-111111111-2111111-11112111 | fpn P1-P5 128 | rpn | cascade 3",
      52_050_890, 58.48
    ),
  ])
  func finalDesignsCostWhatThePaperSays(text: String, parameters: Int, gigaMacs: Double) throws {
    let cost = try cost(text)
    #expect(cost.parameters == parameters)
    #expect(abs(Double(cost.part(.backbone).macs) / 1e9 - gigaMacs) < 0.005)
  }

  @Test func backbonesCountAsTheReferenceDoes() throws {
    for (name, golden) in try NetworkGolden.load().backbones {
      let part = try cost("800x600 | \(name) | fpn P1-P4 128 | rpn | rcnn").part(.backbone)
      #expect(part.parameters == golden.parameters, "\(name)")
      #expect(part.macs == golden.macs, "\(name)")
      #expect(part.activations == golden.activations, "\(name)")
      #expect(part.memoryAccessBytes == golden.memoryAccessBytes, "\(name)")
    }
  }

  @Test(arguments: [
    ("resnet18", 11_176_512), ("resnet34", 21_284_672), ("resnet50", 23_508_032),
    ("resnet101", 42_500_160), ("resnext50", 22_979_904),
  ])
  func publishedBackbonesHaveTheirPublishedParameters(name: String, parameters: Int) throws {
    let cost = try cost("512x512 | \(name) | fpn P1-P5 256 | rpn | rcnn")
    #expect(cost.part(.backbone).parameters == parameters)
  }

  // torchvision's 91 classes are 90 and the background.
  @Test func fasterRCNNCountsAsTorchvisionDoes() throws {
    let golden = try NetworkGolden.load()
    for (name, detector) in [("resnet50", golden.fasterRCNN), ("resnet18", golden.fasterRCNN18)] {
      let cost = try cost(
        "800x600 | \(name) | fpn P1-P5 256 | rpn | rcnn", classes: golden.classes - 1)
      #expect(cost.parameters == detector.parameters)
      #expect(cost.normParameters == detector.normParameters)
      expect(cost, [.backbone, .neck], equal: detector.pyramid)
      let proposals = try #require(detector.proposals)
      expect(cost, [.proposals], equal: proposals)
      expect(cost, [.head], equal: detector.head)
    }
  }

  // The published model freezes its norms, and frozen norms hold buffers there, not parameters.
  @Test func publishedFasterRCNNLeavesOutTheFrozenNorms() throws {
    let cost = try cost("800x600 | resnet50 | fpn P1-P5 256 | rpn | rcnn", classes: 90)
    #expect(cost.parameters - cost.normParameters == 41_755_286)
  }

  // torchvision's RetinaNet keeps an unused output for the background: 91 score maps an anchor.
  @Test func retinaNetCountsAsTorchvisionDoes() throws {
    let golden = try NetworkGolden.load()
    let cost = try cost(
      "800x600 | resnet50 | fpn P2-P6 256 | none | retinanet", classes: golden.classes)
    #expect(cost.parameters == golden.retinaNet.parameters)
    #expect(cost.normParameters == golden.retinaNet.normParameters)
    #expect(cost.part(.proposals).macs == 0)
    expect(cost, [.backbone, .neck], equal: golden.retinaNet.pyramid)
    expect(cost, [.head], equal: golden.retinaNet.head)
  }

  @Test func everyClassicDetectorHasAsManyParametersAsTheReferences() throws {
    let golden = try NetworkGolden.load().classics
    let classics = DesignPreset.all.filter { $0.certainty == .published }
    #expect(Set(classics.map(\.name)) == Set(golden.keys))
    for preset in classics {
      #expect(
        DesignCost(try preset.design(), classes: 80).parameters == golden[preset.name],
        "\(preset.name)")
    }
  }

  @Test func guidedAnchoringCountsAsItsLayersDo() throws {
    let golden = try NetworkGolden.load()
    let cost = try cost("800x600 | resnet50 | fpn P1-P4 256 | ga-rpn | rcnn")
    expect(cost, [.proposals], equal: golden.guidedAnchoring256)
    // 3x3 shared, 1 + 2 + 1 + 4 outputs of 1x1 with bias, 2 → 4 x 18 offsets, 3x3 without bias.
    let shared = 256 * 256 * 9 + 256
    let outputs = 8 * 256 + 8
    #expect(cost.part(.proposals).parameters == shared + outputs + 2 * 72 + 256 * 256 * 9)
  }

  @Test func headsOverRegionsCountAsTheirChannelsDo() throws {
    // 7 x 7 cells of 256 channels → 512 → 512 → 81 scores and 4 deltas of each class; weights, then biases.
    let weights = 256 * 49 * 512 + 512 * 512 + 512 * 81 + 512 * 324
    let head = try cost("512x512 | resnet18 | fpn P1-P5 256 | rpn | rcnn 512").part(.head)
    #expect(head.parameters == weights + 512 + 512 + 81 + 324)
    #expect(head.macs == 1000 * weights)
    // In each of three steps 4 deltas for all classes together.
    let step = 256 * 49 * 128 + 128 * 128 + 128 * 81 + 128 * 4
    let cascade = try cost("512x512 | resnet18 | fpn P1-P5 256 | rpn | cascade 3 128").part(.head)
    #expect(cascade.parameters == 3 * (step + 128 + 128 + 81 + 4))
    #expect(cascade.macs == 3 * 1000 * step)
  }

  @Test func towersCountAsTheirChannelsDo() throws {
    // Two towers of 128 → 64 → 64 → 64 → 64, then 9 · 80 logits and 9 · 4 deltas, all 3x3.
    let tower = 9 * (128 * 64 + 3 * 64 * 64)
    let weights = 2 * tower + 9 * 64 * (720 + 36)
    let head = try cost("512x512 | resnet18 | fpn P2-P4 128 | none | retinanet 64").part(.head)
    #expect(head.parameters == weights + 2 * 4 * 64 + 720 + 36)
    #expect(head.macs == weights * (64 * 64 + 32 * 32 + 16 * 16))
  }

  @Test(arguments: [("rpn | rcnn", 1024), ("rpn | cascade 3", 1024), ("none | retinanet", 256)])
  func theUsualChannelsCostWhatUnwrittenOnesDo(_ rest: String, _ usual: Int) throws {
    let design = "512x512 | resnet18 | fpn P1-P5 256 | \(rest)"
    #expect(try cost("\(design) \(usual)") == cost(design))
  }

  private func expect(
    _ cost: DesignCost, _ parts: [DesignCost.Part], equal golden: NetworkGolden.Part
  ) {
    let parts = parts.map { cost.part($0) }
    #expect(parts.reduce(0) { $0 + $1.parameters } == golden.parameters)
    #expect(parts.reduce(0) { $0 + $1.macs } == golden.macs)
    #expect(parts.reduce(0) { $0 + $1.activations } == golden.activations)
    #expect(parts.reduce(0) { $0 + $1.memoryAccessBytes } == golden.memoryAccessBytes)
  }

  @Test(arguments: [
    "512x512 | resnet50 | fpn P1-P6 256 | ga-rpn | cascade 4",
    "512x512 | resnext101 | none | rpn | rcnn",
    "512x512 | mobilenetv2 | fpn P2-P6 128 | none | retinanet",
  ])
  func partsAddUpToTheWholeAndLevelsToTheirPart(text: String) throws {
    let cost = try cost(text)
    #expect(cost.parts.map(\.name) == DesignCost.Part.allCases)
    #expect(cost.parts.reduce(0) { $0 + $1.parameters } == cost.parameters)
    #expect(cost.parts.reduce(0) { $0 + $1.macs } == cost.macs)
    #expect(cost.parts.reduce(0) { $0 + $1.activations } == cost.activations)
    #expect(cost.parts.reduce(0) { $0 + $1.memoryAccessBytes } == cost.memoryAccessBytes)
    for part in cost.parts where !part.levels.isEmpty {
      #expect(part.levels.reduce(0) { $0 + $1.macs } == part.macs)
      #expect(part.levels.reduce(0) { $0 + $1.activations } == part.activations)
      #expect(part.levels.reduce(0) { $0 + $1.memoryAccessBytes } == part.memoryAccessBytes)
    }
    let backbone = cost.part(.backbone)
    #expect(backbone.levels.reduce(0) { $0 + $1.parameters } == backbone.parameters)
  }

  @Test func aCascadeIsOneClassAgnosticHeadPerStep() throws {
    let heads = try [2, 3, 4].map {
      try cost("512x512 | resnet18 | fpn P1-P5 64 | rpn | cascade \($0)").part(.head).parameters
    }
    let step = (64 * 49 + 1) * 1024 + 1025 * 1024 + 1025 * 81 + 1025 * 4
    #expect(heads == [2 * step, 3 * step, 4 * step])
  }

  @Test func withoutANeckTheLastStageCountsInTheHead() throws {
    let cost = try cost("800x600 | resnet50 | none | rpn | rcnn")
    let lastStage = 14_964_736  // torchvision's resnet50().layer4
    #expect(cost.part(.backbone).parameters == 23_508_032 - lastStage)
    #expect(cost.part(.head).parameters == lastStage + 2049 * 81 + 2049 * 4 * 81)
    #expect(cost.part(.neck).parameters == 0)
    // 15 anchors: five scales, three ratios.
    #expect(cost.part(.proposals).parameters == 1024 * 1024 * 9 + 1024 + 1025 * 15 * 5)
  }

  @Test func theHeadSeesNoMoreRegionsThanThereAreAnchors() throws {
    let cost = try cost("64x64 | resnet18 | fpn P4-P5 64 | rpn | rcnn")
    let regions = 3 * (4 + 1)
    let weights = 64 * 49 * 1024 + 1024 * 1024 + 1024 * 81 + 1024 * 4 * 81
    #expect(cost.part(.head).macs == regions * weights)
  }

  @Test func settingsOfTheRecipeCount() throws {
    let small = RecipePreset.small.recipe
    let cost = try cost("512x512 | resnet18 | fpn P1-P5 64 | rpn | rcnn", classes: 1, small)
    let weights = 64 * 49 * 128 + 128 * 128 + 128 * 2 + 128 * 8
    #expect(cost.part(.head).parameters == weights + 128 + 128 + 2 + 8)
    #expect(cost.part(.head).macs == 200 * weights)
  }

  @Test func groupNormsReplaceTheBiasesOfNeckAndDenseHead() throws {
    var recipe = Recipe.paper
    recipe.norm = .group
    let text = "512x512 | resnet18 | fpn P2-P6 64 | none | retinanet"
    let plain = try cost(text)
    let grouped = try cost(text, recipe)
    // Three lateral, three output, two extra convolutions; eight in the towers.
    #expect(grouped.part(.neck).parameters - plain.part(.neck).parameters == 8 * 64)
    #expect(grouped.part(.head).parameters - plain.part(.head).parameters == 8 * 64)
    #expect(grouped.part(.neck).normParameters == 8 * 2 * 64)
    #expect(grouped.part(.backbone) == plain.part(.backbone))
    #expect(grouped.macs == plain.macs)
  }

  @Test func costsReadAsTheyAreWritten() throws {
    let cost = try cost("512x512 | resnet18 | fpn P1-P5 64 | rpn | rcnn")
    let text = try JSON.text(cost)
    #expect(try JSON.decode(DesignCost.self, from: text, source: "cost") == cost)
    #expect(
      text.hasPrefix(
        "{\"activations\":\(cost.activations),\"macs\":\(cost.macs),"
          + "\"memoryAccessBytes\":\(cost.memoryAccessBytes),\"normParameters\":9600,"
          + "\"parameters\":\(cost.parameters),\"parts\":[{\"activations\":"))
  }
}
