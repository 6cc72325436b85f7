import DetModel
import DetTensor

/// Regions in a graph: as many for each image as may be, those that are too many marked.
struct GraphRegions {
  let boxes: GraphValue  // [N, P, 4]
  let isThere: GraphValue  // [N, P]
}

/// A score that nothing has.
let noScore = -1e30

/// What suppression and ranking make of candidates.
struct GraphProposals {
  let builder: GraphBuilder
  let extents: GraphExtents

  /// The regions that a network of either kind proposes over levels [N, C, H, W].
  func callAsFunction(_ network: ProposalLayers, _ levels: [GraphValue]) -> GraphRegions {
    switch network {
    case .rpn(let network):
      let said = builder.at("proposals") { network.layers(levels) }
      let grids = network.anchors.grids(over: levels.map(\.standIn))
      let anchors = grids.anchors().split(sizes: grids.countsPerLevel)
      let parts = levels.indices.map { level in
        Level(
          objectness: flat(said.objectness[level]), deltas: said.deltas[level].anchorRows(each: 4),
          anchors: .fixed(builder.constant(anchors[level], "anchors.\(level)")))
      }
      return best(
        parts, network.coder, network.selection(isTraining: false),
        smallest: ScoredBoxes.smallestProposal)
    case .guidedAnchoring(let network):
      let said = builder.at("proposals") { network.layers(levels) }
      let squares = network.anchors.squares(over: levels.map(\.standIn))
      let anchors = squares.anchors().split(sizes: squares.countsPerLevel)
      let parts = levels.indices.map { level in
        let place = flat(said.location[level])
        let isLikely = place.less(than: builder.number(GuidedAnchoringNetwork.leastLocation)).not()
        let square = builder.constant(anchors[level], "squares.\(level)")
        let growth = said.shape[level].anchorRows(each: 2)  // [N, cells, 2]
        let still = builder.number(0).expanded(growth.shape)
        let shaped = square.decoded(
          .concatenated([still, growth], 2), network.anchors.coder)
        return Level(
          objectness: flat(said.objectness[level]).kept(where: isLikely, else: noScore),
          deltas: said.deltas[level].anchorRows(each: 4), anchors: .learnt(shaped))
      }
      return best(
        parts, network.coder, network.selection(isTraining: false),
        smallest: ScoredBoxes.smallestProposal)
    }
  }

  private struct Level {
    let objectness: GraphValue  // [N, anchors]
    let deltas: GraphValue  // [N, anchors, 4]
    let anchors: Anchors
  }

  private enum Anchors {
    case fixed(GraphValue)  // [anchors, 4]
    case learnt(GraphValue)  // [N, anchors, 4]

    func rows(at places: GraphValue) -> GraphValue {
      switch self {
      case .fixed(let boxes): boxes.rows(at: places)
      case .learnt(let boxes): boxes.rowsOfImages(at: places)
      }
    }
  }

  private func flat(_ map: GraphValue) -> GraphValue {
    let rows = map.anchorRows(each: 1)
    return rows.reshaped([rows.shape[0], rows.shape[1]])
  }

  /// The best of all levels after suppression on each.
  private func best(
    _ levels: [Level], _ coder: BoxCoder, _ selection: Selection, smallest: Double
  ) -> GraphRegions {
    var boxes: [GraphValue] = []
    var scores: [GraphValue] = []
    for (number, level) in levels.enumerated() {
      builder.at("proposals.level\(number)") {
        let own = candidates(level, coder, selection, smallest: smallest)
        boxes.append(own.boxes)
        scores.append(own.scores)
      }
    }
    return builder.at("proposals.best") {
      let all = GraphValue.concatenated(scores, 1)
      let (score, places) = all.largest(min(selection.mostPerImage, all.shape[1]))
      return GraphRegions(
        boxes: GraphValue.concatenated(boxes, 1).rowsOfImages(at: places),
        isThere: score.greater(than: noScore / 2))
    }
  }

  /// A level's boxes [N, k, 4] by falling score, with ``noScore`` for those that suppression drops.
  private func candidates(
    _ level: Level, _ coder: BoxCoder, _ selection: Selection, smallest: Double
  ) -> (boxes: GraphValue, scores: GraphValue) {
    let images = level.objectness.shape[0]
    let count = min(selection.mostPerLevel, level.objectness.shape[1])
    let (score, places) = level.objectness.largest(count)
    let boxes = level.anchors.rows(at: places)
      .decoded(level.deltas.rowsOfImages(at: places), coder)
      .clipped(to: extents.limits(between: 1))
    let isCandidate = boxes.hasSides(atLeast: smallest).and(score.greater(than: noScore / 2))
    // Objectness may be negative or the same twice. They are in order, so that their places say all that suppression asks.
    let ranks = builder.numbers((0..<count).map { Double(count - $0) }, shape: [1, count])
      .expanded([images, count]).kept(where: isCandidate, else: 0)
    let kept = boxes.suppressed(
      scores: ranks.reshaped([images, 1, count]), most: min(selection.mostPerImage, count),
      overlap: selection.suppressionIoU, floor: 0.5)
    let own = score.reshaped([images, 1, count])
    let none = builder.number(noScore).expanded([images, 1, count])
    return (
      boxes, none.replacing(at: kept, by: own.elements(at: kept)).reshaped([images, count])
    )
  }
}

extension GraphValue {
  /// A tensor of a map's size, from which grids of anchors are made.
  var standIn: Tensor { Tensor.zeros([1, 1, shape[2], shape[3]]) }
}
