import DetTensor
import Foundation
import TestSupport
import Testing

/// Gradients against central differences in float64, for what this project differentiates itself and
/// for the operations a detector is made of.
struct GradientCheckTests {
  /// The largest difference between backward and central differences, relative to the gradient's size.
  private func error(_ shape: [Int], _ function: (Tensor) -> Tensor) -> Double {
    let count = shape.reduce(1, *)
    let values = (0..<count).map { sin(1.3 * Double($0) + 0.2) }
    func loss(_ x: Tensor) -> Tensor {
      let out = function(x)
      let weights = (0..<out.count).map { cos(0.9 * Double($0)) }
      return (out * Tensor(doubles: weights, shape: out.shape)).sum()
    }
    let x = Tensor(doubles: values, shape: shape).requiringGradient()
    loss(x).backward()
    let gradient = x.gradient?.doubles() ?? []
    let step = 1e-5
    let worst = (0..<count).map { index in
      var up = values
      var down = values
      up[index] += step
      down[index] -= step
      let above = loss(Tensor(doubles: up, shape: shape)).item()
      let below = loss(Tensor(doubles: down, shape: shape)).item()
      return abs((above - below) / (2 * step) - gradient[index])
    }
    return (worst.max() ?? .infinity) / max(1, gradient.map(abs).max() ?? 0)
  }

  @Test func layersAgreeWithDifferences() {
    let weight = (Tensor.arange(54).to(.float64) * 0.3).sin().reshaped([3, 2, 3, 3])
    #expect(error([1, 2, 4, 4]) { $0.convolved(weight, padding: 1) } < 1e-7)
    #expect(error([2, 4, 3, 3]) { $0.groupNormalized(groups: 2, weight: nil, bias: nil) } < 1e-6)
    #expect(error([3, 2, 3, 3]) { $0.weightStandardized() } < 1e-6)
    #expect(
      error([1, 2, 3, 4]) { $0.interpolated(toHeight: 5, width: 6, mode: .bilinear) } < 1e-7)
  }

  @Test func lossesAgreeWithDifferences() {
    let classes = Tensor([2, 0] as [Int])
    let target = Tensor(doubles: [0.1, 0.9, 0.5, 0, 1, 0.3], shape: [2, 3])
    #expect(error([2, 3]) { $0.crossEntropy(classes) } < 1e-7)
    #expect(error([2, 3]) { $0.binaryCrossEntropyWithLogits(target) } < 1e-7)
    #expect(error([2, 3]) { $0.smoothL1(target, beta: 0.3) } < 1e-7)
    #expect(error([2, 3]) { $0.softmax(1) } < 1e-7)
  }

  /// The native float32 kernel has its own backward: it must equal the composed one in float64.
  @Test func nativeWeightStandardizationEqualsTheComposedOne() {
    let values = (0..<(5 * 4 * 9)).map { sin(1.7 * Double($0)) + 0.4 }
    let gradient = (0..<values.count).map { cos(0.6 * Double($0)) }
    func run(_ dtype: DType) -> (Tensor, Tensor?) {
      let w = Tensor(doubles: values, shape: [5, 4, 3, 3]).to(dtype).requiringGradient()
      let out = w.weightStandardized()
      out.backward(Tensor(doubles: gradient, shape: [5, 4, 3, 3]).to(dtype))
      return (out, w.gradient)
    }
    let (native, nativeGradient) = run(.float32)
    let (composed, composedGradient) = run(.float64)
    expectClose(native.floats(), composed.floats(), tolerance: 1e-6)
    expectClose(nativeGradient?.floats() ?? [], composedGradient?.floats() ?? [], tolerance: 2e-6)
  }

  /// A filter of equal weights has no spread: the epsilon keeps it finite.
  @Test func aConstantFilterStandardizesToZero() {
    let w = Tensor.full([2, 3, 3, 3], 0.7).requiringGradient()
    let out = w.weightStandardized()
    #expect(out.abs().max().item() < 1e-3)
    out.sum().backward()
    #expect(w.gradient?.isFinite().all() == true)
  }
}
