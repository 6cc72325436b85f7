import DetBasics
import DetNN
import DetSpec
import DetTensor
import Foundation

/// The guided anchoring region proposal network (Wang et al. 2019): says where objects may be and of which shape,
/// adapts the features to those anchors, and then judges and moves each anchor as an RPN does.
struct GuidedAnchoringNetwork: ProposalNetwork {
  let conv: HeadConv
  let location: Conv2d
  let shape: Conv2d
  let adaption: FeatureAdaption
  let objectness: Conv2d
  let deltas: Conv2d
  let anchors: GuidedAnchors
  let settings: DetectionSettings
  let coder = BoxCoder(deviations: [0.07, 0.07, 0.11, 0.11])  // of the authors' release
  private let most: Int

  /// The probability of an object's middle that every cell starts with.
  private static let prior = 0.01
  /// Anchors at less likely places are left out in use (section 3.2).
  private static let locationFloor = 0.01

  init(_ scope: Scope, channels: Int, strides: [Int], settings: DetectionSettings) {
    let head = scope / "head"
    func output(_ name: String, _ count: Int, biasValue: Double = 0) -> Conv2d {
      Conv2d(
        head / name, inputs: channels, outputs: count, kernel: 1, bias: true,
        initializer: .normal(deviation: 0.01), biasValue: biasValue)
    }
    conv = HeadConv(head / "conv" / 0, channels: channels, LayerSettings(), normalizes: false)
    location = output("location", 1, biasValue: -log((1 - Self.prior) / Self.prior))
    shape = output("shape", 2)
    adaption = FeatureAdaption(head / "adaption", channels: channels)
    objectness = output("cls_logits", 1)
    deltas = output("bbox_pred", 4)
    anchors = GuidedAnchors(strides: strides, settings: settings)
    self.settings = settings
    most = min(settings.testProposals, GuidedAnchoring.mostProposals)
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
    let hidden = levels.map { conv($0) }
    let shapes = hidden.map { shape($0) }
    let adapted = zip(hidden, shapes).map { adaption($0, shapes: $1) }
    let squares = anchors.squares(over: levels)
    return Maps(
      location: hidden.map { location($0) }, shape: shapes,
      objectness: adapted.map { objectness($0) }, deltas: adapted.map { deltas($0) },
      squares: squares, anchors: anchors.anchors(shapes, squares))
  }

  /// The best boxes of each image; in use only from places that are likely enough.
  func regions(_ maps: Maps, extents: ImageExtents, isTraining: Bool) -> Regions {
    let floor = log(Self.locationFloor / (1 - Self.locationFloor))
    let objectness =
      isTraining
      ? maps.objectness
      : zip(maps.objectness, maps.location).map { score, place in
        score.filled(where: place.less(than: floor), with: -.infinity)
      }
    let selection = Selection(
      floor: 0, suppressionIoU: 0.7, mostPerLevel: settings.proposals(isTraining: isTraining),
      mostPerImage: most)
    let best = maps.squares.proposals(
      objectness: objectness, deltas: maps.deltas, anchors: maps.anchors,
      deviations: coder.deviations, extents: extents, selection, smallest: 0.001)
    return Regions(boxes: best.boxes, counts: best.counts)
  }
}
