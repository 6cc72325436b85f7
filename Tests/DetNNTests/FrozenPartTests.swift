import DetTensor
import TensorTestSupport
import TestSupport
import Testing

@testable import DetNN

/// Layers that training leaves as they are, in front of one that is trained.
struct FrozenPartTests {
  private let store = ParameterStore(seed: 3)
  private let conv: Conv2d
  private let norm: Norm
  private let frozen: FrozenPart
  private let last: Conv2d
  private let x = Tensor.arange(to: 2 * 3 * 36).sin().reshaped([2, 3, 6, 6])

  init() {
    let store = store
    let (layers, part) = FrozenPart.make(store) {
      (
        Conv2d(store.root / "first", inputs: 3, outputs: 4, kernel: 3),
        Norm(store.root / "norm", .batch(.nothing), channels: 4)
      )
    }
    (conv, norm) = layers
    frozen = part
    last = Conv2d(store.root / "last", inputs: 4, outputs: 2, kernel: 1)
    withoutGradient { store["norm.running_mean"]?.fill_(0.25) }
  }

  private func first(in dtype: DType = .float32) -> Tensor {
    frozen(in: dtype) { conv(x, norm, .relu) }
  }

  @Test func nothingOfItIsRecordedAndNothingChanges() {
    let before = store.frozen.map { $0.tensor.floats() }
    #expect(
      store.frozen.map(\.name) == [
        "first.weight", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var",
      ])
    #expect(store.trainable.map(\.name) == ["last.weight"])
    let optimizer = SGD(store, rate: 0.1)
    let start = last.weight.floats()
    for _ in 0..<2 {
      let y = first()
      #expect(!y.requiresGradient)
      last(y).pow(2).sum().backward()
      #expect(store.frozen.allSatisfy { $0.tensor.gradient == nil })
      optimizer.step()
    }
    #expect(store.frozen.map { $0.tensor.floats() } == before)
    #expect(last.weight.floats() != start)
  }

  @Test func itGivesWhatTheLayersGive() {
    let wanted = norm(conv(x), .relu).floats()
    expectClose(first().floats(), wanted, tolerance: 1e-5)
    store.usesInferencePlan = false
    expectClose(first().floats(), wanted, tolerance: 1e-6)
    #expect(!first().requiresGradient)
    store.usesInferencePlan = true
    let half = first(in: .bfloat16)
    expectClose(half.floats(), wanted, tolerance: 0.03)
  }

  @Test func weightsThatAreLoadedLaterCount() {
    let before = first().floats()
    withoutGradient { conv.weight.mul_(2) }
    let after = first().floats()
    #expect(after != before)
    expectClose(after, norm(conv(x), .relu).floats(), tolerance: 1e-5)
  }

  @Test func aStepBehindItKeepsItsPlan() {
    let optimizer = SGD(store, rate: 0.1)
    func plan() -> ObjectIdentifier? {
      frozen(in: .float32) { store.plan.map(ObjectIdentifier.init) }
    }
    let before = plan()
    #expect(before != nil)
    last(first()).sum().backward()
    optimizer.step()
    store.mode = .training
    #expect(plan() == before)
  }

  @Test func inUseTheModelHasOnePlan() {
    store.inferring {
      let whole = store.plan.map(ObjectIdentifier.init)
      frozen(in: .float32) { #expect(store.plan.map(ObjectIdentifier.init) == whole) }
    }
    #expect(store.plan == nil && store.isTraining)
  }
}
