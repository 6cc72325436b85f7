import DetBasics
import DetTensor

/// What proposes regions to a two-stage detector's head.
protocol ProposalNetwork {
  /// What the network says about a batch.
  associatedtype Maps

  /// The levels that the neck puts out, [N, C, H, W] each, finest first.
  func callAsFunction(_ levels: [Tensor]) -> Maps

  /// The losses of a batch; samples are drawn by the generator.
  func losses(_ maps: Maps, _ truths: TruthBatch, using generator: inout Generator) -> Losses

  /// Which network it is, for those who decode what its layers say themselves.
  var kind: ProposalLayers { get }

  /// The best regions of each image.
  func regions(_ maps: Maps, extents: ImageExtents, isTraining: Bool) -> Regions
}

/// A proposal network of each kind.
package enum ProposalLayers {
  /// A region proposal network.
  case rpn(RegionProposalNetwork)
  /// A guided anchoring network.
  case guidedAnchoring(GuidedAnchoringNetwork)
}

extension ProposalNetwork {
  /// The losses of a batch, and what is proposed while training.
  func training(
    _ levels: [Tensor], _ truths: TruthBatch, extents: ImageExtents,
    using generator: inout Generator
  ) -> (losses: Losses, regions: Regions) {
    let maps = self(levels)
    return (
      losses(maps, truths, using: &generator), regions(maps, extents: extents, isTraining: true)
    )
  }

  /// What is proposed in use.
  func regions(_ levels: [Tensor], extents: ImageExtents) -> Regions {
    regions(self(levels), extents: extents, isTraining: false)
  }
}
