import DetModel
import DetTensor

/// A head over regions in a graph: one step, or a cascade of them.
struct GraphRegionHead {
  let builder: GraphBuilder
  let heads: RegionHeads
  let extents: GraphExtents
  /// Whether no size may hang on what is in an image.
  let isPlain: Bool

  /// The detections among regions.
  func detections(
    _ levels: [GraphValue], _ proposals: GraphRegions, classes: Int, _ selection: Selection
  ) -> GraphDetections {
    let (boxes, scores) = judged(levels, proposals, classes: classes)
    return builder.at("detections") {
      GraphDetections(boxes: boxes, scores: scores, selection)
    }
  }

  /// Boxes [N, P, 4], or [N, P, classes, 4] where every class has its own, and scores [N, P, classes] of all regions, for
  /// suppression elsewhere; scores are 0 for what is no candidate.
  func everything(
    _ levels: [GraphValue], _ proposals: GraphRegions, classes: Int
  ) -> (boxes: GraphValue, scores: GraphValue) {
    let (boxes, scores) = judged(levels, proposals, classes: classes)
    return builder.at("detections") {
      (
        boxes.shape.count == 3 ? boxes : boxes.permuted([0, 2, 1, 3]),
        scores.permuted([0, 2, 1]).maximum(builder.number(0))
      )
    }
  }

  /// Boxes [N, P, 4] or [N, C, P, 4], and scores [N, C, P], -1 for what is no candidate.
  private func judged(
    _ levels: [GraphValue], _ proposals: GraphRegions, classes: Int
  ) -> (boxes: GraphValue, scores: GraphValue) {
    let pooling = GraphRegionPooling(pooler: heads.pooler, isPlain: isPlain)
    let (images, each) = (proposals.boxes.shape[0], proposals.boxes.shape[1])
    var regions = proposals.boxes
    var sum: GraphValue?
    for (number, step) in heads.steps.enumerated() {
      let said = builder.at("head.\(number)") { step(pooling(levels, regions)) }
      let scores = builder.at("head.\(number)") { said.scores.softmax(1) }
      sum = sum.map { $0 + scores } ?? scores
      let isLast = number == heads.steps.count - 1
      guard isLast else {
        regions = builder.at("head.\(number).regions") {
          regions.decoded(said.deltas.reshaped([images, each, 4]), step.coder)
            .clipped(to: extents.limits(between: 1))
        }
        continue
      }
      return builder.at("detections") {
        let mean = (sum ?? scores) * (1 / Double(heads.steps.count))
        let objects = mean.reshaped([images, each, classes + 1])
          .sliced(2, from: 1, to: classes + 1).permuted([0, 2, 1])  // [N, C, P]
        let isThere = proposals.isThere.reshaped([images, 1, each])
        let boxes = final(regions, said.deltas, step, classes: classes)
        var isCandidate = boxes.hasSides(atLeast: ScoredBoxes.smallestSide)
        if step.isClassAgnostic { isCandidate = isCandidate.reshaped([images, 1, each]) }
        return (boxes, objects.kept(where: isCandidate.and(isThere), else: -1))
      }
    }
    preconditionFailure("a head over regions has a step")
  }

  /// The boxes of the last step: [N, P, 4], or [N, C, P, 4] where every class has its own.
  private func final(
    _ regions: GraphValue, _ deltas: GraphValue, _ step: RegionHead, classes: Int
  ) -> GraphValue {
    let (images, each) = (regions.shape[0], regions.shape[1])
    if step.isClassAgnostic {
      return regions.decoded(deltas.reshaped([images, each, 4]), step.coder)
        .clipped(to: extents.limits(between: 1))
    }
    let own = deltas.reshaped([images, each, classes + 1, 4])
      .sliced(2, from: 1, to: classes + 1).permuted([0, 2, 1, 3])  // [N, C, P, 4]
    return regions.reshaped([images, 1, each, 4]).decoded(own, step.coder)
      .clipped(to: extents.limits(between: 2))
  }
}
