import DetNN
import DetTensor
import TensorTestSupport
import TestSupport
import Testing

struct OptimizerTests {
  /// A store with w = [1, 2] that decays and b = [3] that does not.
  private func store() -> (ParameterStore, w: Tensor, b: Tensor) {
    let store = ParameterStore(seed: 7)
    let w = store.root.parameter("w", shape: [2], .constant(1))
    let b = store.root.parameter("b", shape: [1], .constant(3), decays: false)
    withoutGradient { w.copy_(Tensor([1, 2])) }
    return (store, w, b)
  }

  @Test func momentumAndDecayFollowPyTorchsRule() {
    let (store, w, b) = store()
    let optimizer = SGD(store, rate: 0.1, momentum: 0.9, weightDecay: 0.5)
    for _ in 0..<2 {
      (w.sum() + b.sum() * 2).backward()
      optimizer.step()
    }
    // v = g + decay · w: 1.5, 2; then 0.9 v + 1 + decay · w.
    expectClose(w.floats(), [1 - 0.15 - 0.1 * (1.35 + 1.425), 2 - 0.2 - 0.1 * (1.8 + 1.9)])
    expectClose(b.floats(), [3 - 0.2 - 0.1 * (1.8 + 2)])
    #expect(w.gradient == nil)
  }

  @Test func clippingScalesTheWholeGradientToTheLimit() {
    let (store, w, b) = store()
    let optimizer = SGD(store, rate: 1, momentum: 0, weightDecay: 0)
    (w * Tensor([3, 0]) + b * 0).sum().backward()
    w.gradient?.copy_(Tensor([3, 0]))
    b.gradient?.copy_(Tensor([4]))
    #expect(optimizer.step(clip: 1) == 5)
    expectClose(w.floats(), [1 - 0.6, 2])
    expectClose(b.floats(), [3 - 0.8])
  }

  @Test func aGradientThatIsNotFiniteChangesNothing() {
    let (store, w, b) = store()
    let optimizer = SGD(store, rate: 1)
    ((w - 1).sqrt() * b).sum().backward()
    #expect(!optimizer.step(clip: 1).isFinite)
    #expect(w.floats() == [1, 2])
    #expect(b.floats() == [3])
  }

  @Test func aConvolutionsGradientInAnotherLayoutGivesTheSameStep() {
    func weights(channelsLast: Bool) -> [Float] {
      let store = ParameterStore(seed: 7)
      let conv = Conv2d(store.root / "c", inputs: 4, outputs: 4, kernel: 3)
      let optimizer = SGD(store, rate: 0.1)
      var x = Tensor.arange(to: 2 * 4 * 5 * 5).reshaped([2, 4, 5, 5]) * 0.01
      if channelsLast { x = x.channelsLast() }
      conv(x).pow(2).sum().backward()
      optimizer.step()
      return conv.weight.floats()
    }
    expectClose(weights(channelsLast: true), weights(channelsLast: false))
  }

  @Test func theAverageFollowsAndIsAppliedForAMoment() {
    let (store, w, _) = store()
    let average = ExponentialMovingAverage(store, decay: 0.5)
    withoutGradient { w.fill_(9) }
    average.update()  // decay 2 / 11
    let expected: [Float] = [1 + 8 * Float(9.0 / 11), 2 + 7 * Float(9.0 / 11)]
    average.whileApplied { expectClose(w.floats(), expected) }
    #expect(w.floats() == [9, 9])
    expectClose(average.state[0].tensor.floats(), expected)
  }

  @Test func trainingLeavesNoHandleBehind() {
    let (store, w, b) = store()
    let optimizer = SGD(store, rate: 0.01)
    func step() {
      ((w * b).sum() + w.pow(2).sum()).backward()
      optimizer.step(clip: 10)
    }
    step()
    expectNoHandlesLeft { for _ in 0..<5 { step() } }
  }
}
