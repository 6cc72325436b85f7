import DetTensor
import Testing

@testable import DetModel

struct LocationTargetsTests {
  /// Maps of strides 4 and 8 over 40 x 40 pixels, and anchors two strides wide.
  private func targets(
    _ boxes: [Box], ignored: [Box] = []
  ) -> (fine: [[Int]], coarse: [[Int]], centres: Int) {
    let grids = AnchorGrids(
      shapes: Tensor.zeros([2, 4]), perCell: 1, strides: [4, 8],
      over: [.zeros([1, 1, 10, 10]), .zeros([1, 1, 5, 5])])
    let targets = LocationTargets([boxes], ignored: [ignored], grids: grids, scale: 2)
    let labels = targets.labels.integers()
    func rows(_ from: Int, _ side: Int) -> [[Int]] {
      (0..<side).map { row in Array(labels[from + row * side..<from + (row + 1) * side]) }
    }
    return (rows(0, 10), rows(100, 5), labels.count { $0 == 0 })
  }

  @Test func theMiddleFifthIsACentreAndTheMiddleHalfIsIgnored() {
    // 40 x 40 is nearest to the coarse level's 16; its middle is 20, 20: 8 and 20 pixels around it.
    let found = targets([Box(x0: 0, y0: 0, x1: 40, y1: 40)])
    #expect(
      found.coarse == [
        [-1, -1, -1, -1, -1], [-1, -2, -2, -2, -1], [-1, -2, 0, -2, -1], [-1, -2, -2, -2, -1],
        [-1, -1, -1, -1, -1],
      ])
    #expect(found.centres == 1)
    // On the neighbouring level the middle half is ignored: middles of cells from 10 to 30.
    let ignored = found.fine.map { $0.map { $0 == -2 ? 1 : 0 } }
    #expect(ignored[2] == [0, 0, 1, 1, 1, 1, 1, 1, 0, 0])
    #expect(ignored.map { $0.reduce(0, +) } == [0, 0, 6, 6, 6, 6, 6, 6, 0, 0])
  }

  @Test func aSmallObjectHasTheCellOfItsMiddle() {
    let found = targets([Box(x0: 5, y0: 9, x1: 7, y1: 11)])
    #expect(found.fine[2][1] == 0 && found.centres == 1)
    #expect(found.coarse[1][0] == -2)
    #expect(found.fine.flatMap { $0 }.count { $0 == -2 } == 0)
  }

  @Test func aCentreWinsOverWhatAnotherObjectIgnores() {
    let large = Box(x0: 0, y0: 0, x1: 40, y1: 40)
    let small = Box(x0: 17, y0: 17, x1: 23, y1: 23)
    for boxes in [[large, small], [small, large]] {
      let found = targets(boxes)
      #expect(found.fine[5][5] == 0)
      #expect(found.coarse[2][2] == 0)
      #expect(found.fine[4][4] == -2)
    }
  }

  /// Middles of fine cells lie at 2, 6, 10, …, those of coarse ones at 4, 12, 20, …
  @Test func cellsInAnIgnoredBoxAreIgnoredOnEveryLevelButForCentres() {
    let found = targets(
      [Box(x0: 5, y0: 5, x1: 7, y1: 7)], ignored: [Box(x0: 0, y0: 4, x1: 10, y1: 12)])
    func ignored(_ rows: [[Int]]) -> [[Int]] {
      rows.indices.flatMap { y in rows[y].indices.map { [y, $0] } }
        .filter { rows[$0[0]][$0[1]] == -2 }
    }
    #expect(ignored(found.fine) == [[1, 0], [2, 0], [2, 1]])
    #expect(found.fine[1][1] == 0 && found.centres == 1)
    #expect(ignored(found.coarse) == [[0, 0]])
  }

  @Test func objectsBeyondTheMapCountAtItsEdgeAndEmptyOnesNotAtAll() {
    let found = targets([Box(x0: 36, y0: 36, x1: 60, y1: 60)])
    #expect(found.coarse[4][4] == 0)
    #expect(targets([Box(x0: 8, y0: 8, x1: 8, y1: 20)]).centres == 0)
  }

  @Test(arguments: [(7.9, 0), (11.2, 0), (11.4, 1), (100, 1), (1, 0)])
  func objectsBelongToTheLevelWhoseAnchorIsNearest(side: Double, level: Int) {
    let box = Box(x0: 0, y0: 0, x1: Float(side), y1: Float(side))
    #expect(LocationTargets.level(of: box, strides: [4, 8], scale: 2) == level)
  }
}
