package import DetModel
package import DetTensor

extension Graph {
  /// The objects in the outputs of a graph with suppression, image by image, best first.
  package static func detections(_ outputs: [String: Tensor]) -> [[Detection]] {
    guard let boxes = outputs["boxes"], let scores = outputs["scores"],
      let labels = outputs["labels"], let counts = outputs["counts"]
    else { preconditionFailure("the graph has no detections among its outputs") }
    let most = scores.size(1)
    let (corner, score, label) = (boxes.floats(), scores.floats(), labels.integers())
    return counts.integers().enumerated().map { image, count in
      (0..<count).map { index in
        let at = image * most + index
        let box = Box(
          x0: corner[4 * at], y0: corner[4 * at + 1], x1: corner[4 * at + 2],
          y1: corner[4 * at + 3])
        return Detection(box: box, label: label[at], score: score[at])
      }
    }
  }

  /// The objects in the outputs of a graph without suppression: what whoever runs such a file has to do.
  ///
  /// Boxes are [N, A, 4], or [N, A, classes, 4] where every class has its own; scores are [N, A, classes].
  package func detectionsOfAll(
    _ outputs: [String: Tensor], _ selection: Selection
  ) -> [[Detection]] {
    guard let boxes = outputs["boxes"], let scores = outputs["scores"] else {
      preconditionFailure("the graph has no boxes and scores among its outputs")
    }
    return (0..<scores.size(0)).map { image in
      detections(boxes[image], scores[image], selection)
    }
  }

  private func detections(
    _ boxes: Tensor, _ scores: Tensor, _ selection: Selection
  ) -> [Detection] {
    let classes = scores.size(1)
    let flat = scores.flattened()
    // Of each level the best pairs of a row and a class, of those that are above the floor.
    var start = 0
    let parts = rowsPerLevel.map { rows in
      defer { start += rows * classes }
      let own = flat.narrowed(dim: 0, from: start, count: rows * classes)
      let candidates = own.greater(than: selection.floor).trueIndices()
      guard rowsPerLevel.count > 1, candidates.count > selection.mostPerLevel else {
        return candidates + Double(start)
      }
      let order = own.rows(at: candidates).sorted(descending: true).indices
      let best = order.narrowed(dim: 0, from: 0, count: selection.mostPerLevel)
      return candidates.rows(at: best) + Double(start)
    }
    let pairs = Tensor.concatenated(parts)
    let labels = pairs.remainder(by: Double(classes))
    let isShared = boxes.dimensions == 2
    let own = boxes.reshaped([-1, 4])
      .rows(at: isShared ? pairs.floorDivided(by: Double(classes)) : pairs)
    let kept = Tensor.suppressed(
      boxes: own, scores: flat.rows(at: pairs), groups: labels,
      threshold: selection.suppressionIoU, limit: selection.mostPerImage)
    let corner = own.rows(at: kept).floats()
    let score = flat.rows(at: pairs).rows(at: kept).floats()
    return labels.rows(at: kept).integers().enumerated().map { at, label in
      let box = Box(
        x0: corner[4 * at], y0: corner[4 * at + 1], x1: corner[4 * at + 2],
        y1: corner[4 * at + 3])
      return Detection(box: box, label: label, score: score[at])
    }
  }
}
