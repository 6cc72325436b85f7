import DetTensor
import Foundation
import TestSupport
import Testing

@testable import DetModel

struct BoxCoderTests {
  let box = Tensor([10, 20, 30, 60], shape: [1, 4])

  @Test func aDeltaIsInUnitsOfTheBoxAndOfTheDeviation() {
    let target = Tensor([14, 24, 34, 64], shape: [1, 4])
    expectClose(BoxCoder.unit.encode(box, to: target).doubles(), [0.2, 0.1, 0, 0], tolerance: 1e-6)
    expectClose(
      BoxCoder.regions(step: 0).encode(box, to: target).doubles(), [2, 1, 0, 0], tolerance: 1e-6)
    expectClose(
      BoxCoder.regions(step: 1).encode(box, to: target).doubles(), [4, 2, 0, 0], tolerance: 1e-6)
    expectClose(
      BoxCoder.regions(step: 2).encode(box, to: target).doubles(), [6, 3, 0, 0], tolerance: 1e-6)
  }

  @Test func decodingUndoesEncoding() {
    let target = Tensor([-3, 11, 41, 47], shape: [1, 4])
    let coder = BoxCoder.regions(step: 1)
    let back = coder.decode(box, coder.encode(box, to: target))
    expectClose(back.doubles(), [-3, 11, 41, 47], tolerance: 1e-6)
  }

  @Test func aBoxGrowsAtMostSixtyTwoAndAHalfTimes() {
    let deltas = Tensor([0, 0, 100, 0], shape: [1, 4])
    let grown = BoxCoder.unit.decode(box, deltas).doubles()
    expectClose([grown[2] - grown[0]], [20 * 62.5], tolerance: 1e-4)
  }

  @Test func everySetOfDeltasStartsFromItsRowsBox() {
    let deltas = Tensor([0, 0, 0, 0, 0.5, 0, 0, 0], shape: [1, 8])
    let boxes = BoxCoder.unit.decode(box, deltas)
    expectClose(boxes.doubles(), [10, 20, 30, 60, 20, 20, 40, 60], tolerance: 1e-6)
  }
}
