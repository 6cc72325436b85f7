import DetBasics
import DetSpec
import Testing

@Suite struct PartialOrderTests {
  private func design(_ text: String) throws -> DetectorDesign { try DetectorDesign(text: text) }
  private func code(_ text: String) throws -> StageCode { try StageCode(text: text) }

  @Test(arguments: [
    ("basicblock 48 1-1-1-1", "basicblock 48 1-11-1-1"),
    ("basicblock 48 1-21-21-12", "basicblock 56 1-21-21-12"),
    ("basicblock 48 12-1-1-1", "basicblock 48 112-1-1-1"),
    ("basicblock 48 12-1-1-1", "basicblock 48 22-1-1-1"),
    ("basicblock 48 1-1-1-12", "basicblock 96 1-1-1-11"),
    ("bottleneck 56 1-2-1-1", "bottleneck 56 2-11-1-1"),
    ("xbottleneck 48 1-2-1-1", "xbottleneck 56 11-2-1-1"),
    ("mbblock 16 1-1-1-1", "mbblock 16 1-1-1-2"),
  ])
  func removingAndNarrowingLeadsBelow(small: String, large: String) throws {
    #expect(try code(small).isBelow(code(large)))
    #expect(try code(large).isBelow(code(small)) == false)
  }

  @Test(arguments: [
    ("basicblock 48 11-1-1-1", "basicblock 48 1-11-1-1"),  // a block too many in stage 1
    ("basicblock 64 1-1-1-1", "basicblock 48 2-1-1-1"),  // a wider stem
    ("basicblock 48 2-1-1-1", "basicblock 48 1-2-1-1"),  // wider in stage 1
    ("basicblock 48 1-1-1-1", "bottleneck 48 11-1-1-1"),  // another block
    ("xbottleneck 48 1-1-1-12", "xbottleneck 96 1-1-1-11"),  // wider groups
  ])
  func whatIsLargerSomewhereIsNotBelow(left: String, right: String) throws {
    #expect(try !code(left).isBelow(code(right)))
  }

  @Test(arguments: [
    "512x512 | resnet50 | fpn P1-P4 128 | rpn | cascade 3",
    "800x512 | resnet50 | fpn P1-P4 128 | rpn | cascade 3",
    "512x800 | resnet50 | fpn P1-P4 128 | rpn | cascade 3",
    "600x800 | resnet50 | fpn P1-P5 256 | rpn | cascade 4",
    "800x600 | resnet50 | fpn P1-P5 256 | rpn | cascade 3",
    "800x600 | resnet50 32 | fpn P1-P5 256 | rpn | cascade 4",
    "800x600 | resnet101 | fpn P2-P5 256 | rpn | cascade 4",
    "800x600 | resnet101 | fpn P1-P5 128 | rpn | cascade 4",
    "800x600 | resnet101 | fpn P1-P5 256 | rpn | cascade 2",
  ])
  func smallerStructuresAreBelow(text: String) throws {
    let large = try design("800x600 | resnet101 | fpn P1-P5 256 | rpn | cascade 4")
    #expect(try design(text).isBelow(large))
    #expect(try !large.isBelow(design(text)))
  }

  @Test(arguments: [
    "600x1000 | resnet50 | fpn P1-P5 256 | rpn | cascade 4",  // longer
    "600x800 | resnet101 | fpn P1-P5 256 | rpn | cascade 4",  // the same, turned
    "512x512 | resnet34 | fpn P1-P5 256 | rpn | cascade 4",  // another family
    "512x512 | resnext50 | fpn P1-P5 256 | rpn | cascade 4",
    "512x512 | bottleneck 64 1-2-2-2 | fpn P1-P5 256 | rpn | cascade 4",  // another stem
    "512x512 | resnet50 72 | fpn P1-P5 256 | rpn | cascade 4",  // wider
    "512x512 | resnet50 | fpn P1-P6 256 | rpn | cascade 4",  // a level more
    "512x512 | resnet50 | fpn P1-P5 264 | rpn | cascade 4",
    "512x512 | resnet50 | fpn P1-P5 256 | ga-rpn | cascade 4",
    "512x512 | resnet50 | fpn P1-P5 256 | rpn | rcnn",  // boxes per class
    "512x512 | resnet50 | none | rpn | rcnn",
    "512x512 | resnet50 | fpn P1-P5 256 | none | retinanet",
  ])
  func otherStructuresAreNotBelow(text: String) throws {
    let large = try design("800x600 | resnet101 | fpn P1-P5 256 | rpn | cascade 4")
    #expect(try !design(text).isBelow(large))
  }

  @Test(arguments: [
    ("fpn P1-P5 256 | rpn | rcnn 512", "fpn P1-P5 256 | rpn | rcnn", true),
    ("fpn P1-P5 256 | rpn | rcnn 512", "fpn P1-P5 256 | rpn | rcnn 520", true),
    ("fpn P1-P5 256 | rpn | cascade 2 512", "fpn P1-P5 256 | rpn | cascade 3", true),
    ("fpn P1-P5 128 | rpn | cascade 2 512", "fpn P1-P5 256 | rpn | cascade 2 512", true),
    ("fpn P1-P5 256 | none | retinanet 128", "fpn P1-P5 256 | none | retinanet", true),
    ("fpn P1-P5 128 | none | retinanet", "fpn P1-P5 256 | none | retinanet 128", true),
    ("fpn P1-P5 256 | rpn | rcnn", "fpn P1-P5 256 | rpn | rcnn 1024", false),  // the same network
    ("fpn P1-P5 128 | rpn | rcnn 520", "fpn P1-P5 256 | rpn | rcnn 512", false),
    ("fpn P1-P5 128 | rpn | cascade 2", "fpn P1-P5 256 | rpn | cascade 3 512", false),
    ("fpn P1-P5 128 | none | retinanet", "fpn P1-P5 256 | none | retinanet 64", false),
  ])
  func fewerHeadChannelsAreBelow(_ small: String, _ large: String, _ isBelow: Bool) throws {
    let (small, large) = try (
      design("512x512 | resnet50 | \(small)"), design("512x512 | resnet50 | \(large)")
    )
    #expect(small.isBelow(large) == isBelow)
    #expect(!large.isBelow(small))
  }

  @Test func unwrittenHeadChannelsAreTheRecipes() throws {
    var recipe = Recipe.paper
    recipe.detection.headWidth = 256
    let plain = try design("512x512 | resnet50 | fpn P1-P5 256 | rpn | rcnn")
    let wide = try design("512x512 | resnet50 | fpn P1-P5 256 | rpn | rcnn 512")
    #expect(plain.isBelow(wide, recipe: recipe) && !wide.isBelow(plain, recipe: recipe))
    #expect(wide.isBelow(plain) && !plain.isBelow(wide))
  }

  @Test func familiesOrderByDepth() throws {
    let pairs = [("resnet18", "resnet34"), ("resnet50", "resnet101"), ("resnext50", "resnext101")]
    for (small, large) in pairs {
      #expect(try BackboneSpec(text: small).isBelow(BackboneSpec(text: large)))
    }
    #expect(try BackboneSpec(text: "mobilenetv2 16").isBelow(BackboneSpec(text: "mobilenetv2")))
    #expect(try !BackboneSpec(text: "resnet34").isBelow(BackboneSpec(text: "resnet50")))
  }

  @Test func noDesignIsBelowItself() throws {
    let one = try design("800x600 | resnet101 | fpn P1-P5 256 | rpn | cascade 4")
    #expect(!one.isBelow(one))
    #expect(try !code("basicblock 48 1-2-2-2").isBelow(code("basicblock 48 1-2-2-2")))
  }

  @Test(arguments: BlockKind.allCases)
  func codesOrderAsBruteForceOverSubsequencesDoes(block: BlockKind) throws {
    let codes = try Self.smallCodes(block: block, bases: [8, 12, 16])
    var comparable = 0
    for x in codes {
      for y in codes where x != y {
        let isBelow = x.isBelow(y)
        comparable += isBelow ? 1 : 0
        try #require(isBelow == Self.bruteForce(x, y), "\(x) and \(y)")
      }
    }
    #expect(comparable > 500)
  }

  @Test(arguments: BlockKind.allCases)
  func nothingBelowCostsMore(block: BlockKind) throws {
    let codes = try Self.smallCodes(block: block, bases: [8, 12, 16])
    let costs = try codes.map { code in
      let design = try design("64x64 | \(code.text) | fpn P1-P4 8 | rpn | rcnn")
      return DesignCost(design, classes: 2).part(.backbone)
    }
    for (x, costX) in zip(codes, costs) {
      for (y, costY) in zip(codes, costs) where x.isBelow(y) {
        try #require(costX.parameters <= costY.parameters, "\(x) and \(y)")
        try #require(costX.macs <= costY.macs, "\(x) and \(y)")
      }
    }
  }

  @Test func theOrderIsTransitiveAndAntisymmetric() throws {
    var generator = Generator(seed: 3)
    let codes = try Self.smallCodes(block: .basicblock, bases: [8, 16])
    var chains = 0
    for _ in 0..<20_000 {
      let picked = (0..<3).compactMap { _ in generator.pick(codes) }
      guard picked[0].isBelow(picked[1]) else { continue }
      #expect(!picked[1].isBelow(picked[0]))
      guard picked[1].isBelow(picked[2]) else { continue }
      chains += 1
      #expect(picked[0].isBelow(picked[2]))
    }
    #expect(chains > 20)
  }

  /// Every code of up to two blocks in each of the first two stages, one "1" in the last two, and up to two "2".
  private static func smallCodes(block: BlockKind, bases: [Int]) throws -> [StageCode] {
    let stages = ["1", "2", "11", "12", "21", "22", "111", "121"]
    var codes: [StageCode] = []
    for base in bases {
      for first in stages {
        for second in stages where (first + second).count(where: { $0 == "2" }) <= 2 {
          codes.append(
            try StageCode(text: "\(block.rawValue) \(base) \(first)-\(second)-1-1"))
        }
      }
    }
    return codes
  }

  /// The definition, spelt out: in each stage, some choice of as many blocks of `y` is nowhere narrower.
  private static func bruteForce(_ x: StageCode, _ y: StageCode) -> Bool {
    guard x.block == y.block, x.base <= y.base else { return false }
    return zip(x.widths, y.widths).allSatisfy { mine, others in
      (0..<(1 << others.count)).contains { choice in
        let chosen = others.indices.filter { choice >> $0 & 1 == 1 }.map { others[$0] }
        return chosen.count == mine.count
          && zip(mine, chosen).allSatisfy { narrow, wide in
            let hasNarrowGroups = narrow * y.base <= wide * x.base
            return narrow <= wide && (x.block != .xbottleneck || hasNarrowGroups)
          }
      }
    }
  }
}
