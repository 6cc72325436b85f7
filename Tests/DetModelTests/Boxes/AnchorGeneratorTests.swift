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

  @Test func chosenAnchorsAreThoseOfAll() {
    let anchors = AnchorGenerator(.pyramid([.p1, .p2, .p3], scale: 2, ratios: [0.5, 1]))
    let grids = anchors.grids(
      over: [.zeros([1, 8, 3, 5]), .zeros([1, 8, 2, 3]), .zeros([1, 8, 1, 2])])
    // Two images, backwards.
    let indices = Tensor((0..<2 * grids.count).reversed().map { $0 })
    let wanted = grids.anchors().rows(at: indices.remainder(by: Double(grids.count)))
    #expect(grids.anchors(at: indices).floats() == wanted.floats())
    #expect(grids.anchors(at: indices.narrowed(dim: 0, from: 0, count: 0)).shape == [0, 4])
    Composition.$isForced.withValue(true) {
      #expect(grids.anchors(at: indices).floats() == wanted.floats())
    }
  }

  @Test func denseAnchorsHaveThreeSizesAnOctave() {
    let anchors = AnchorGenerator(.dense([.p2], scale: 8, ratios: [1]))
    let all = anchors.grids(over: [.zeros([1, 8, 1, 1])]).anchors().floats()
    // torchvision: sizes 32, 40, 50 at stride 8
    #expect(all == [-16, -16, 16, 16, -20, -20, 20, 20, -25, -25, 25, 25])
  }
}
