package import DetNN
import DetSpec
import DetTensor

/// One step of a head over regions: a trunk, then class scores and box deltas (Girshick 2015).
///
/// Scores have the background first, as in torchvision.
package struct RegionHead {
  let trunk: RegionTrunk
  let scores: Linear
  let deltas: Linear
  package let coder: BoxCoder
  package let isClassAgnostic: Bool

  /// What it says, of tensors or of what is recorded.
  package struct Said<Value> {
    package let scores: Value  // [R, classes + 1] logits
    package let deltas: Value  // [R, 4] or [R, 4 (classes + 1)]
  }

  typealias Output = Said<Tensor>

  init(_ scope: Scope, _ layout: RegionHeadLayout, _ trunk: RegionTrunk, coder: BoxCoder) {
    self.trunk = trunk
    self.coder = coder
    isClassAgnostic = layout.isClassAgnostic
    scores = Linear(scope / "cls_score", layout.scores, initializer: .normal(deviation: 0.01))
    deltas = Linear(scope / "bbox_pred", layout.deltas, initializer: .normal(deviation: 0.001))
  }

  /// Pooled features [R, C, bins, bins] → scores and deltas.
  package func callAsFunction<Value: LayerValue>(_ pooled: Value) -> Said<Value> {
    let x = trunk(pooled)
    // Losses and boxes want more digits than half precision has.
    return Said(scores: scores(x).to(.float32), deltas: deltas(x).to(.float32))
  }
}

extension RegionHead {
  /// Cross-entropy over the regions, and smooth L1 of the deltas of those that have a truth.
  func losses(_ output: Output, _ targets: RegionTargets, _ truths: TruthBatch, name: String)
    -> Losses
  {
    let samples = truths.total(targets.columns.count)
    var losses = Losses()
    let classes = output.scores.crossEntropy(targets.columns, reduction: .sum)
    losses.add("\(name).classes", classes / Double(max(1, samples)))
    let isObject = targets.columns.greater(than: 0)
    let rows = isObject.trueIndices()
    let boxes = targets.regions.boxes.rows(at: rows)
    let wanted = coder.encode(
      boxes, to: truths.boxes.rows(at: targets.matches.rows(at: rows)))
    let predicted = deltas(of: output, rows: rows, columns: targets.columns.rows(at: rows))
    losses.add("\(name).boxes", BoxLoss.smoothL1(predicted, wanted, samples: samples))
    return losses
  }

  /// The deltas of chosen rows, [rows, 4]: where every class has its own, those of the row's class.
  private func deltas(of output: Output, rows: Tensor, columns: Tensor) -> Tensor {
    if isClassAgnostic { return output.deltas.rows(at: rows) }
    let perRegion = output.scores.size(1)  // classes and background
    let sets = output.deltas.reshaped([-1, 4])  // [R · perRegion, 4]
    return sets.rows(at: rows * Double(perRegion) + columns)
  }
}
