import DetTensor
import TestSupport
import Testing

struct ArithmeticTests {
  let x = Tensor([1, 2, 4, 8], shape: [2, 2])
  let y = Tensor([2, 4], shape: [2])

  @Test func operatorsBroadcast() {
    #expect((x + y).floats() == [3, 6, 6, 12])
    #expect((x - y).floats() == [-1, -2, 2, 4])
    #expect((x * y).floats() == [2, 8, 8, 32])
    #expect((x / y).floats() == [0.5, 0.5, 2, 2])
    #expect((-y).floats() == [-2, -4])
    #expect(x.maximum(y).floats() == [2, 4, 4, 8])
    #expect(x.minimum(y).floats() == [1, 2, 2, 4])
    #expect(x.matrixProduct(y.unsqueezed(1)).floats() == [10, 40])
  }

  @Test func numbersTakeTheTensorsKindWhenTheyCan() {
    let whole = Tensor([5, -7] as [Int])
    #expect((whole + 2).dtype == .int64)
    #expect((2 - whole).integers() == [-3, 9])
    #expect((whole * 0.5).dtype == .float32)
    #expect((whole / 2).floats() == [2.5, -3.5])
    #expect(whole.floorDivided(by: 2).integers() == [2, -4])
    #expect(whole.remainder(by: 4).integers() == [1, 1])
    #expect((8 / y).floats() == [4, 2])
    #expect((1 + y - 3).floats() == [0, 2])
  }

  @Test func inPlaceOperationsChangeEveryCopy() {
    let a = Tensor([1, 2, 3])
    let b = a
    a.add_(1)
    a.mul_(2)
    a.add_(Tensor([1, 1, 1]), times: -4)
    #expect(b.floats() == [0, 2, 4])
    a.mul_(Tensor([2, 2, 2]))
    #expect(b.floats() == [0, 4, 8])
    a.copy_(Tensor([9]))
    #expect(b.floats() == [9, 9, 9])
    a.fill_(0)
    #expect(b.floats() == [0, 0, 0])
    #expect(Tensor([-1, 1]).relu_().floats() == [0, 1])
  }

  @Test func comparisonsGiveMasks() {
    #expect(x.greater(than: 2).booleans() == [false, false, true, true])
    #expect(x.atLeast(2).booleans() == [false, true, true, true])
    #expect(x.less(than: y).booleans() == [true, true, false, false])
    #expect(x.atMost(y).booleans() == [true, true, false, false])
    #expect(x.equal(to: 4).booleans() == [false, false, true, false])
    #expect(y.unequal(to: Tensor([2, 5])).booleans() == [false, true])
    let mask = y.equal(to: 2)
    #expect(mask.and(mask.not()).booleans() == [false, false])
    #expect(mask.or(mask.not()).all() && !mask.all())
    #expect(Tensor.where(mask, y, -y).floats() == [2, -4])
    #expect(Tensor([1, .infinity, .nan]).isFinite().booleans() == [true, false, false])
  }

  @Test func functionsGiveTheirValues() {
    expectClose(Tensor([1, 4]).log2().floats(), [0, 2])
    expectClose(Tensor([0, 1]).exp().log().floats(), [0, 1])
    expectClose(Tensor([4, 16]).sqrt().floats(), [2, 4])
    expectClose(Tensor([2, 3]).pow(2).floats(), [4, 9])
    expectClose(Tensor([-1.5, 1.5]).floor().floats(), [-2, 1])
    expectClose(Tensor([-1.5, 1.5]).ceil().floats(), [-1, 2])
    expectClose(Tensor([-3, 2]).abs().floats(), [3, 2])
    expectClose(Tensor([0, .pi / 2]).sin().floats(), [0, 1])
    expectClose(Tensor([-1, 3, 9]).relu6().floats(), [0, 3, 6])
    expectClose(Tensor([-1, 3, 9]).relu().floats(), [0, 3, 9])
    expectClose(Tensor([-1, 3, 9]).clamped(min: 0, max: 5).floats(), [0, 3, 5])
  }
}
