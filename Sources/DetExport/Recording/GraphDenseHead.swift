import DetModel
import DetTensor
import Foundation

/// A dense head in a graph.
struct GraphDenseHead {
  let builder: GraphBuilder
  let head: RetinaHead
  let extents: GraphExtents

  /// What the head says over levels [N, C, H, W].
  private struct Level {
    let logits: GraphValue  // [N, anchors · classes]
    let deltas: GraphValue  // [N, anchors, 4]
    let anchors: GraphValue  // [anchors, 4]
  }

  private func levels(_ maps: [GraphValue]) -> [Level] {
    let said = builder.at("head") { head.layers(maps) }
    let grids = head.anchors.grids(over: maps.map(\.standIn))
    let anchors = grids.anchors().split(sizes: grids.countsPerLevel)
    return maps.indices.map { level in
      let rows = said.logits[level].anchorRows(each: head.classes)
      return Level(
        logits: rows.reshaped([rows.shape[0], rows.shape[1] * rows.shape[2]]),
        deltas: said.deltas[level].anchorRows(each: 4),
        anchors: builder.constant(anchors[level], "anchors.\(level)"))
    }
  }

  /// The detections.
  func detections(_ maps: [GraphValue], _ selection: Selection) -> GraphDetections {
    var boxes: [GraphValue] = []
    var scores: [GraphValue] = []
    var labels: [GraphValue] = []
    let odds = selection.floor > 0 ? log(selection.floor / (1 - selection.floor)) : -1e30
    for (number, level) in levels(maps).enumerated() {
      builder.at("detections.level\(number)") {
        let (logit, pairs) = level.logits.largest(
          min(selection.mostPerLevel, level.logits.shape[1]))
        let places = pairs.quotient(by: head.classes)
        boxes.append(
          level.anchors.rows(at: places)
            .decoded(level.deltas.rowsOfImages(at: places), head.coder)
            .clipped(to: extents.limits(between: 1)))
        scores.append(logit.sigmoid().kept(where: logit.greater(than: odds), else: -1))
        labels.append(pairs.remainder(by: head.classes))
      }
    }
    return builder.at("detections") {
      let score = GraphValue.concatenated(scores, 1)
      let (images, each) = (score.shape[0], score.shape[1])
      let isOwn = GraphValue.concatenated(labels, 1).reshaped([images, 1, each])
        .equal(to: builder.places(head.classes, shape: [1, head.classes, 1]))
      return GraphDetections(
        boxes: .concatenated(boxes, 1),
        scores: score.reshaped([images, 1, each]).kept(where: isOwn, else: -1), selection)
    }
  }

  /// Boxes [N, anchors, 4] and scores [N, anchors, classes] of all anchors, for suppression elsewhere.
  func everything(_ maps: [GraphValue]) -> (boxes: GraphValue, scores: GraphValue) {
    let levels = levels(maps)
    return builder.at("detections") {
      let boxes = levels.map {
        $0.anchors.decoded($0.deltas, head.coder).clipped(to: extents.limits(between: 1))
      }
      let scores = levels.map {
        $0.logits.sigmoid().reshaped([$0.deltas.shape[0], $0.deltas.shape[1], head.classes])
      }
      return (.concatenated(boxes, 1), .concatenated(scores, 1))
    }
  }
}
