import DetTensor

extension ScoredBoxes {
  /// As values, image by image.
  var detections: [[Detection]] {
    let corners = boxes.floats()
    let scores = scores.floats()
    let labels = labels?.integers() ?? []
    var next = 0
    return counts.map { count in
      defer { next += count }
      return (next..<next + count).map { index in
        let at = 4 * index
        let box = Box(
          x0: corners[at], y0: corners[at + 1], x1: corners[at + 2], y1: corners[at + 3])
        return Detection(box: box, label: labels[index], score: scores[index])
      }
    }
  }
}
