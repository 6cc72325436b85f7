import DetSpec
import DetTensor
import Testing

@testable import DetModel

struct AnchorGeneratorTests {
  @Test func shapesAreRoundedAroundTheCellsCorner() {
    let anchors = AnchorGenerator(.pyramid([.p1], scale: 8, ratios: [0.5, 1, 2]))
    let all = anchors.grids(over: [.zeros([1, 8, 1, 1])]).anchors().floats()
    #expect(all == [-23, -11, 23, 11, -16, -16, 16, 16, -11, -23, 11, 23])
  }

  @Test func anchorsCountByLevelThenRowThenColumnThenShape() {
    let anchors = AnchorGenerator(.pyramid([.p1, .p2], scale: 2, ratios: [1]))
    let grids = anchors.grids(over: [.zeros([1, 8, 2, 2]), .zeros([1, 8, 1, 1])])
    #expect(grids.count == 5)
    let all = grids.anchors().floats()
    #expect(
      all == [-4, -4, 4, 4, 0, -4, 8, 4, -4, 0, 4, 8, 0, 0, 8, 8, -8, -8, 8, 8])
  }

  @Test func denseAnchorsHaveThreeSizesAnOctave() {
    let anchors = AnchorGenerator(.dense([.p2], scale: 8, ratios: [1]))
    let all = anchors.grids(over: [.zeros([1, 8, 1, 1])]).anchors().floats()
    // torchvision: sizes 32, 40, 50 at stride 8
    #expect(all == [-16, -16, 16, 16, -20, -20, 20, 20, -25, -25, 25, 25])
  }
}
