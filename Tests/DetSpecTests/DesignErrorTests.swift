import DetSpec
import Testing

/// Every wording: what is wrong, its value, and what would be right.
@Suite struct DesignErrorTests {
  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "nothing was thrown"
    } catch let error as SpecError {
      return error.description
    } catch {
      return "another kind of error: \(error)"
    }
  }

  @Test(arguments: [
    (
      "800x600 | resnet50 | rpn | rcnn",
      """
      design is "800x600 | resnet50 | rpn | rcnn"; expected five parts: input | backbone | neck | proposals | head, \
      as in 800x600 | resnet50 | fpn P1-P5 256 | rpn | rcnn
      """
    ),
    (
      "64x64 | resnet50 | fpn P1-P5 64 | none | rcnn",
      "proposals is none, but the head rcnn needs proposals; use rpn or ga-rpn, or the head retinanet"
    ),
    (
      "64x64 | resnet50 | fpn P1-P5 64 | none | cascade 2",
      """
      proposals is none, but the head cascade 2 needs proposals; use rpn or ga-rpn, or the head retinanet
      """
    ),
    (
      "64x64 | resnet50 | fpn P1-P5 64 | ga-rpn | retinanet",
      """
      proposals is ga-rpn, but the head retinanet takes none; use none, or the head rcnn or cascade
      """
    ),
    (
      "64x64 | resnet50 | none | none | retinanet",
      """
      neck is none, but the head retinanet needs a pyramid; use an fpn such as fpn P1-P5 128, or the head rcnn
      """
    ),
    (
      "64x64 | resnet50 | none | rpn | cascade 3",
      """
      neck is none, but the head cascade 3 needs a pyramid; use an fpn such as fpn P1-P5 128, or the head rcnn
      """
    ),
    (
      "64x64 | resnet50 | none | rpn | rcnn 512",
      """
      head is rcnn 512, but without a neck the backbone's last stage stands where its 512 channels would; \
      use rcnn, or an fpn such as fpn P1-P5 128
      """
    ),
    (
      "64x64 | basicblock 10 1-1-1-1 | none | ga-rpn | rcnn",
      """
      proposals is ga-rpn, but it needs a multiple of 4 channels, and stride 16 of basicblock 10 1-1-1-1 has 10; \
      use rpn, an fpn, or base channels that are a multiple of 4
      """
    ),
  ])
  func partsThatDoNotFitTogetherAreRefusedWithTheCure(text: String, expected: String) {
    #expect(message { _ = try DetectorDesign(text: text) } == expected)
  }

  @Test(arguments: [
    ("800*600", "input is \"800*600\"; expected width x height in pixels, as in 800x600"),
    ("800x", "input is \"800x\"; expected width x height in pixels, as in 800x600"),
    ("800x600x3", "input is \"800x600x3\"; expected width x height in pixels, as in 800x600"),
    ("0800x600", "input is \"0800x600\"; expected width x height in pixels, as in 800x600"),
    ("+800x600", "input is \"+800x600\"; expected width x height in pixels, as in 800x600"),
    ("32x600", "input width is 32, but a side has 64 to 4096 pixels; use a size such as 800x600"),
    (
      "800x5000",
      "input height is 5000, but a side has 64 to 4096 pixels; use a size such as 800x600"
    ),
  ])
  func inputsThatAreNoImageSizeAreRefusedWithTheRule(text: String, expected: String) {
    #expect(message { _ = try InputSize(text: text) } == expected)
  }

  @Test(arguments: [
    (
      "resnet5",
      """
      backbone is "resnet5"; expected one of resnet18, resnet34, resnet50, resnet101, resnext50, resnext101, \
      mobilenetv2, basicblock, bottleneck, xbottleneck, mbblock; did you mean "resnet50"?
      """
    ),
    (
      "",
      """
      backbone is ""; expected one of resnet18, resnet34, resnet50, resnet101, resnext50, resnext101, \
      mobilenetv2, basicblock, bottleneck, xbottleneck, mbblock
      """
    ),
    (
      "resnet50 wide",
      """
      backbone is "resnet50 wide"; expected resnet50, or resnet50 with base channels, as in resnet50 32
      """
    ),
    (
      "resnet50 32 2",
      """
      backbone is "resnet50 32 2"; expected resnet50, or resnet50 with base channels, as in resnet50 32
      """
    ),
    ("resnet50 6", "base channels is 6, but they are even, from 8 to 512; use 64"),
    ("mobilenetv2 33", "base channels is 33, but they are even, from 8 to 512; use 32"),
    ("basicblock 7 1-1-1-1", "base channels is 7, but they are even, from 8 to 512; use 8"),
    ("basicblock 57 1-1-1-1", "base channels is 57, but they are even, from 8 to 512; use 58"),
    ("basicblock 999 1-1-1-1", "base channels is 999, but they are even, from 8 to 512; use 512"),
    (
      "basicblock 56",
      """
      stage code is "basicblock 56"; expected basicblock|bottleneck|xbottleneck|mbblock, base channels, stages, \
      as in basicblock 56 12-11111-211-1112
      """
    ),
    (
      "basicblock 56 13-1-1-1",
      "stages is \"13-1-1-1\"; expected only \"1\", \"2\" and \"-\", as in 11-21-21-21"
    ),
    (
      "basicblock 56 1-1-1",
      """
      stages is 1-1-1, but there are 3 of them, for strides 4, 8, 16, 32 there must be 4; separate four stages \
      by "-", as in 11-21-21-21
      """
    ),
    (
      "basicblock 56 1--1-1",
      "stages is 1--1-1, but stage 2 is empty; give every stage at least one block"
    ),
    (
      "basicblock 56 2222-222-1-1",
      """
      stages is 2222-222-1-1, but it doubles the channels 7 times, the most is 6; write some "2" as "1"
      """
    ),
    (
      "basicblock 56 1-1-1-" + String(repeating: "1", count: 198),
      "stages is 201 blocks, but the most is 200; remove blocks"
    ),
  ])
  func wrongBackbonesAreRefusedWithTheNearestRight(text: String, expected: String) {
    #expect(message { _ = try BackboneSpec(text: text) } == expected)
  }

  @Test(arguments: [
    "fpn", "fpn P1-P5", "fpn P1-P7 64", "fpn P0-P5 64", "fpn P1 64", "fpn P1--P5 64",
    "fpn -P1-P5 64", "fpn P1-P5 64 2", "FPN P1-P5 64", "fpn P01-P5 64", "nothing",
  ])
  func textsThatAreNoNeckAreRefusedWithAnExample(text: String) {
    #expect(
      message { _ = try NeckSpec(text: text) }
        == """
        neck is "\(text)"; expected none, or fpn with levels and channels, as in fpn P1-P5 128 (levels P1 to P6)
        """)
  }

  @Test(arguments: [
    (
      "fpn P5-P1 64",
      """
      neck levels is P5-P1, but they go from a level of the backbone (P1 to P4) to the same or a coarser one; \
      use a range such as P1-P5
      """
    ),
    (
      "fpn P5-P6 64",
      """
      neck levels is P5-P6, but they go from a level of the backbone (P1 to P4) to the same or a coarser one; \
      use a range such as P1-P5
      """
    ),
    (
      "fpn P1-P5 100",
      "neck channels is 100, but they are a multiple of 8 from 8 to 1024; use 128 or 256"
    ),
    (
      "fpn P1-P5 0",
      "neck channels is 0, but they are a multiple of 8 from 8 to 1024; use 128 or 256"
    ),
  ])
  func neckValuesOutOfRangeAreRefusedWithTheRange(text: String, expected: String) {
    #expect(message { _ = try NeckSpec(text: text) } == expected)
  }

  @Test(arguments: [
    (
      "rnp",
      "proposals is \"rnp\"; expected one of none, rpn, ga-rpn; did you mean \"rpn\"?"
    ),
    ("anchors", "proposals is \"anchors\"; expected one of none, rpn, ga-rpn"),
  ])
  func unknownProposalsAreRefusedWithTheKnown(text: String, expected: String) {
    #expect(message { _ = try ProposalSpec(text: text) } == expected)
  }

  @Test(arguments: [
    ("cascade", "head is \"cascade\"; expected cascade 2, cascade 3 or cascade 4"),
    ("cascade 5", "head is \"cascade 5\"; expected cascade 2, cascade 3 or cascade 4"),
    ("cascade three", "head is \"cascade three\"; expected cascade 2, cascade 3 or cascade 4"),
    ("cascade 512", "head is \"cascade 512\"; expected cascade 2, cascade 3 or cascade 4"),
    (
      "cascade 3 wide",
      "head is \"cascade 3 wide\"; expected cascade 3, or cascade 3 with channels, as in cascade 3 512"
    ),
    (
      "rcnn 512 256",
      "head is \"rcnn 512 256\"; expected rcnn, or rcnn with channels, as in rcnn 512"
    ),
    (
      "retinanet +64",
      "head is \"retinanet +64\"; expected retinanet, or retinanet with channels, as in retinanet 512"
    ),
    (
      "rcnn 100",
      "head channels is 100, but they are a multiple of 8 from 8 to 4096; use 256, 512 or 1024"
    ),
    (
      "cascade 2 0",
      "head channels is 0, but they are a multiple of 8 from 8 to 4096; use 256, 512 or 1024"
    ),
    (
      "retinanet 4104",
      "head channels is 4104, but they are a multiple of 8 from 8 to 4096; use 256, 512 or 1024"
    ),
    (
      "retinant",
      """
      head is "retinant"; expected rcnn, retinanet or cascade with 2, 3 or 4 steps, as in cascade 3; \
      did you mean "retinanet"?
      """
    ),
    (
      "ssd",
      "head is \"ssd\"; expected rcnn, retinanet or cascade with 2, 3 or 4 steps, as in cascade 3"
    ),
  ])
  func unknownHeadsAreRefusedWithTheKnown(text: String, expected: String) {
    #expect(message { _ = try HeadSpec(text: text) } == expected)
  }
}
