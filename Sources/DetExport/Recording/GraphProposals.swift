import DetModel
import DetTensor

/// Regions in a graph: as many for each image as may be, those that are too many marked.
struct GraphRegions {
  let boxes: GraphValue  // [N, P, 4]
  let isThere: GraphValue  // [N, P]
  /// [N]: whether suppression in plain operations came to its end; nil where an operator suppresses.
  var isSettled: GraphValue?
}

/// A score that nothing has.
let noScore = -1e30

/// What suppression and ranking make of candidates.
struct GraphProposals {
  let builder: GraphBuilder
  let extents: GraphExtents
  /// Whether suppression is written in plain operations.
  let isPlain: Bool

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
    let parts = levels.enumerated().map { number, level in
      builder.at("proposals.level\(number)") {
        kept(candidates(level, coder, selection, smallest: smallest), selection)
      }
    }
    return builder.at("proposals.best") {
      let all = GraphValue.concatenated(parts.map(\.scores), 1)
      let (score, places) = all.largest(min(selection.mostPerImage, all.shape[1]))
      let settled = parts.compactMap(\.isSettled)
      return GraphRegions(
        boxes: GraphValue.concatenated(parts.map(\.boxes), 1).rowsOfImages(at: places),
        isThere: score.greater(than: noScore / 2),
        isSettled: settled.first.map { settled.dropFirst().reduce($0) { $0.and($1) } })
    }
  }

  /// A level's boxes by falling score, not suppressed yet.
  private struct Candidates {
    let boxes: GraphValue  // [N, k, 4]
    let scores: GraphValue  // [N, k]
    let areThey: GraphValue  // [N, k]: false for places that are none
  }

  /// A level's boxes with ``noScore`` for those that suppression drops.
  private struct Kept {
    let boxes: GraphValue  // [N, k, 4]
    let scores: GraphValue  // [N, k]
    let isSettled: GraphValue?  // [N]
  }

  private func candidates(
    _ level: Level, _ coder: BoxCoder, _ selection: Selection, smallest: Double
  ) -> Candidates {
    let count = min(selection.mostPerLevel, level.objectness.shape[1])
    let (score, places) = level.objectness.largest(count)
    let boxes = level.anchors.rows(at: places)
      .decoded(level.deltas.rowsOfImages(at: places), coder)
      .clipped(to: extents.limits(between: 1))
    return Candidates(
      boxes: boxes, scores: score,
      areThey: boxes.hasSides(atLeast: smallest).and(score.greater(than: noScore / 2)))
  }

  private func kept(_ all: Candidates, _ selection: Selection) -> Kept {
    let (images, count) = (all.scores.shape[0], all.scores.shape[1])
    if isPlain {
      let suppression = GraphSuppression(
        all.boxes, all.areThey, overlap: selection.suppressionIoU)
      return Kept(
        boxes: all.boxes, scores: all.scores.kept(where: suppression.isKept, else: noScore),
        isSettled: suppression.isSettled)
    }
    // Objectness may be negative or the same twice. They are in order, so that their places say all that suppression asks.
    let ranks = builder.numbers((0..<count).map { Double(count - $0) }, shape: [1, count])
      .expanded([images, count]).kept(where: all.areThey, else: 0)
    let kept = all.boxes.suppressed(
      scores: ranks.reshaped([images, 1, count]), most: min(selection.mostPerImage, count),
      overlap: selection.suppressionIoU, floor: 0.5)
    let own = all.scores.reshaped([images, 1, count])
    let none = builder.number(noScore).expanded([images, 1, count])
    let scores = none.replacing(at: kept, by: own.elements(at: kept))
    return Kept(boxes: all.boxes, scores: scores.reshaped([images, count]), isSettled: nil)
  }
}

extension GraphValue {
  /// A tensor of a map's size, from which grids of anchors are made.
  var standIn: Tensor { Tensor.zeros([1, 1, shape[2], shape[3]]) }
}
