import DetTensor
import TestSupport
import Testing

@testable import DetModel

/// Suppression and pooling of regions, equal to torchvision's operations.
struct KernelGoldenTests {
  let golden: TorchvisionGolden

  init() throws { golden = try TorchvisionGolden.read() }

  @Test func suppressionKeepsWhatTorchvisionKeeps() {
    let boxes = Noise.boxes(1, 60, 100)
    let scores = Noise.tensor(2, [60])
    let plain = Tensor.suppressed(boxes: boxes, scores: scores, threshold: 0.3)
    #expect(plain.integers() == golden.suppression.plain)
    let groups = Tensor((0..<60).map { $0 % 3 })
    let grouped = Tensor.suppressed(boxes: boxes, scores: scores, groups: groups, threshold: 0.2)
    #expect(grouped.integers() == golden.suppression.grouped)
  }

  @Test func regionsPooledFromOneLevelAreTorchvisionsForwardAndBackward() {
    let regions = Noise.boxes(3, 6, 60)
    let beyond: [Float] = [-9, 50, 30, 90]
    regions.copy_(at: Tensor([5] as [Int]), Tensor(beyond, shape: [1, 4]))
    for answer in golden.pooling.single {
      let maps = Noise.tensor(4, [2, 35, 16, 16]).requiringGradient()
      let pooling = RegionPooling(
        bins: 3, samplingRatio: answer.ratio, isAligned: answer.aligned)
      let pooled = Tensor.regionsPooled(
        [maps], strides: [4], regions: regions, counts: [4, 2], pooling)
      let name = "aligned \(answer.aligned), ratio \(answer.ratio)"
      expectClose(pooled.doubles(), answer.out, name, tolerance: 1e-5)
      pooled.backward(Noise.tensor(5, pooled.shape))
      let gradient = maps.gradient?.sliced(dim: 1, from: 0, to: 35, by: 6).doubles() ?? []
      expectClose(gradient, answer.gradient, "gradient, \(name)", tolerance: 1e-5)
    }
  }

  /// Maps in bfloat16 give what they give in float32, rounded once, and take gradients likewise.
  @Test func regionsOfMapsInBfloat16AreRoundedOnce() {
    let regions = Noise.boxes(3, 6, 60)
    let values = Noise.tensor(4, [2, 35, 16, 16]).to(.bfloat16)
    let upstream = Noise.tensor(5, [6, 35, 3, 3]).to(.bfloat16)
    let runs = [DType.bfloat16, .float32].map { dtype in
      let maps = values.to(dtype).cloned().requiringGradient()
      let pooled = Tensor.regionsPooled(
        [maps], strides: [4], regions: regions, counts: [4, 2],
        RegionPooling(bins: 3, samplingRatio: 2, isAligned: true))
      #expect(pooled.dtype == dtype)
      pooled.backward(upstream.to(dtype))
      #expect(maps.gradient?.dtype == dtype)
      return [pooled, maps.gradient ?? maps].map { $0.to(.bfloat16).floats() }
    }
    let areEqual = runs[0] == runs[1]  // no need to print them
    #expect(areEqual)
  }

  @Test func regionsComeFromTheLevelTorchvisionTakes() {
    let levels = (0..<3).map { Noise.tensor(6 + $0, [1, 4, 32 >> $0, 32 >> $0]) }
    let corners: [Float] = [0, 0, 20, 30, 5, 5, 120, 110, 0, 0, 250, 250, 9, 9, 70, 240]
    let pooled = Tensor.regionsPooled(
      levels, strides: [8, 16, 32], regions: Tensor(corners, shape: [4, 4]), counts: [4],
      RegionPooling(bins: 2, isAligned: false))
    expectClose(pooled.doubles(), golden.pooling.levels, tolerance: 1e-5)
  }
}
