import DetBasics
package import DetNN
import DetSpec
package import DetTensor
import Foundation

/// The guided anchoring region proposal network (Wang et al. 2019): says where objects may be and of which shape,
/// adapts the features to those anchors, and then judges and moves each anchor as an RPN does.
package struct GuidedAnchoringNetwork: ProposalNetwork {
  let conv: ConvNorm
  let location: Conv2d
  let shape: Conv2d
  let adaption: FeatureAdaption
  let objectness: Conv2d
  let deltas: Conv2d
  package let anchors: GuidedAnchors
  let settings: DetectionSettings
  package let coder = BoxCoder(deviations: [0.07, 0.07, 0.11, 0.11])  // of the authors' release
  let layout: GuidedAnchoringLayout

  /// The probability of an object's middle that every cell starts with.
  private static let prior = 0.01
  /// Anchors at less likely places are left out in use (section 3.2).
  private static let locationFloor = 0.01
  /// That as a logit.
  package static let leastLocation = log(locationFloor / (1 - locationFloor))

  init(
    _ scope: Scope, _ layout: GuidedAnchoringLayout, layers: LayerSettings,
    settings: DetectionSettings
  ) {
    let head = scope / "head"
    let start = Initializer.normal(deviation: 0.01)
    conv = ConvNorm(sequence: head / "conv" / 0, layout.hidden, layers, initializer: start)
    location = Conv2d(
      head / "location", layout.location, initializer: start,
      biasValue: -log((1 - Self.prior) / Self.prior))
    shape = Conv2d(head / "shape", layout.shape, initializer: start)
    adaption = FeatureAdaption(
      head / "adaption", offsets: layout.offsets, layout.adaption)
    objectness = Conv2d(head / "cls_logits", layout.objectness, initializer: start)
    deltas = Conv2d(head / "bbox_pred", layout.deltas, initializer: start)
    anchors = GuidedAnchors(layout)
    self.layout = layout
    self.settings = settings
  }

  /// What the network says about every cell, per level, and the anchors it made.
  struct Maps {
    let location: [Tensor]  // [N, 1, H, W]
    let shape: [Tensor]  // [N, 2, H, W]
    let objectness: [Tensor]  // [N, 1, H, W]
    let deltas: [Tensor]  // [N, 4, H, W]
    let squares: AnchorGrids
    let anchors: Tensor  // [N · cells, 4], without gradients
  }

  func callAsFunction(_ levels: [Tensor]) -> Maps {
    let said = layers(levels)
    let squares = anchors.squares(over: levels)
    return Maps(
      location: said.location, shape: said.shape, objectness: said.objectness,
      deltas: said.deltas, squares: squares, anchors: anchors.anchors(said.shape, squares))
  }

  /// What the layers say about every cell, per level, of tensors or of what is recorded; see ``Maps``.
  package struct Said<Value> {
    package let location: [Value]
    package let shape: [Value]
    package let objectness: [Value]
    package let deltas: [Value]
  }

  /// What the layers say.
  package func layers<Value: LayerValue>(_ levels: [Value]) -> Said<Value> {
    let hidden = levels.map { conv($0) }
    let shapes = hidden.map { shape($0) }
    let adapted = zip(hidden, shapes).map { adaption($0, shapes: $1) }
    return Said(
      location: hidden.map { location($0) }, shape: shapes,
      objectness: adapted.map { objectness($0) }, deltas: adapted.map { deltas($0) })
  }

  var kind: ProposalLayers { .guidedAnchoring(self) }

  /// The best boxes of each image; in use only from places that are likely enough.
  func regions(_ maps: Maps, extents: ImageExtents, isTraining: Bool) -> Regions {
    let objectness =
      isTraining
      ? maps.objectness
      : zip(maps.objectness, maps.location).map { score, place in
        score.filled(where: place.less(than: Self.leastLocation), with: -.infinity)
      }
    let best = maps.squares.proposals(
      objectness: objectness, deltas: maps.deltas, anchors: maps.anchors,
      deviations: coder.deviations, extents: extents, selection(isTraining: isTraining),
      smallest: ScoredBoxes.smallestProposal)
    return Regions(boxes: best.boxes, counts: best.counts)
  }

  /// Which candidates become regions.
  package func selection(isTraining: Bool) -> Selection {
    Selection(
      floor: 0, suppressionIoU: 0.7,
      mostPerLevel: isTraining ? settings.trainProposals : settings.testProposals,
      mostPerImage: isTraining ? layout.mostTrainingRegions : layout.mostRegions)
  }
}
