import DetModel
import DetTensor

/// What comes out of a graph: for each image its detections by falling score, and rows of nothing behind them.
struct GraphDetections {
  let boxes: GraphValue  // [N, D, 4], 0 where there is nothing
  let scores: GraphValue  // [N, D], 0 where there is nothing
  let labels: GraphValue  // [N, D] int64, -1 where there is nothing
  let counts: GraphValue  // [N] int64
}

extension GraphDetections {
  /// Suppresses within each class, and keeps the best.
  ///
  /// - Parameters:
  ///   - boxes: [N, P, 4] for all classes, or [N, C, P, 4] for each its own.
  ///   - scores: [N, C, P], -1 for what is no candidate.
  ///   - selection: which of them are kept.
  init(boxes: GraphValue, scores: GraphValue, _ selection: Selection) {
    let builder = boxes.builder
    let (images, classes, each) = (scores.shape[0], scores.shape[1], scores.shape[2])
    let isShared = boxes.shape.count == 3
    // A class with boxes of its own is an image of its own to suppression.
    let shape = isShared ? [images, classes, each] : [images * classes, 1, each]
    let own = scores.reshaped(shape)
    let most = min(selection.mostPerImage, each)
    let kept = boxes.reshaped([shape[0], each, 4]).suppressed(
      scores: own, most: most, overlap: selection.suppressionIoU, floor: max(0, selection.floor))
    let left = builder.number(-1).expanded(shape)
      .replacing(at: kept, by: own.elements(at: kept)).reshaped([images, classes * each])
    let (best, places) = left.largest(min(selection.mostPerImage, classes * each))
    let isThere = best.greater(than: -0.5)
    let rows = isShared ? places.remainder(by: each) : places
    let table = boxes.reshaped([images, isShared ? each : classes * each, 4])
    let mask = isThere.reshaped([images, best.shape[1], 1])
    self.init(
      boxes: table.rowsOfImages(at: rows).kept(where: mask, else: 0),
      scores: best.kept(where: isThere, else: 0),
      labels: places.quotient(by: each).kept(where: isThere, else: -1),
      counts: isThere.to(.int64).sum([1]))
  }
}
