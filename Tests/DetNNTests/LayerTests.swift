import DetNN
import DetTensor
import TestSupport
import Testing

struct LayerTests {
  @Test func paddingKeepsTheSizeUnlessGiven() {
    let store = ParameterStore(seed: 7)
    let x = Tensor.ones([1, 4, 8, 6])
    #expect(Conv2d(store.root / 0, inputs: 4, outputs: 6, kernel: 3)(x).shape == [1, 6, 8, 6])
    #expect(
      Conv2d(store.root / 1, inputs: 4, outputs: 6, kernel: 3, dilation: 2)(x).shape == [
        1, 6, 8, 6,
      ])
    #expect(
      Conv2d(store.root / 2, inputs: 4, outputs: 6, kernel: 7, stride: 2)(x).shape == [1, 6, 4, 3])
    #expect(
      Conv2d(store.root / 3, inputs: 4, outputs: 6, kernel: 3, padding: 0)(x).shape == [1, 6, 6, 4])
    #expect(
      Conv2d(store.root / 4, inputs: 4, outputs: 6, kernel: 1, groups: 2).weight.shape == [
        6, 2, 1, 1,
      ])
  }

  @Test func standardizedConvolutionIgnoresScaleAndShiftOfItsWeights() {
    let store = ParameterStore(seed: 7)
    let conv = Conv2d(
      store.root, inputs: 4, outputs: 6, kernel: 3, bias: true, weightStandardized: true)
    let x = Tensor.arange(to: 144).reshaped([1, 4, 6, 6]).sin()
    let before = conv(x).floats()
    withoutGradient { conv.weight.copy_(conv.weight * 3 + 0.5) }
    let difference = (Tensor(before) - Tensor(conv(x).floats())).abs().max().item()
    #expect(difference < 0.02)
  }

  @Test func batchNormLearnsStatisticsInTrainingAndUsesThemAfter() {
    let store = ParameterStore(seed: 7)
    let norm = BatchNorm(store.root, channels: 2)
    let x = Tensor([1, 3, 10, 30], shape: [2, 1, 1, 2]).permuted([0, 3, 1, 2])
    _ = norm(x)
    // momentum 0.1; channel means 5.5 and 16.5
    expectClose(store["running_mean"]?.floats() ?? [], [0.55, 1.65])
    store.mode = .evaluation
    _ = norm(x)
    expectClose(store["running_mean"]?.floats() ?? [], [0.55, 1.65])
  }

  @Test func frozenBatchNormTrainsNothing() {
    let store = ParameterStore(seed: 7)
    let norm = Norm(store.root, .batch(.nothing), channels: 2)
    let x = Tensor.ones([2, 2, 3, 3])
    expectClose(norm(x).floats(), x.floats())
    #expect(store["running_mean"]?.floats() == [0, 0])
    #expect(store.trainable.isEmpty)
  }

  /// The factor and summand that a norm is, taken into the filters, give what the norm after the convolution gives, and the same
  /// gradients.
  @Test(arguments: [BatchNorm.Learning.scaleAndShift, .nothing])
  func aNormThatKeepsItsStatisticsIsTakenIntoTheFilters(learning: BatchNorm.Learning) throws {
    func run(folds: Bool) throws -> (values: [Float], gradients: [[Float]], statistics: [Float]) {
      let store = ParameterStore(seed: 7)
      let conv = Conv2d(store.root / "c", inputs: 3, outputs: 4, kernel: 3, bias: true)
      let batch = BatchNorm(store.root / "n", channels: 4, learning: learning)
      withoutGradient {
        for (index, entry) in store.entries.enumerated() where entry.tensor.dimensions == 1 {
          let wave = (Tensor.arange(to: 4) + Double(index)).sin()
          entry.tensor.copy_(wave * 0.3 + (entry.name.hasSuffix("bias") ? 0 : 1))
        }
      }
      let x = (Tensor.arange(to: 2 * 3 * 25).sin()).reshaped([2, 3, 5, 5]).requiringGradient()
      let residual = (Tensor.arange(to: 2 * 4 * 25) + 1).sin().reshaped([2, 4, 5, 5])
      let y =
        folds
        ? conv(x, .batch(batch), adding: residual, .relu)
        : Norm.none(batch(conv(x)), adding: residual, .relu)
      y.pow(2).sum().backward()
      let names = ["c.weight", "c.bias", "n.weight", "n.bias"]
      let gradients = names.map { store[$0]?.gradient?.floats() ?? [] }
      return (
        y.floats(), gradients + [x.gradient?.floats() ?? []],
        (store["n.running_mean"]?.floats() ?? []) + (store["n.running_var"]?.floats() ?? [])
      )
    }
    let (folded, apart) = (try run(folds: true), try run(folds: false))
    expectClose(folded.values, apart.values, tolerance: 1e-5)
    #expect(folded.statistics == apart.statistics)
    #expect(folded.gradients.map(\.count) == apart.gradients.map(\.count))
    #expect(folded.gradients[2].isEmpty == (learning == .nothing))
    for (own, wanted) in zip(folded.gradients, apart.gradients) where !own.isEmpty {
      let scale = wanted.map(abs).max() ?? 0
      for (left, right) in zip(own, wanted) { #expect(abs(left - right) < 1e-4 * scale) }
    }
  }

  @Test func groupsAreTheMostThatDivideTheChannels() {
    let store = ParameterStore(seed: 7)
    #expect(GroupNorm(store.root / 0, channels: 48, groups: 32).groups == 24)
    #expect(GroupNorm(store.root / 1, channels: 64, groups: 32).groups == 32)
    #expect(GroupNorm(store.root / 2, channels: 7, groups: 4).groups == 1)
  }

  @Test func noNormalizationChangesNothing() {
    let store = ParameterStore(seed: 7)
    let x = Tensor([1, 2, 3, 4], shape: [1, 1, 2, 2])
    #expect(Norm(store.root, .none, channels: 1)(x).floats() == [1, 2, 3, 4])
    #expect(store.entries.isEmpty)
  }

  @Test func zeroWeightStartsABranchAsNothing() {
    let store = ParameterStore(seed: 7)
    let norm = Norm(store.root, .group(groups: 2), channels: 4, zeroWeight: true)
    #expect(norm(.arange(to: 16).reshaped([1, 4, 2, 2])).abs().max().item() == 0)
  }
}
