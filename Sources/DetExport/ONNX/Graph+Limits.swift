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
    if let boxes = largestPlainSuppression, boxes > Self.mostOfPlainSuppression {
      notes.append(
        "suppression in plain operations compares each of \(boxes) boxes with each, in tables of \(boxes * boxes * 4 / 1_000_000) MB: lower "
          + "testProposals in the recipe for smaller ones")
    }
    if let pieces = mostPieces, pieces > Self.mostOfPlainSuppression {
      notes.append(
        "putting tiles together compares each of \(pieces) detections with each, in tables of \(pieces * pieces * 4 / 1_000_000) MB: take fewer "
          + "tiles at once, or lower detectionsPerImage in the recipe, for smaller ones")
    }
    return notes
  }

  /// The most boxes of a level that suppression in plain operations compares without being noted.
  package static let mostOfPlainSuppression = 2048

  private var largestPlainSuppression: Int? {
    nodes.compactMap { node in
      if case .matrixProduct = node.operation, types[node.inputs[1]].shape[2] == 1 {
        types[node.inputs[0]].shape[1]
      } else {
        nil
      }
    }.max()
  }

  /// The most detections of all tiles of an image.
  private var mostPieces: Int? {
    guard inputs.contains(where: { $0.name == "tiles" }) else { return nil }
    return outputs.first { $0.name == "scores" }.map { types[$0.value].shape[1] }
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
