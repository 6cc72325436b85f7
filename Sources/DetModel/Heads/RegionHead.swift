import DetNN
import DetTensor

/// One refinement of regions: two fully connected layers, then class scores and box deltas (Girshick 2015).
///
/// Scores have the background first, as in torchvision.
struct RegionHead {
  let hidden: [Linear]
  let scores: Linear
  let deltas: Linear
  let coder: BoxCoder
  let isClassAgnostic: Bool
  let classes: Int

  struct Output {
    let scores: Tensor  // [R, classes + 1] logits
    let deltas: Tensor  // [R, 4] or [R, 4 (classes + 1)]
  }

  struct Shape {
    let channels: Int
    let bins: Int
    let width: Int
    let classes: Int
    let isClassAgnostic: Bool
  }

  init(_ scope: Scope, _ shape: Shape, coder: BoxCoder) {
    let box = scope / "box_head"
    let inputs = shape.channels * shape.bins * shape.bins
    hidden = [
      Linear(box / "fc6", inputs: inputs, outputs: shape.width, initializer: .xavierUniform),
      Linear(box / "fc7", inputs: shape.width, outputs: shape.width, initializer: .xavierUniform),
    ]
    (scores, deltas) = Self.predictor(scope / "box_predictor", shape, inputs: shape.width)
    self.coder = coder
    isClassAgnostic = shape.isClassAgnostic
    classes = shape.classes
  }

  static func predictor(_ scope: Scope, _ shape: Shape, inputs: Int) -> (Linear, Linear) {
    let boxes = shape.isClassAgnostic ? 1 : shape.classes + 1
    return (
      Linear(
        scope / "cls_score", inputs: inputs, outputs: shape.classes + 1,
        initializer: .normal(deviation: 0.01)),
      Linear(
        scope / "bbox_pred", inputs: inputs, outputs: 4 * boxes,
        initializer: .normal(deviation: 0.001))
    )
  }

  /// Pooled features [R, C, bins, bins] → scores and deltas.
  func callAsFunction(_ pooled: Tensor) -> Output {
    var x = pooled.flattened(from: 1)
    for layer in hidden { x = layer(x).relu_() }
    return Output(scores: scores(x), deltas: deltas(x))
  }
}

/// Regions with what they should become.
struct RegionTargets {
  let regions: Proposals
  let columns: Tensor  // [R] int64: class + 1, or 0 for background
  let matches: Tensor  // [R] int64: number of a truth, or negative

  init(regions: Proposals, matches: Tensor, truths: TruthBatch) {
    self.regions = regions
    self.matches = matches
    columns = truths.scoreColumns(of: matches)
  }
}

extension RegionHead {
  /// Cross-entropy over the regions, and smooth L1 of the deltas of those that have a truth.
  func losses(_ output: Output, _ targets: RegionTargets, _ truths: TruthBatch, name: String)
    -> Losses
  {
    let samples = targets.columns.count
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
    let sets = output.deltas.reshaped([-1, 4])  // [R · (classes + 1), 4]
    return sets.rows(at: rows * Double(classes + 1) + columns)
  }
}
