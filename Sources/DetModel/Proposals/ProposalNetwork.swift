import DetBasics
import DetTensor

/// What proposes regions to a two-stage detector's head.
enum ProposalNetwork {
  /// A region proposal network over fixed anchors.
  case fixed(RegionProposalNetwork)
  /// One whose anchors are learnt.
  case guided(GuidedAnchoringNetwork)

  /// The losses of a batch, and what is proposed while training.
  func training(
    _ levels: [Tensor], _ truths: TruthBatch, extents: ImageExtents,
    using generator: inout Generator
  ) -> (losses: Losses, proposals: Proposals) {
    switch self {
    case .fixed(let network):
      let maps = network(levels)
      return (
        network.losses(maps, truths, using: &generator),
        network.proposals(maps, extents: extents, isTraining: true)
      )
    case .guided(let network):
      let maps = network(levels)
      return (
        network.losses(maps, truths, using: &generator),
        network.proposals(maps, extents: extents, isTraining: true)
      )
    }
  }

  /// What is proposed in use.
  func callAsFunction(_ levels: [Tensor], extents: ImageExtents) -> Proposals {
    switch self {
    case .fixed(let network):
      network.proposals(network(levels), extents: extents, isTraining: false)
    case .guided(let network):
      network.proposals(network(levels), extents: extents, isTraining: false)
    }
  }
}
