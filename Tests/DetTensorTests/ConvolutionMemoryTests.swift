import DetBasics
import Foundation
import TestSupport
import Testing

@testable import DetTensor

#if os(Linux) && arch(x86_64)
  /// Convolutions and their gradients stay inside their memory, on the kernels that libtorch has for this processor.
  ///
  /// The C library's checking allocator ends the process when a block is freed behind whose end something was written.
  /// It has to be there from a process's start, so that the walk runs in processes of its own.
  @Suite(.serialized) struct ConvolutionMemoryTests {
    static let hasInstructions: Bool = {
      let facts = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
      return facts?.contains("avx512_bf16") ?? false
    }()

    /// Starts the walk's process under the checking allocator; its last line says how far it came.
    private func expectSound(_ process: () async -> Void) async throws {
      let folder = try TemporaryFolder()
      let place = folder.file("walk.txt")
      let settings = [
        "LD_PRELOAD": "libc_malloc_debug.so.0", "MALLOC_CHECK_": "3",
        ConvolutionWalk.placeVariable: place,
      ]
      for (name, value) in settings { setenv(name, value, 1) }
      await process()
      for name in settings.keys { unsetenv(name) }
      let lines = try Files.text(place).split(separator: "\n")
      #expect(lines.last == "end", "came to: \(lines.suffix(2).joined(separator: " "))")
    }

    @Test(.enabled(if: hasInstructions, "this processor has no avx512_bf16"))
    func bfloat16StaysInItsMemoryAndNearFloat32() async throws {
      try await expectSound {
        await #expect(processExitsWith: .success) {
          try ConvolutionWalk(dtype: .bfloat16, bound: 1.0 / 128).run()
        }
      }
    }

    @Test func float32StaysInItsMemoryAndNearFloat64() async throws {
      try await expectSound {
        await #expect(processExitsWith: .success) {
          try ConvolutionWalk(dtype: .float32, bound: 1e-5).run()
        }
      }
    }
  }
#endif

/// In the process itself, on every processor: what the gradient of 1x1 filters must know.
struct PointwiseGradientTests {
  @Test(arguments: [DType.bfloat16, .float32]) func strideMayLeaveOutTheLastPixels(_ dtype: DType) {
    let x = Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], shape: [1, 1, 4, 4])
      .to(dtype)
    let weight = Tensor([2] as [Float], shape: [1, 1, 1, 1]).to(dtype).requiringGradient()
    let y = x.convolved(weight, stride: 2)
    y.backward(Tensor([1, 10, 0, 2] as [Float], shape: [1, 1, 2, 2]).to(dtype))
    #expect(y.to(.float32).floats() == [2, 6, 18, 22])
    #expect(weight.gradient?.to(.float32).floats() == [1 + 30 + 0 + 22])
  }

  @Test(arguments: [DType.bfloat16, .float32]) func paddedPixelsCountAsZero(_ dtype: DType) {
    let x = Tensor([1, 2, 3, 4] as [Float], shape: [1, 1, 2, 2]).to(dtype)
    let weight = Tensor([1] as [Float], shape: [1, 1, 1, 1]).to(dtype).requiringGradient()
    let bias = Tensor([0] as [Float]).to(dtype).requiringGradient()
    // Rows and columns -1, 1 of the map: only the last pixel is in it.
    let y = x.convolved(weight, bias: bias, stride: 2, padding: 1)
    y.backward(Tensor([5, 6, 7, 8] as [Float], shape: [1, 1, 2, 2]).to(dtype))
    #expect(weight.gradient?.to(.float32).floats() == [32])
    #expect(bias.gradient?.to(.float32).floats() == [26])
  }

  @Test(arguments: [DType.bfloat16, .float32]) func groupsKeepToThemselves(_ dtype: DType) {
    let x = Tensor([1, 2, 3, 4] as [Float], shape: [1, 4, 1, 1]).to(dtype)
    let weight = Tensor.ones([2, 2, 1, 1]).to(dtype).requiringGradient()
    x.convolved(weight, stride: 2, groups: 2).backward(
      Tensor([1, 10] as [Float], shape: [1, 2, 1, 1]).to(dtype))
    #expect(weight.gradient?.to(.float32).floats() == [1, 2, 30, 40])
  }

  @Test(arguments: [DType.bfloat16, .float32]) func transposedPairsTheOtherWay(_ dtype: DType) {
    let x = Tensor([1, 2] as [Float], shape: [1, 1, 1, 2]).to(dtype)
    let weight = Tensor.ones([1, 2, 1, 1]).to(dtype).requiringGradient()
    let y = x.transposeConvolved(weight, stride: 2)  // [1, 2, 1, 3]
    y.backward(Tensor([1, 9, 3, 10, 9, 30] as [Float], shape: [1, 2, 1, 3]).to(dtype))
    #expect(weight.gradient?.to(.float32).floats() == [1 + 6, 10 + 60])
  }

  @Test func autocastTakesTheSameWay() {
    var generator = Generator(seed: 3)
    let x = Tensor.normal([2, 8, 6, 5], using: &generator).channelsLast()
    let g = Tensor.normal([2, 16, 3, 3], using: &generator)
    let gradients = [DType.float32, .bfloat16].compactMap { dtype in
      let weight = Tensor.ones([16, 8, 1, 1]).requiringGradient()
      let y = Torch.autocasting(to: dtype) { x.convolved(weight, stride: 2) }
      y.backward(g.to(y.dtype))
      return weight.gradient
    }
    #expect(gradients.allSatisfy { $0.dtype == .float32 })
    let error = (gradients[1] - gradients[0]).abs().amax().item()
    #expect(error < gradients[0].abs().amax().item() / 64)
  }
}
