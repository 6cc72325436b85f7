import DetSpec
import DetTensor

/// Cuts features out under regions: each from the pyramid level that its size belongs to, through RoIAlign.
///
/// Only levels of the backbone (strides 4 to 32) are pooled from, as in Lin et al. 2017; coarser ones serve
/// proposals. Without a pyramid, everything is pooled at stride 16.
struct RegionPooler {
  let strides: [Double]
  let pooling: RegionPooling

  init(levels: [FeatureLevel], bins: Int, options: DetectorOptions) {
    strides = levels.filter(\.isFromBackbone).map { Double($0.stride) }
    pooling = RegionPooling(
      bins: bins, isAligned: options.detection.alignsRegions, canonicalSize: options.canonicalSize)
  }

  /// [R, C, bins, bins]
  func callAsFunction(_ levels: [Tensor], _ regions: Regions) -> Tensor {
    Tensor.regionsPooled(
      Array(levels.prefix(strides.count)), strides: strides, regions: regions.boxes,
      counts: regions.counts, pooling)
  }
}
