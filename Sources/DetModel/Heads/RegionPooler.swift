import DetSpec
package import DetTensor

/// Cuts features out under regions: each from the pyramid level that its size belongs to, through RoIAlign.
///
/// Levels that are coarser than the layout's serve proposals alone.
package struct RegionPooler {
  package let strides: [Double]
  package let pooling: RegionPooling

  init(_ layout: RegionHeadLayout, isAligned: Bool) {
    strides = layout.levels.map { Double($0.stride) }
    pooling = RegionPooling(
      bins: layout.bins, isAligned: isAligned, canonicalSize: layout.canonicalSize)
  }

  /// [R, C, bins, bins]
  func callAsFunction(_ levels: [Tensor], _ regions: Regions) -> Tensor {
    Tensor.regionsPooled(
      Array(levels.prefix(strides.count)), strides: strides, regions: regions.boxes,
      counts: regions.counts, pooling)
  }
}
