import DetNN
import DetSpec
package import DetTensor

extension Detector {
  /// The head of a layout, with the network that proposes its regions if it has any.
  static func head(
    _ root: Scope, _ layout: DetectorLayout, backbone: BackboneSpec, recipe: Recipe
  ) -> Head {
    let (layers, settings) = (LayerSettings(recipe), recipe.detection)
    switch (layout.head, layout.proposals) {
    case (.dense(let head), _):
      return .dense(RetinaHead(root / "head", head, layers: layers, settings: settings))
    case (.regions(let head), let proposals?):
      let heads = RegionHeads(
        root, head, names: BackboneNames(backbone, layout.backbone), layers: layers,
        settings: settings, sampling: HeadSampling(after: proposals, settings: settings))
      let network = network(root / "rpn", proposals, layers: layers, settings: settings)
      return .regions(heads, of: network)
    case (.regions, nil):
      preconditionFailure("DetectorDesign refuses a head over regions without proposals")
    }
  }

  /// The weights of the layers that say the final numbers: scores, deltas, and where and how large anchors are. They are few, and
  /// what is found hangs on their digits.
  package var predictors: [Tensor] {
    switch head {
    case .dense(let head): [head.logits.weight, head.deltas.weight]
    case .regions(let heads, let network):
      heads.steps.flatMap { [$0.scores.weight, $0.deltas.weight] } + network.kind.predictors
    }
  }

  private static func network(
    _ scope: Scope, _ layout: ProposalLayout, layers: LayerSettings, settings: DetectionSettings
  ) -> any ProposalNetwork {
    switch layout {
    case .rpn(let layout):
      RegionProposalNetwork(scope, layout, layers: layers, settings: settings)
    case .guidedAnchoring(let layout):
      GuidedAnchoringNetwork(scope, layout, layers: layers, settings: settings)
    }
  }
}

extension ProposalLayers {
  fileprivate var predictors: [Tensor] {
    let layers =
      switch self {
      case .rpn(let network): [network.objectness, network.deltas]
      case .guidedAnchoring(let network):
        [network.location, network.shape, network.objectness, network.deltas]
      }
    return layers.map(\.weight)
  }
}
