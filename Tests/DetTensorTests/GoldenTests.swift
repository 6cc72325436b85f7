import DetTensor
import Foundation
import TestSupport
import Testing

/// Values and gradients of operations, as PyTorch gives them (Goldens/make_operations.py).
struct GoldenTests {
  struct File: Decodable {
    let version: Int
    let library: String
    let cases: [Case]
  }

  struct Case: Decodable {
    let name: String
    let shapes: [[Int]]
    let shape: [Int]
    let values: [Float]
    let gradients: [[Float]]
  }

  typealias Operation = ([Tensor]) -> Tensor

  // Closures are grouped by family, so that each table type-checks quickly.
  static var convolutions: [String: Operation] {
    [
      "conv": { $0[0].convolved($0[1], bias: $0[2], stride: 2, padding: 1) },
      "convDilated": { $0[0].convolved($0[1], padding: 2, dilation: 2) },
      "convGrouped": { $0[0].convolved($0[1], padding: 1, groups: 2) },
      "convTransposed": { $0[0].transposeConvolved($0[1], bias: $0[2], stride: 2) },
      "linear": { $0[0].linear($0[1], $0[2]) },
      "maxPool": { $0[0].maxPooled(3, stride: 2, padding: 1) },
      "nearest": { $0[0].interpolated(toHeight: 10, width: 9, mode: .nearest) },
      "bilinear": { $0[0].interpolated(toHeight: 9, width: 7, mode: .bilinear) },
    ]
  }

  static var normalizations: [String: Operation] {
    [
      "groupNorm": { $0[0].groupNormalized(groups: 2, weight: $0[1], bias: $0[2]) },
      "batchNorm": {
        $0[0].batchNormalized(
          weight: $0[1], bias: $0[2], runningMean: .zeros([4]), runningVariance: .ones([4]),
          training: true)
      },
      "weightStandardized": { $0[0].weightStandardized() },
      "softmax": { $0[0].softmax(1) },
      "sigmoid": { $0[0].sigmoid() },
    ]
  }

  static var others: [String: Operation] {
    [
      "smoothL1": { $0[0].smoothL1($0[1], beta: 0.25, reduction: .sum) },
      "binaryCrossEntropy": {
        let target = Tensor.arange(12).reshaped([3, 4]).remainder(by: 2).to(.float32)
        return $0[0].binaryCrossEntropyWithLogits(target)
      },
      "crossEntropy": { $0[0].crossEntropy(Tensor([2, 0, 1] as [Int])) },
      "crossEntropySmoothed": {
        $0[0].crossEntropy(Tensor([2, 0, 1] as [Int]), smoothing: 0.1, reduction: .sum)
      },
      "broadcast": { $0[0] * $0[1] + $0[0] / ($0[1] + 2) },
      "gather": { $0[0].gather(dim: 1, Tensor([0, 3, 1, 1, 2, 0] as [Int], shape: [3, 2])) },
    ]
  }

  static func wave(_ shape: [Int], phase: Double) -> Tensor {
    let values = (0..<shape.reduce(1, *)).map { Float(sin(0.7 * Double($0) + phase)) }
    return Tensor(values, shape: shape)
  }

  @Test func valuesAndGradientsEqualPyTorch() throws {
    let file = try Golden.read(File.self, "operations.json")
    let table = [Self.convolutions, Self.normalizations, Self.others].reduce(into: [:]) {
      $0.merge($1) { first, _ in first }
    }
    #expect(file.cases.count == table.count)
    for golden in file.cases {
      let operation = try #require(table[golden.name])
      let inputs = golden.shapes.enumerated().map {
        Self.wave($1, phase: 0.3 * Double($0)).requiringGradient()
      }
      let out = operation(inputs)
      #expect(out.shape == golden.shape, "\(golden.name)")
      expectClose(out.floats(), golden.values, "\(golden.name)", tolerance: 2e-5)
      (out * Self.wave(out.shape, phase: 1.1)).sum().backward()
      for (input, gradient) in zip(inputs, golden.gradients) {
        expectClose(
          input.gradient?.floats() ?? [], gradient, "gradient of \(golden.name)", tolerance: 2e-5)
      }
    }
  }
}
