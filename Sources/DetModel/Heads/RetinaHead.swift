package import DetNN
import DetSpec
import DetTensor
import Foundation

/// The RetinaNet head (Lin et al. 2017b): two towers of convolutions, shared by all levels, one for classes
/// and one for boxes. Names are torchvision's.
package struct RetinaHead {
  let classTower: [ConvNorm]
  let boxTower: [ConvNorm]
  let logits: Conv2d
  let deltas: Conv2d
  package let anchors: AnchorGenerator
  package let classes: Int
  let settings: DetectionSettings
  package let coder = BoxCoder.unit
  private let matcher = Matcher.dense

  /// The probability of an object that every anchor starts with.
  static let prior = 0.01
  /// The weight of objects against background in the focal loss.
  static let alpha = 0.25
  /// How much easy anchors are faded out.
  static let gamma = 2.0

  init(
    _ scope: Scope, _ layout: DenseHeadLayout, layers: LayerSettings, settings: DetectionSettings
  ) {
    let start = Initializer.normal(deviation: 0.01)
    let (classScope, boxScope) = (scope / "classification_head", scope / "regression_head")
    func tower(_ scope: Scope) -> [ConvNorm] {
      layout.tower.enumerated().map { index, convolution in
        ConvNorm(sequence: scope / "conv" / index, convolution, layers, initializer: start)
      }
    }
    classTower = tower(classScope)
    boxTower = tower(boxScope)
    logits = Conv2d(
      classScope / "cls_logits", layout.logits, initializer: start,
      biasValue: -log((1 - Self.prior) / Self.prior))
    deltas = Conv2d(boxScope / "bbox_reg", layout.deltas, initializer: start)
    anchors = AnchorGenerator(layout.anchors)
    classes = layout.classes
    self.settings = settings
  }

  /// What the head says about every anchor, per level.
  struct Maps {
    let logits: [Tensor]  // [N, shapes · classes, H, W]
    let deltas: [Tensor]  // [N, shapes · 4, H, W]
    let grids: AnchorGrids
  }

  func callAsFunction(_ levels: [Tensor]) -> Maps {
    let said = layers(levels)
    return Maps(logits: said.logits, deltas: said.deltas, grids: anchors.grids(over: levels))
  }

  /// Logits [N, shapes · classes, H, W] and deltas [N, shapes · 4, H, W] of every level.
  package func layers<Value: LayerValue>(
    _ levels: [Value]
  ) -> (logits: [Value], deltas: [Value]) {
    func through(_ tower: [ConvNorm], _ level: Value) -> Value {
      tower.reduce(level) { $1($0) }
    }
    return (
      levels.map { logits(through(classTower, $0)) }, levels.map { deltas(through(boxTower, $0)) }
    )
  }

  /// Focal loss over all anchors and L1 over those of a truth; per image divided by the number of the latter.
  func losses(_ maps: Maps, _ truths: TruthBatch) -> Losses {
    let matches = matcher(maps.grids, truths)
    let isObject = matches.atLeast(0)
    let objects = isObject.to(.int64).sum(1).integers()
    let weights = objects.map { 1 / Double(max(1, $0) * truths.images) }
    var losses = Losses()
    losses.add(
      "head.classes",
      Tensor.focalLoss(
        maps.logits, labels: labels(of: matches, truths), classes: classes, imageWeights: weights,
        alpha: Self.alpha, gamma: Self.gamma))
    let indices = isObject.flattened().trueIndices()
    let predicted = Tensor.gathered(maps: maps.deltas, each: 4, indices: indices)
    let anchors = maps.grids.anchors(at: indices)
    let targets = coder.encode(
      anchors, to: truths.boxes.rows(at: matches.flattened().rows(at: indices)))
    let perAnchor = (predicted - targets).abs().sum(1)  // [indices]
    let weightOfAnchor = zip(weights, objects).flatMap {
      [Float](repeating: Float($0), count: $1)
    }
    losses.add("head.boxes", (perAnchor * Tensor(weightOfAnchor).moved(to: perAnchor.device)).sum())
    return losses
  }

  private func labels(of matches: Tensor, _ truths: TruthBatch) -> Tensor {
    if truths.isEmpty { return matches }
    let flat = matches.flattened()
    let classes = truths.labels.rows(at: flat.clamped(min: 0))
    return Tensor.where(flat.less(than: 0), flat, classes).reshaped(matches.shape)
  }

  func detections(_ maps: Maps, extents: ImageExtents, _ selection: Selection) -> ScoredBoxes {
    maps.grids.detections(
      logits: maps.logits, deltas: maps.deltas, classes: classes, deviations: coder.deviations,
      extents: extents, selection)
  }
}
