extension Graph {
  /// The most that TensorRT's TopK takes (its operator's reference, `kMax`).
  package static let mostOfTopK = 3840
  /// The most boxes above the floor that TensorRT's suppression looks at (`topk_box_limit` of its NMS layer).
  package static let mostOfSuppression = 5000

  /// What of the graph some runtimes refuse, or cut short, by their documentation, in words.
  package var limits: [String] {
    var notes: [String] = []
    if let best = largestTopK, best > Self.mostOfTopK {
      notes.append(
        "TensorRT takes the best of \(Self.mostOfTopK) at most, and the file asks for \(best): lower testProposals in the recipe for it"
      )
    }
    if let boxes = largestSuppression, boxes > Self.mostOfSuppression {
      notes.append(
        "TensorRT's suppression looks at \(Self.mostOfSuppression) boxes of an image at most, and the file may hand it \(boxes): "
          + "the rest would be left out there; lower testProposals or raise scoreFloor for it")
    }
    return notes
  }

  private var largestTopK: Int? {
    nodes.compactMap { node in
      if case .topK(let count) = node.operation { count } else { nil }
    }.max()
  }

  /// The most boxes that one suppression may be asked to judge: behind a dense head a box has one class, behind regions all.
  private var largestSuppression: Int? {
    let hasRegions = nodes.contains {
      if case .regionAlign = $0.operation { true } else { false }
    }
    return nodes.compactMap { node in
      guard case .nonMaximumSuppression = node.operation else { return nil }
      let scores = types[node.inputs[1]].shape  // [N, C, n]
      return hasRegions ? scores[1] * scores[2] : scores[2]
    }.max()
  }
}
