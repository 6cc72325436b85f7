import DetBasics
import DetTensor
import TensorTestSupport
import Testing

/// Convolution on our own kernels with its gradients, against libtorch's in float64.
struct TrainableConvolutionTests {
  struct Case: CustomTestStringConvertible {
    let images: Int
    let inputs: Int
    let outputs: Int
    let size: (height: Int, width: Int)
    var hasBias = false
    var testDescription: String { "\(images)x\(inputs)→\(outputs) \(size) bias \(hasBias)" }
  }

  static let cases = [
    // All three by Winograd: whole tiles, cut ones, an odd number of panels, several blocks of tiles.
    Case(images: 2, inputs: 32, outputs: 48, size: (32, 32)),
    Case(images: 3, inputs: 24, outputs: 40, size: (25, 27), hasBias: true),
    Case(images: 1, inputs: 64, outputs: 64, size: (61, 50), hasBias: true),
    // Only the filters' gradient: few channels, or few tiles.
    Case(images: 3, inputs: 16, outputs: 24, size: (28, 28), hasBias: true),
    Case(images: 4, inputs: 40, outputs: 32, size: (10, 11)),
    // Neither: channels that do not fill vectors, and hardly any tiles.
    Case(images: 1, inputs: 20, outputs: 24, size: (40, 40), hasBias: true),
    Case(images: 1, inputs: 32, outputs: 32, size: (8, 8)),
  ]

  private struct Run {
    let y: Tensor
    let gradients: [Tensor?]
  }

  private func run(_ it: Case, _ dtype: DType, trains: [Bool] = [true, true, true]) -> Run {
    var generator = Generator(seed: 9)
    let shapes = [
      [it.images, it.inputs, it.size.height, it.size.width], [it.outputs, it.inputs, 3, 3],
      [it.outputs],
    ]
    let values = zip(shapes, trains).map { shape, trains in
      let value = Tensor.normal(shape, using: &generator).to(dtype)
      return trains ? value.requiringGradient() : value
    }
    let y = values[0].convolved(values[1], bias: it.hasBias ? values[2] : nil, padding: 1)
    let weights = Tensor.normal(y.shape, using: &generator).to(dtype)
    if trains.contains(true) { y.backward(weights) }
    return Run(y: y, gradients: values.map(\.gradient))
  }

  private func difference(_ found: Tensor?, _ wanted: Tensor?) -> Double {
    guard let found, let wanted, found.shape == wanted.shape else {
      return found == nil && wanted == nil ? 0 : .infinity
    }
    return (found.to(.float64) - wanted).abs().amax().item() / wanted.abs().amax().item()
  }

  @Test(arguments: cases) func equalsLibtorchInFloat64(_ it: Case) {
    let found = run(it, .float32)
    let wanted = run(it, .float64)
    #expect(difference(found.y, wanted.y) < 1e-5)
    for (found, wanted) in zip(found.gradients, wanted.gradients) {
      #expect(difference(found, wanted) < 1e-5)
    }
    #expect((found.gradients[2] != nil) == it.hasBias)
  }

  static let halfCases = [
    // All three by Winograd in fixed point: whole tiles, cut ones, an odd number of panels and of tiles, several blocks.
    Case(images: 2, inputs: 64, outputs: 48, size: (32, 32)),
    Case(images: 3, inputs: 48, outputs: 80, size: (25, 27), hasBias: true),
    Case(images: 1, inputs: 64, outputs: 64, size: (81, 50), hasBias: true),
    // Maps alone, filters alone, neither.
    Case(images: 3, inputs: 32, outputs: 32, size: (28, 28), hasBias: true),
    Case(images: 4, inputs: 48, outputs: 64, size: (12, 11)),
    Case(images: 1, inputs: 20, outputs: 24, size: (40, 40), hasBias: true),
  ]

  /// In bfloat16 maps and their gradients are rounded to 8 bits, and so may filters be; parameters' gradients are float32.
  @Test(arguments: halfCases) func bfloat16DiffersByRoundingAlone(_ it: Case) {
    let found = Torch.autocasting(to: .bfloat16) { run(it, .float32) }
    let wanted = run(it, .float64)
    #expect(found.y.dtype == .bfloat16)
    #expect(errorShare(found.y, wanted.y) < 0.006)
    for case (let found?, let wanted?) in zip(found.gradients, wanted.gradients) {
      #expect(found.dtype == .float32 && errorShare(found, wanted) < 0.007)
    }
    #expect(found.gradients.map { $0 == nil } == wanted.gradients.map { $0 == nil })
  }

  /// Frozen inputs, filters and biases in every mixture get no gradient, and leave the others' as they are.
  @Test(arguments: [0, 1, 3, 4]) func onlyWhatTrainsGetsAGradient(_ index: Int) {
    let it = Self.cases[index]
    let all = run(it, .float32)
    for mask in 0..<7 {
      let trains = (0..<3).map { mask >> $0 & 1 == 1 && ($0 < 2 || it.hasBias) }
      guard trains.contains(true) else { continue }
      let some = run(it, .float32, trains: trains)
      for part in 0..<3 {
        #expect((some.gradients[part] != nil) == trains[part])
        guard trains[part] else { continue }
        #expect(some.gradients[part]?.floats() == all.gradients[part]?.floats())
      }
    }
  }

  @Test func threadsDoNotChangeTheResult() {
    let before = Torch.threads
    defer { Torch.threads = before }
    let runs = [1, 2, 3].map { threads in
      Torch.threads = threads
      return run(Self.cases[1], .float32)
    }
    for other in runs.dropFirst() {
      #expect(other.y.floats() == runs[0].y.floats())
      for part in 0..<3 {
        let (found, wanted) = (other.gradients[part], runs[0].gradients[part])
        #expect(difference(found, wanted?.to(.float64)) < 1e-6)
      }
    }
  }
}
