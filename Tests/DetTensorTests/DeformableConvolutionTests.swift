import DetBasics
import Foundation
import TestSupport
import Testing

@testable import DetTensor

/// Deformable convolution, native and composed, as torchvision has it (Goldens/make_deformable.py).
struct DeformableConvolutionTests {
  struct File: Decodable {
    let version: Int
    let library: String
    let cases: [Case]
  }

  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let shapes: [[Int]]
    let reach: Double
    let stride: Int
    let padding: Int
    let dilation: Int
    let values: [Float]
    let gradients: [[Float]]
    var testDescription: String { name }

    /// Image, filters, bias, offsets.
    func inputs(_ dtype: DType = .float32) -> [Tensor] {
      shapes.enumerated().map { index, shape in
        let wave = GoldenTests.wave(shape, phase: 0.3 * Double(index)).to(dtype)
        return (index == 3 ? wave * reach : wave).detached().requiringGradient()
      }
    }

    func run(_ x: [Tensor]) -> Tensor {
      x[0].deformConvolved(
        x[1], bias: x[2], offsets: x[3], stride: stride, padding: padding, dilation: dilation)
    }
  }

  static func cases() throws -> [Case] {
    try Golden.read(File.self, "deformable.json")
      .cases
  }

  @Test(arguments: try cases(), [false, true])
  func valuesAndGradientsAreTorchvisions(golden: Case, composed: Bool) {
    Composition.$isForced.withValue(composed) {
      let inputs = golden.inputs()
      let out = golden.run(inputs)
      expectClose(out.floats(), golden.values, tolerance: 2e-5)
      (out * GoldenTests.wave(out.shape, phase: 1.1)).sum().backward()
      for (input, gradient) in zip(inputs, golden.gradients) {
        expectClose(input.gradient?.floats() ?? [], gradient, tolerance: 2e-5)
      }
    }
  }

  // Differences need float64; blends have kinks at whole places, which the offsets stay away from.
  @Test(arguments: [false, true]) func gradientsAgreeWithDifferences(composed: Bool) throws {
    let golden = try #require(try Self.cases().first { $0.name.hasPrefix("groups") })
    try Composition.$isForced.withValue(composed) {
      let inputs = golden.inputs(.float64)
      func loss(_ x: [Tensor]) -> Tensor {
        let out = golden.run(x)
        return (out * GoldenTests.wave(out.shape, phase: 1.1).to(.float64)).sum()
      }
      loss(inputs).backward()
      for (index, input) in inputs.enumerated() {
        let gradient = try #require(input.gradient).doubles()
        for place in stride(from: 0, to: input.count, by: max(1, input.count / 23)) {
          let values = input.doubles()
          func moved(_ step: Double) -> Double {
            var other = values
            other[place] += step
            var all = inputs.map { $0.detached() }
            all[index] = Tensor(doubles: other, shape: input.shape)
            return loss(all).item()
          }
          let difference = (moved(1e-6) - moved(-1e-6)) / 2e-6
          #expect(abs(difference - gradient[place]) < 1e-6, "input \(index), place \(place)")
        }
      }
    }
  }

  @Test func withoutOffsetsItIsAConvolution() {
    let x = GoldenTests.wave([2, 6, 9, 7], phase: 0.1)
    let weight = GoldenTests.wave([5, 6, 3, 3], phase: 0.2)
    let plain = x.convolved(weight, padding: 1)
    let offsets = Tensor.zeros([2, 3 * 18, 9, 7])
    let deformed = x.channelsLast().deformConvolved(weight, offsets: offsets, padding: 1)
    expectClose(deformed.floats(), plain.floats())
    #expect(deformed.isChannelsLast)
  }

  @Test func moreCellsThanASlabHoldsAreTheSameAsOneByOne() {
    // 1,600 columns a cell make slabs of 655 cells; these maps have 900 each.
    let x = GoldenTests.wave([2, 64, 30, 30], phase: 0.1)
    let weight = GoldenTests.wave([2, 64, 5, 5], phase: 0.2)
    let offsets = GoldenTests.wave([2, 50, 30, 30], phase: 0.4) * 1.7
    let native = x.deformConvolved(weight, offsets: offsets, padding: 2)
    let composed = Composition.deformConvolved(
      x, weight, bias: nil, offsets: offsets, stride: 1, padding: 2, dilation: 1)
    expectClose(native.floats(), composed.floats(), tolerance: 1e-4)
  }

  @Test(arguments: [false, true]) func offsetsThatAreNoNumbersSampleNothing(composed: Bool) {
    Composition.$isForced.withValue(composed) {
      let strange: [Float] = [.nan, .infinity, -.infinity, 1e30]
      for value in strange {
        let offsets = Tensor.full([1, 18, 3, 3], Double(value))
        let out = Tensor.ones([1, 1, 3, 3]).deformConvolved(
          .ones([1, 1, 3, 3]), offsets: offsets, padding: 1)
        #expect(out.floats().allSatisfy { $0 == 0 }, "\(value)")
      }
    }
  }

  // In bfloat16 place 33,450 is 33,536, and above 128 there are no fractions.
  @Test func placesOnLargeMapsOfHalfKindsAreComputedInFloat32() {
    let x = GoldenTests.wave([1, 2, 70, 300], phase: 0.1).to(.bfloat16)
    let weight = GoldenTests.wave([2, 2, 3, 3], phase: 0.2).to(.bfloat16)
    let offsets = (GoldenTests.wave([1, 18, 70, 300], phase: 0.4) * 1.7).to(.bfloat16)
    func composed(_ kind: DType) -> [Float] {
      Composition.deformConvolved(
        x.to(kind), weight.to(kind), bias: nil, offsets: offsets.to(kind), stride: 1, padding: 1,
        dilation: 1
      ).floats()
    }
    let (half, whole) = (composed(.bfloat16), composed(.float32))
    let worst = zip(half, whole).map { abs($0 - $1) }.max() ?? .infinity
    let largest = whole.map(abs).max() ?? 0
    #expect(worst < 0.04 * largest, "off by \(worst) of \(largest)")
  }

  @Test func halfKindsAreComputedInFloat32() {
    let x = GoldenTests.wave([1, 4, 5, 5], phase: 0.1)
    let weight = GoldenTests.wave([2, 4, 3, 3], phase: 0.2)
    let offsets = GoldenTests.wave([1, 18, 5, 5], phase: 0.4)
    let half = x.to(.bfloat16).deformConvolved(weight, offsets: offsets, padding: 1)
    #expect(half.dtype == .bfloat16)
    let whole = x.to(.bfloat16).to(.float32).deformConvolved(weight, offsets: offsets, padding: 1)
    expectClose(half.floats(), whole.floats(), tolerance: 8e-3)
  }
}
