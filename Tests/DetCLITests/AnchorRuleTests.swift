import DetData
import Testing

@testable import DetCLI

/// The doctor looks at data with the anchors of the detectors.
@Suite struct AnchorRuleTests {
  @Test func theUsualAnchorsAreThoseOfThePaper() {
    #expect(AnchorRule.detectors.usual == AnchorSettings(scale: 8, ratios: [0.5, 1, 2]))
  }

  @Test func everyLevelHasTheAnchorsOfBothKindsOfDetectors() {
    let anchors = AnchorRule.detectors.anchors(AnchorSettings(scale: 8, ratios: [0.5, 1, 2]))
    for levels in [anchors.proposals, anchors.dense] {
      #expect(levels.map(\.stride) == [4, 8, 16, 32, 64, 128])
    }
    let halves = anchors.proposals[0].halves
    #expect(halves.map(\.width) == [23, 16, 11] && halves.map(\.height) == [11, 16, 23])
    // torchvision: sizes 32, 40, 50 at stride 8.
    #expect(anchors.dense[1].halves.map(\.width)[3...5] == [16, 20, 25])
    #expect(anchors.dense[1].halves.count == 9)
  }
}
