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
}
