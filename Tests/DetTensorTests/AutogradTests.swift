import DetTensor
import Testing

struct AutogradTests {
  @Test func gradientOfASquareIsTwiceTheNumber() {
    let x = Tensor([3, -2], shape: [2]).requiringGradient()
    (x * x).sum().backward()
    #expect(x.gradient?.floats() == [6, -4])
  }

  @Test func nothingIsRecordedWithoutGradient() {
    let x = Tensor([3], shape: [1]).requiringGradient()
    let y = withoutGradient { x * 2 }
    #expect(!y.requiresGradient)
    #expect((x * 2).requiresGradient)
  }

  @Test func gradientsAddUpUntilTheyAreDropped() {
    let x = Tensor([3], shape: [1]).requiringGradient()
    (x * 2).sum().backward()
    (x * 5).sum().backward()
    #expect(x.gradient?.floats() == [7])
    x.gradient = nil
    #expect(x.gradient == nil)
  }
}
