import DetModel
import DetTensor
import Testing

@testable import DetExport

/// When two lists of detections are the same.
struct ParityTests {
  private let selection = Selection(
    floor: 0.05, suppressionIoU: 0.5, mostPerLevel: 100, mostPerImage: 3)
  private let bounds = Parity.Bounds.float32

  private func found(_ x: Float, _ score: Float, _ label: Int = 0) -> Detection {
    Detection(box: Box(x0: x, y0: 0, x1: x + 10, y1: 10), label: label, score: score)
  }

  private func parity(_ first: [Detection], _ second: [Detection]) -> Parity {
    var parity = Parity()
    parity.add(first, second, bounds: bounds, selection)
    return parity
  }

  @Test func orderOfEqualScoresDoesNotMatter() {
    let both = [found(0, 0.9), found(40, 0.9)]
    let parity = parity(both, both.reversed())
    #expect(parity.unmatched == 0 && parity.ties == 0 && parity.worstPixels == 0)
  }

  @Test func distancesOfPartnersAreKept() {
    let parity = parity([found(0.03, 0.90005)], [found(0, 0.9)])
    #expect(parity.unmatched == 0)
    #expect(abs(parity.worstPixels - 0.03) < 1e-6 && abs(parity.worstScore - 5e-5) < 1e-6)
  }

  @Test(arguments: [
    (Float(0.1), Float(0.9), 0), (0, 0.902, 0), (0, 0.9, 1),
  ])
  func otherBoxesScoresAndClassesAreUnmatchedOnBothSides(x: Float, score: Float, label: Int) {
    #expect(parity([found(x, score, label)], [found(0, 0.9)]).unmatched == 2)
  }

  @Test func aMissingDetectionIsUnmatched() {
    #expect(parity([], [found(0, 0.9)]).unmatched == 1)
    #expect(parity([found(0, 0.9)], []).unmatched == 1)
  }

  @Test func whatLiesAtTheFloorTies() {
    let parity = parity([], [found(0, 0.05004)])
    #expect(parity.unmatched == 0 && parity.ties == 1)
    #expect(self.parity([], [found(0, 0.052)]).unmatched == 1)
  }

  @Test func theLastOfAFullListTies() {
    let full = [found(0, 0.9), found(20, 0.8), found(40, 0.7)]
    let other = [found(0, 0.9), found(20, 0.8), found(60, 0.69996)]
    #expect(parity(full, other).ties == 2)
    #expect(parity(Array(full.dropFirst()), Array(other.dropFirst())).unmatched == 2)
  }

  @Test func rivalsOfEqualScoresTie() {
    let parity = parity([found(0, 0.9)], [found(2, 0.90001)])
    #expect(parity.unmatched == 0 && parity.ties == 2)
    #expect(self.parity([found(0, 0.9)], [found(8, 0.90001)]).unmatched == 2)
  }

  @Test func moreTiesThanAFewAreNoProof() {
    var parity = Parity()
    for _ in 0..<3 { parity.add([], [found(0, 0.05)], bounds: bounds, selection) }
    #expect(parity.unmatched == 0 && !parity.isEqual(within: bounds))
  }
}
