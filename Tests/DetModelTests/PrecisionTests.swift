import DetSpec
import DetTensor
import Testing

@testable import DetModel

struct PrecisionTests {
  @Test func aProcessorWithoutInstructionsForBFloat16ComputesFloat32AndSaysSo() {
    let half = Recipe.Precision.bfloat16
    #expect(half.dtype(on: .cpu, computesBFloat16: true) == .bfloat16)
    #expect(half.dtype(on: .cpu, computesBFloat16: false) == .float32)
    #expect(half.dtype(on: .cuda(0), computesBFloat16: false) == .bfloat16)
    #expect(half.name(on: .cpu, computesBFloat16: true) == "bfloat16")
    #expect(half.name(on: .cpu, computesBFloat16: false).hasPrefix("float32 (for bfloat16"))
    for has in [true, false] {
      #expect(Recipe.Precision.float32.dtype(on: .cpu, computesBFloat16: has) == .float32)
      #expect(Recipe.Precision.float32.name(on: .cpu, computesBFloat16: has) == "float32")
    }
  }
}
