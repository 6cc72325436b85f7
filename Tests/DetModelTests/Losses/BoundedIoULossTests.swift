import DetTensor
import TestSupport
import Testing

@testable import DetModel

struct BoundedIoULossTests {
  @Test func sidesThatAreRightCostNothingAndOthersByTheirRatio() {
    let wanted = Tensor([10, 20] as [Float], shape: [1, 2])
    #expect(BoundedIoULoss.sum(wanted, wanted).item() == 0)
    // 0.5 is beyond the square part (0.2): 0.5 - 0.1; too large costs as much as too small.
    for sides in [[5, 20], [20, 20], [10, 40]] as [[Float]] {
      let loss = BoundedIoULoss.sum(Tensor(sides, shape: [1, 2]), wanted).item()
      expectClose([loss], [0.4], tolerance: 1e-6)
    }
    // 0.1 is within it: 0.5 · 0.1² / 0.2.
    let near = BoundedIoULoss.sum(Tensor([9, 20] as [Float], shape: [1, 2]), wanted).item()
    expectClose([near], [0.025], tolerance: 1e-6)
  }

  @Test func theGradientPullsTowardsTheTruth() {
    let sides = Tensor([5, 40] as [Float], shape: [1, 2]).requiringGradient()
    BoundedIoULoss.sum(sides, Tensor([10, 20] as [Float], shape: [1, 2])).backward()
    expectClose(sides.gradient?.doubles() ?? [], [-0.1, 20.0 / 1600], tolerance: 1e-6)
  }
}
