import DetNN
import DetTensor
import Foundation
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

  @Test func normsAndBiasesDecayOnDemand() {
    let (store, w, b) = store()
    let optimizer = SGD(store, rate: 0.1, momentum: 0, weightDecay: 0.5, decaysAll: true)
    (w.sum() + b.sum()).backward()
    optimizer.step()
    expectClose(w.floats(), [1 - 0.1 * 1.5, 2 - 0.1 * 2])
    expectClose(b.floats(), [3 - 0.1 * 2.5])
  }

  /// Two steps by the formulas of Loshchilov & Hutter 2019, algorithm 2.
  @Test func adamWFollowsItsRule() {
    let (store, w, b) = store()
    let optimizer = AdamW(store, rate: 0.1, weightDecay: 0.5)
    var wanted: [(value: Double, decay: Double)] = [(1, 0.5), (2, 0.5), (3, 0)]
    var means = [(0.0, 0.0), (0.0, 0.0), (0.0, 0.0)]
    for step in 1...2 {
      let factors = [1, -3, 2].map { $0 * Double(step) }
      ((w * Tensor(factors.prefix(2).map { Float($0) })).sum() + b.sum() * factors[2]).backward()
      optimizer.step()
      for (index, gradient) in factors.enumerated() {
        means[index].0 = 0.9 * means[index].0 + 0.1 * gradient
        means[index].1 = 0.999 * means[index].1 + 0.001 * gradient * gradient
        let mean = means[index].0 / (1 - pow(0.9, Double(step)))
        let square = means[index].1 / (1 - pow(0.999, Double(step)))
        let (value, decay) = wanted[index]
        wanted[index].value =
          value - 0.1 * decay * value - 0.1 * mean / (square.squareRoot() + 1e-8)
      }
    }
    expectClose((w.floats() + b.floats()).map { Double($0) }, wanted.map(\.value), tolerance: 1e-6)
    #expect(w.gradient == nil)
  }

  @Test func adamWGoesOnFromItsState() {
    func trained(
      _ steps: Int, from state: [(name: String, tensor: Tensor)]? = nil, _ start: [Float]
    )
      -> (values: [Float], state: [(name: String, tensor: Tensor)])
    {
      let (store, w, _) = store()
      withoutGradient { w.copy_(Tensor(start)) }
      let optimizer = AdamW(store, rate: 0.1)
      for (own, saved) in zip(optimizer.state, state ?? []) {
        #expect(own.name == saved.name)
        own.tensor.copy_(saved.tensor)
      }
      for _ in 0..<steps {
        w.pow(4).sum().backward()
        optimizer.step(clip: 10)
      }
      return (w.floats(), optimizer.state)
    }
    let whole = trained(5, [1, 2])
    let half = trained(2, [1, 2])
    #expect(trained(3, from: half.state, half.values).values == whole.values)
    #expect(trained(3, half.values).values != whole.values)
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
