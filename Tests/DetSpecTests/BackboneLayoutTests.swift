import DetSpec
import Testing

@Suite struct BackboneLayoutTests {
  private static let names = [
    "resnet18", "resnet34", "resnet50", "resnet101", "resnext50", "resnext101", "mobilenetv2",
    "mobilenetv2 16", "mobilenetv2 24", "resnet18 24", "basicblock 64 1-21-21-12",
    "basicblock 56 12-11111-211-1112", "bottleneck 56 211-111111111-2111111-11112111",
    "basicblock 64 11-21-21-21", "bottleneck 64 111-2111-211111-211", "xbottleneck 56 21-21-111-21",
    "mbblock 48 12-21-112-11",
  ]

  @Test(arguments: names)
  func convolutionsAreThoseOfTheReference(name: String) throws {
    let golden = try #require(try NetworkGolden.load().backbones[name])
    let layout = BackboneLayout(try BackboneSpec(text: name))
    var convolutions = layout.stem
    for block in layout.stemBlocks + layout.blocks {
      convolutions += block.convolutions
      if let projection = block.projection { convolutions.append(projection) }
    }
    #expect(convolutions.map(Self.describe) == golden.convolutions)
    #expect(convolutions.allSatisfy { $0.hasNorm && !$0.hasBias })
  }

  @Test func goldensCoverEveryBackboneThatIsTested() throws {
    #expect(try NetworkGolden.load().backbones.keys.sorted() == Self.names.sorted())
  }

  @Test func channelsOfClassicsScaleWithTheBase() throws {
    func channels(_ text: String) throws -> [Int] {
      let layout = BackboneLayout(try BackboneSpec(text: text))
      return [FeatureLevel.p1, .p2, .p3, .p4].map { layout.channels(at: $0) }
    }
    #expect(try channels("resnet18 24") == [24, 48, 96, 192])
    #expect(try channels("resnet50") == [256, 512, 1024, 2048])
    #expect(try channels("resnext101") == [256, 512, 1024, 2048])
    #expect(try channels("mobilenetv2") == [24, 32, 96, 320])
    #expect(try channels("basicblock 56 12-11111-211-1112") == [112, 112, 224, 448])
  }

  @Test func onlyTheFirstBlockOfALaterStageStrides() throws {
    let layout = BackboneLayout(try BackboneSpec(text: "bottleneck 56 211-11-2111-11"))
    let strides = (0..<4).map { layout.blocks(inStage: $0).map(\.stride) }
    #expect(strides == [[1, 1, 1], [2, 1], [2, 1, 1, 1], [2, 1]])
    #expect(layout.stageLengths == [3, 2, 4, 2])
    #expect(!layout.poolsStem)
  }

  @Test func shortcutsAreProjectedWhereTheShapeChanges() throws {
    let layout = BackboneLayout(try BackboneSpec(text: "basicblock 16 1-1-12-1"))
    #expect(layout.blocks.map { $0.projection != nil } == [false, true, true, true, true])
    #expect(layout.blocks.allSatisfy { $0.hasShortcut })
    #expect(
      layout.blocks[1].projection == ConvolutionLayout(16, 16, kernel: 1, stride: 2))
  }

  @Test func invertedResidualsAddOnlyWhereTheShapeStays() throws {
    let layout = BackboneLayout(try BackboneSpec(text: "mbblock 16 11-12-1-1"))
    #expect(layout.blocks.allSatisfy { $0.projection == nil })
    #expect(layout.blocks.map(\.hasShortcut) == [true, true, false, false, false, false])
    #expect(layout.activationIsReLU6)
  }

  @Test func groupsOfAnXBottleneckHaveFourChannelsAtBase() throws {
    let code = BackboneLayout(try BackboneSpec(text: "xbottleneck 56 1-2-1-1"))
    #expect(code.blocks.map(\.groups) == [28, 28, 28, 28])
    #expect(code.blocks.map(\.hiddenChannels) == [112, 224, 224, 224])
    let published = BackboneLayout(try BackboneSpec(text: "resnext50"))
    #expect(published.blocks.allSatisfy { $0.groups == 32 })
  }

  private static func describe(_ layer: ConvolutionLayout) -> String {
    "\(layer.inChannels)-\(layer.outChannels) k\(layer.kernel) s\(layer.stride) g\(layer.groups)"
  }
}
