import DetBasics
import DetTensor
import TensorTestSupport
import Testing

/// Convolutions for inference, against the plain operations one after the other.
struct FusedConvolutionTests {
  struct Case: CustomTestStringConvertible {
    var images = 1
    let inputs: Int
    let outputs: Int
    var kernel = 3
    var stride = 1
    var dilation = 1
    var groups = 1
    let size: (height: Int, width: Int)
    var activation = Activation.relu
    var hasResidual = false
    var hasBias = true
    var testDescription: String {
      "\(images)x\(inputs)→\(outputs) k\(kernel) s\(stride) g\(groups) \(size) \(activation) \(hasResidual)"
    }
  }

  static let cases = [
    // Tiles and panels that are cut at every border.
    Case(inputs: 5, outputs: 7, size: (9, 11), hasResidual: true),
    Case(inputs: 3, outputs: 20, kernel: 7, stride: 2, size: (23, 30)),
    Case(images: 2, inputs: 24, outputs: 24, stride: 2, size: (13, 9), activation: .relu6),
    // More products a pixel than are summed at once.
    Case(inputs: 900, outputs: 33, kernel: 1, size: (5, 5), hasResidual: true),
    Case(inputs: 200, outputs: 18, stride: 2, size: (7, 6), activation: .none),
    Case(inputs: 16, outputs: 32, kernel: 1, stride: 2, size: (9, 9), hasBias: false),
    Case(inputs: 8, outputs: 8, dilation: 2, size: (9, 8), hasResidual: true),
    // Winograd's tiles, whole, cut, and over two images.
    Case(inputs: 32, outputs: 48, size: (32, 32), activation: .none),
    Case(images: 2, inputs: 32, outputs: 32, size: (25, 27), hasResidual: true),
    Case(inputs: 64, outputs: 32, size: (30, 33), activation: .relu6, hasBias: false),
    Case(inputs: 32, outputs: 45, size: (29, 30), hasResidual: true),
    Case(images: 2, inputs: 40, outputs: 36, size: (24, 30), activation: .none),
    // oneDNN's: grouped and depthwise.
    Case(inputs: 8, outputs: 16, groups: 4, size: (9, 8), hasResidual: true),
    Case(inputs: 12, outputs: 12, groups: 12, size: (9, 8), activation: .relu6),
    Case(inputs: 12, outputs: 12, groups: 12, size: (9, 8), activation: .relu6, hasResidual: true),
  ]

  @Test(arguments: cases) func fusedLayerEqualsPlainOnes(_ it: Case) {
    var generator = Generator(seed: 5)
    let window = it.inputs / it.groups * it.kernel * it.kernel
    let weight = Tensor.normal(
      [it.outputs, it.inputs / it.groups, it.kernel, it.kernel],
      deviation: 1 / Double(window).squareRoot(), using: &generator)
    let bias = it.hasBias ? Tensor.normal([it.outputs], using: &generator) : nil
    let x = Tensor.normal(
      [it.images, it.inputs, it.size.height, it.size.width], using: &generator
    ).channelsLast()
    let padding = it.dilation * (it.kernel - 1) / 2
    let layer = FusedConvolution(
      weight: weight, bias: bias, stride: it.stride, padding: padding, dilation: it.dilation,
      groups: it.groups, activation: it.activation)
    // In float64, which none of our own kernels computes in.
    let sum = x.to(.float64).convolved(
      weight.to(.float64), bias: bias?.to(.float64), stride: it.stride, padding: padding,
      dilation: it.dilation, groups: it.groups
    ).to(.float32)
    let residual = it.hasResidual ? Tensor.normal(sum.shape, using: &generator) : nil
    let wanted = (residual.map { sum + $0 } ?? sum).activated_(it.activation)
    for _ in 0..<2 {
      let found = layer(x, adding: residual)
      #expect(found.shape == wanted.shape)
      let error = (found - wanted).abs().amax().item() / wanted.abs().amax().item()
      #expect(error < 2e-5)
    }
  }

  static let halfCases = [
    // Winograd's in fixed point: tiles whole, cut, over two images; panels that are filled up; several blocks of tiles.
    Case(inputs: 32, outputs: 48, size: (32, 32), activation: .none),
    Case(images: 2, inputs: 32, outputs: 32, size: (25, 27), hasResidual: true),
    Case(inputs: 64, outputs: 32, size: (30, 33), activation: .relu6, hasBias: false),
    Case(inputs: 48, outputs: 45, size: (61, 50), activation: .relu6, hasResidual: true),
    Case(inputs: 256, outputs: 96, size: (32, 32)),
    // Products, and oneDNN's.
    Case(images: 21, inputs: 500, outputs: 30, kernel: 1, size: (1, 1), hasResidual: true),
    Case(inputs: 24, outputs: 16, kernel: 1, size: (9, 8), activation: .relu6),
    Case(inputs: 5, outputs: 7, stride: 2, size: (9, 11), hasResidual: true),
    Case(inputs: 12, outputs: 12, groups: 12, size: (9, 8), activation: .relu6),
  ]

  /// What is computed in bfloat16 differs by what rounding filters and results once leaves: 8 bits each.
  @Test(arguments: halfCases) func bfloat16DiffersByRoundingAlone(_ it: Case) {
    var generator = Generator(seed: 5)
    let window = it.inputs / it.groups * it.kernel * it.kernel
    let weight = Tensor.normal(
      [it.outputs, it.inputs / it.groups, it.kernel, it.kernel],
      deviation: 1 / Double(window).squareRoot(), using: &generator
    ).to(.bfloat16)
    let bias = it.hasBias ? Tensor.normal([it.outputs], using: &generator).to(.bfloat16) : nil
    let x = Tensor.normal(
      [it.images, it.inputs, it.size.height, it.size.width], using: &generator
    ).to(.bfloat16).channelsLast()
    let padding = (it.kernel - 1) / 2
    let layer = FusedConvolution(
      weight: weight, bias: bias, stride: it.stride, padding: padding, groups: it.groups,
      activation: it.activation)
    let sum = x.to(.float64).convolved(
      weight.to(.float64), bias: bias?.to(.float64), stride: it.stride, padding: padding,
      groups: it.groups)
    let residual =
      it.hasResidual ? Tensor.normal(sum.shape, using: &generator).to(.bfloat16) : nil
    let wanted = (residual.map { sum + $0.to(.float64) } ?? sum).activated_(it.activation)
    for _ in 0..<2 {
      let found = layer(x, adding: residual)
      #expect(found.shape == wanted.shape && found.dtype == .bfloat16)
      #expect(errorShare(found, wanted) < 0.004)
      let most = (found.to(.float64) - wanted).abs().amax().item()
      #expect(most < 0.012 * wanted.abs().amax().item())
    }
  }

  /// The longest sums that there are for a length of rows and columns: all numbers equal.
  @Test(arguments: [32, 256, 1024]) func sumsInFixedPointDoNotOverflow(inputs: Int) {
    let weight = Tensor.full([32, inputs, 3, 3], -3).to(.bfloat16)
    let layer = FusedConvolution(weight: weight, bias: nil, padding: 1, activation: .none)
    let y = layer(Tensor.full([1, inputs, 32, 32], 7).to(.bfloat16).channelsLast())
    let inside = y.narrowed(dim: 2, from: 1, count: 30).narrowed(dim: 3, from: 1, count: 30)
    let wanted = Double(-21 * 9 * inputs)
    #expect((inside.to(.float32) - wanted).abs().amax().item() < 0.006 * -wanted)
  }

  /// A tile of zeros is the bias; numbers that are none stay none around their pixel and reach no tile beyond.
  @Test func zerosAndNoNumbersInFixedPoint() {
    var generator = Generator(seed: 8)
    let weight = Tensor.normal([32, 32, 3, 3], using: &generator).to(.bfloat16)
    let bias = Tensor.full([32], 0.5).to(.bfloat16)
    let layer = FusedConvolution(weight: weight, bias: bias, padding: 1, activation: .none)
    for value in [Float.nan, .infinity] {
      var pixels = [Float](repeating: 0, count: 32 * 32 * 32)
      pixels[5 * 32 + 9] = value  // of the first channel
      let x = Tensor(pixels, shape: [1, 32, 32, 32]).to(.bfloat16).channelsLast()
      let y = layer(x).to(.float32).floats()
      #expect(!y[5 * 32 + 9].isFinite)
      for row in 0..<32 {
        for column in 0..<32 where row > 8 || column > 12 || column < 7 {
          #expect(y[row * 32 + column] == 0.5)
        }
      }
    }
  }

  @Test func rowsAreTakenAsMapsOfOnePixel() {
    var generator = Generator(seed: 6)
    let weight = Tensor.normal([30, 500], using: &generator)
    let x = Tensor.normal([21, 500], using: &generator)
    let layer = FusedConvolution(
      weight: weight.reshaped([30, 500, 1, 1]), bias: nil, activation: .relu)
    let wanted = x.linear(weight).relu()
    #expect((layer(x) - wanted).abs().amax().item() < 1e-5 * wanted.amax().item())
  }

  @Test func notANumberStaysOne() {
    let weight = Tensor([1, 1], shape: [2, 1, 1, 1])
    let layer = FusedConvolution(weight: weight, bias: nil, activation: .relu6)
    let y = layer(Tensor([.nan, 7, -1, 2] as [Float], shape: [1, 1, 2, 2])).floats()
    #expect(y[0].isNaN && Array(y[1...3]) == [6, 0, 2])
  }

  @Test func versionsRiseWithEveryChange() {
    let tensors = [Tensor([1, 2] as [Float]), Tensor([3] as [Float])]
    let before = Tensor.versions(of: tensors)
    _ = tensors[0] + 1
    #expect(Tensor.versions(of: tensors) == before)
    tensors[1].fill_(4)
    #expect(Tensor.versions(of: tensors) > before)
  }
}
