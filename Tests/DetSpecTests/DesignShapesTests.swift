import DetSpec
import Testing

@Suite struct DesignShapesTests {
  private func shapes(_ text: String) throws -> DesignShapes {
    DesignShapes(try DetectorDesign(text: text))
  }

  private func describe(_ levels: [LevelShape]) -> [String] {
    levels.map { "\($0.level.name)/\($0.stride) \($0.channels)x\($0.height)x\($0.width)" }
  }

  @Test func levelsFollowThePaddedInput() throws {
    let shapes = try shapes("800x600 | resnet50 | fpn P1-P6 128 | rpn | rcnn")
    #expect(shapes.inputWidth == 800)
    #expect(shapes.inputHeight == 608)
    #expect(
      describe(shapes.backbone) == [
        "P1/4 256x152x200", "P2/8 512x76x100", "P3/16 1024x38x50", "P4/32 2048x19x25",
      ])
    #expect(
      describe(shapes.levels) == [
        "P1/4 128x152x200", "P2/8 128x76x100", "P3/16 128x38x50", "P4/32 128x19x25",
        "P5/64 128x10x13", "P6/128 128x5x7",
      ])
  }

  @Test func aNarrowRangeLeavesStagesOut() throws {
    let shapes = try shapes("512x512 | basicblock 64 1-21-21-12 | fpn P2-P3 256 | rpn | rcnn")
    #expect(
      describe(shapes.backbone) == ["P1/4 64x128x128", "P2/8 128x64x64", "P3/16 256x32x32"])
    #expect(describe(shapes.levels) == ["P2/8 256x64x64", "P3/16 256x32x32"])
    #expect(
      describe(shapes.blocks) == [
        "P1/4 64x128x128", "P2/8 128x64x64", "P2/8 128x64x64", "P3/16 256x32x32",
        "P3/16 256x32x32",
      ])
  }

  @Test func withoutANeckTheLastStageWorksInTheHead() throws {
    let shapes = try shapes("64x64 | resnet101 | none | rpn | rcnn")
    #expect(describe(shapes.backbone) == ["P1/4 256x16x16", "P2/8 512x8x8", "P3/16 1024x4x4"])
    #expect(describe(shapes.levels) == ["P3/16 1024x4x4"])
    #expect(shapes.blocks.count == 3 + 4 + 23)
  }

  @Test func theSmallestInputStillHasEveryLevel() throws {
    let levels = try shapes("64x64 | resnet18 | fpn P1-P6 8 | rpn | rcnn").levels
    #expect(levels.map(\.cells) == [256, 64, 16, 4, 1, 1])
  }

  @Test func levelsOfEveryBackboneAreThoseOfTheReference() throws {
    for (name, golden) in try NetworkGolden.load().backbones {
      let shapes = try shapes("800x600 | \(name) | fpn P1-P5 128 | rpn | rcnn")
      let levels = shapes.backbone.map { [$0.channels, $0.height, $0.width] }
      #expect(levels == golden.levels, "\(name)")
    }
  }
}
