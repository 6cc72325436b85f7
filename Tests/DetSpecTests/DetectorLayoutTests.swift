import DetSpec
import Testing

@Suite struct DetectorLayoutTests {
  private func layout(_ text: String, norm: Recipe.Norm = .batch) throws -> DetectorLayout {
    var recipe = Recipe.paper
    recipe.norm = norm
    return DetectorLayout(try DetectorDesign(text: text), classes: 80, recipe: recipe)
  }

  private func pyramid(_ layout: DetectorLayout) throws -> PyramidLayout {
    guard case .pyramid(let pyramid) = layout.neck else { throw Missing() }
    return pyramid
  }

  private func regions(_ layout: DetectorLayout) throws -> RegionHeadLayout {
    guard case .regions(let head) = layout.head else { throw Missing() }
    return head
  }

  private func dense(_ layout: DetectorLayout) throws -> DenseHeadLayout {
    guard case .dense(let head) = layout.head else { throw Missing() }
    return head
  }

  private struct Missing: Error {}

  @Test func aPyramidMergesTheBackbonesLevelsAndSubsamplesBeyondThem() throws {
    let layout = try layout("512x512 | resnet18 | fpn P2-P6 64 | rpn | rcnn")
    #expect(layout.neck.levels == [.p2, .p3, .p4, .p5, .p6] && layout.neck.channels == 64)
    #expect(layout.neck.coarsestInput == .p4)
    let sources = try pyramid(layout).levels.map(\.source)
    #expect(
      sources[0]
        == .merged(
          lateral: .biased(128, 64), output: .biased(64, 64, kernel: 3)))
    #expect(sources[3...] == [.subsampled, .subsampled])
  }

  @Test func beforeADenseHeadExtraLevelsAreConvolved() throws {
    let levels = try pyramid(
      layout("512x512 | resnet18 | fpn P2-P6 64 | none | retinanet", norm: .group)
    ).levels
    let convolution = ConvolutionLayout(64, 64, kernel: 3, stride: 2)
    #expect(levels[3...].map(\.source) == [.convolved(convolution), .convolved(convolution)])
    #expect(levels.flatMap(\.source.convolutions).allSatisfy { $0.hasNorm && !$0.hasBias })
  }

  @Test func aNarrowRangeNeedsNoMoreOfTheBackbone() throws {
    let layout = try layout("512x512 | resnet18 | fpn P1-P2 64 | rpn | rcnn")
    #expect(layout.neck.coarsestInput == .p2)
    #expect(try regions(layout).levels == [.p1, .p2])
  }

  @Test func withoutANeckTheLastStageLooksAtTwiceAsManyCells() throws {
    let layout = try layout("512x512 | resnet50 | none | rpn | rcnn")
    #expect(layout.neck == .passThrough(.p3, channels: 1024))
    let head = try regions(layout)
    #expect(head.bins == 14 && head.levels == [.p3] && head.trunk.outputs == 2048)
    #expect(head.trunk == .lastStage(Array(layout.backbone.blocks(inStage: 3))))
    #expect(layout.proposals?.anchorsPerCell == 15)
  }

  @Test func aCascadeHasStepsOfOneBoxEach() throws {
    let plain = try regions(layout("512x512 | resnet18 | fpn P1-P6 64 | rpn | rcnn"))
    let cascade = try regions(layout("512x512 | resnet18 | fpn P1-P6 64 | rpn | cascade 3"))
    #expect(plain.steps == 1 && cascade.steps == 3)
    #expect(plain.deltas == LinearLayout(1024, 4 * 81) && cascade.deltas == LinearLayout(1024, 4))
    #expect(plain.scores == LinearLayout(1024, 81) && cascade.scores == plain.scores)
    #expect(
      cascade.trunk == .connected([LinearLayout(64 * 7 * 7, 1024), LinearLayout(1024, 1024)]))
    #expect(cascade.levels == [.p1, .p2, .p3, .p4])
  }

  @Test func connectedLayersHaveTheChannelsOfTheDesign() throws {
    for text in ["rcnn 256", "cascade 3 256"] {
      let head = try regions(layout("512x512 | resnet18 | fpn P1-P6 64 | rpn | \(text)"))
      #expect(head.trunk == .connected([LinearLayout(64 * 7 * 7, 256), LinearLayout(256, 256)]))
      #expect(head.scores == LinearLayout(256, 81) && head.deltas.inputs == 256)
    }
  }

  @Test func towersHaveTheChannelsOfTheDesignBehindTheirFirstConvolution() throws {
    let head = try dense(layout("512x512 | resnet18 | fpn P2-P6 64 | none | retinanet 32"))
    let first = ConvolutionLayout.biased(64, 32, kernel: 3)
    #expect(head.tower == [first] + Array(repeating: .biased(32, 32, kernel: 3), count: 3))
    #expect(head.logits == .biased(32, 9 * 80, kernel: 3))
    #expect(head.deltas == .biased(32, 9 * 4, kernel: 3))
  }

  @Test func onlyTheTowersOfADenseHeadFollowTheNorm() throws {
    let head = try dense(
      layout("512x512 | resnet18 | fpn P2-P6 64 | none | retinanet", norm: .group))
    #expect(head.tower == Array(repeating: ConvolutionLayout(64, 64, kernel: 3), count: 4))
    #expect(head.logits == .biased(64, 9 * 80, kernel: 3))
    #expect(head.deltas == .biased(64, 9 * 4, kernel: 3))
    #expect(head.layers.count == 10)
  }

  @Test func guidedAnchoringHandsOnFewRegions() throws {
    let rest = "512x512 | resnet18 | fpn P1-P5 64"
    let guided = try #require(try layout("\(rest) | ga-rpn | rcnn").proposals)
    let plain = try #require(try layout("\(rest) | rpn | rcnn").proposals)
    #expect(guided.anchorsPerCell == 1 && plain.anchorsPerCell == 3)
    #expect(guided.mostRegions == 300 && plain.mostRegions == 1000)
    #expect(try layout("\(rest) | none | retinanet").proposals == nil)
  }

  @Test func anchorsAreWholePixelsAndThreeSizesAnOctaveBeforeADenseHead() throws {
    let halves = AnchorLayout.pyramid([.p1], scale: 8, ratios: [0.5, 1, 2]).halves(at: .p1)
    #expect(halves.map(\.width) == [23, 16, 11] && halves.map(\.height) == [11, 16, 23])
    // torchvision: sizes 32, 40, 50 at stride 8.
    let dense = AnchorLayout.dense([.p2], scale: 8, ratios: [1])
    #expect(dense.halves(at: .p2).map(\.width) == [16, 20, 25] && dense.perCell == 3)
    let single = AnchorLayout.single(.p3, scale: 8, ratios: [1])
    #expect(single.halves(at: .p3).map(\.height) == [16, 32, 64, 128, 256])
  }

  @Test func onlyMobileNetHasAConvolutionThatDetectorsLeaveOut() throws {
    func convolution(_ text: String) throws -> ConvolutionLayout? {
      BackboneLayout(try BackboneSpec(text: text)).classifierConvolution
    }
    #expect(try convolution("mobilenetv2") == ConvolutionLayout(320, 1280, kernel: 1))
    #expect(try convolution("mobilenetv2 16") == ConvolutionLayout(160, 1280, kernel: 1))
    #expect(try convolution("resnet50") == nil)
    #expect(try convolution("mbblock 16 1-1-1-1") == nil)
  }
}
