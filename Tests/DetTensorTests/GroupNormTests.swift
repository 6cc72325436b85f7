import DetBasics
import DetTensor
import TensorTestSupport
import Testing

/// The native group normalisation and its gradients, against libtorch's in float64.
struct GroupNormTests {
  struct Case: CustomTestStringConvertible {
    let shape: [Int]
    let groups: Int
    let hasResidual: Bool
    let activation: Activation
    var testDescription: String { "\(shape) in \(groups), \(hasResidual), \(activation)" }
  }

  static let cases = [
    ([2, 6, 5, 7], 3), ([1, 8, 40, 33], 4), ([3, 32, 1, 1], 4), ([2, 24, 20, 20], 12),
  ].flatMap { shape, groups in
    [Activation.none, .relu, .relu6].flatMap { activation in
      [false, true].map {
        Case(shape: shape, groups: groups, hasResidual: $0, activation: activation)
      }
    }
  }

  private func results(_ it: Case, in dtype: DType, parameters: DType? = nil) -> [Tensor] {
    var generator = Generator(seed: 8)
    func leaf(_ shape: [Int], around mean: Double, _ dtype: DType) -> Tensor {
      (Tensor.normal(shape, using: &generator) + mean).to(.bfloat16).to(dtype).requiringGradient()
    }
    let channels = it.shape[1]
    let x = leaf(it.shape, around: 0.7, dtype)
    let weight = leaf([channels], around: 1, parameters ?? dtype)
    let bias = leaf([channels], around: 0, parameters ?? dtype)
    let residual = it.hasResidual ? leaf(it.shape, around: 0, dtype) : nil
    let slope = Tensor.normal(it.shape, using: &generator).to(.bfloat16).to(dtype)
    let y = x.channelsLast().groupNormalized(
      groups: it.groups, weight: weight, bias: bias, adding: residual, it.activation)
    (y * slope).sum().backward()
    let gradients = [x, weight, bias, residual].compactMap { $0?.gradient }
    return [y.detached()] + gradients
  }

  @Test(arguments: cases) func valuesAndGradientsEqualLibtorch(_ it: Case) {
    let found = results(it, in: .float32)
    let wanted = results(it, in: .float64)
    #expect(found.count == (it.hasResidual ? 5 : 4))
    for (own, reference) in zip(found, wanted) {
      let scale = max(1, reference.abs().amax().item())
      #expect((own.to(.float64) - reference).abs().amax().item() < 1e-5 * scale)
    }
  }

  /// Maps in bfloat16 and parameters in float32: what leaves is rounded once, and nothing else.
  @Test(arguments: cases) func bfloat16IsRoundedOnce(_ it: Case) {
    let found = results(it, in: .bfloat16, parameters: .float32)
    let wanted = results(it, in: .float64)
    #expect(found.map(\.dtype).filter { $0 == .float32 }.count == 2)
    for (own, reference) in zip(found, wanted) {
      #expect(errorShare(own, reference) < 0.03)
      // Sums that are rounded to zero or to six let other gradients pass.
      guard it.activation == .none else { continue }
      let most = (own.to(.float64) - reference).abs().amax().item()
      #expect(most < 0.02 * reference.abs().amax().item())
    }
  }

  @Test func resultsDoNotDependOnThreads() {
    var generator = Generator(seed: 9)
    let x = Tensor.normal([2, 16, 50, 50], using: &generator).channelsLast()
    let (weight, bias) = (Tensor.ones([16]), Tensor.zeros([16]))
    let before = Torch.threads
    defer { Torch.threads = before }
    let results = [1, 2].map { threads in
      Torch.threads = threads
      return x.groupNormalized(groups: 4, weight: weight, bias: bias).floats()
    }
    #expect(results[0] == results[1])
  }
}
