extension Graph {
  /// The most that TensorRT's TopK takes (its operator's reference, `kMax`).
  package static let mostOfTopK = 3840

  /// What of the graph some runtimes refuse by their documentation, in words.
  package var limits: [String] {
    var notes: [String] = []
    let largest = nodes.compactMap { node in
      if case .topK(let count) = node.operation { count } else { nil }
    }.max()
    if let largest, largest > Self.mostOfTopK {
      notes.append(
        "TensorRT takes the best of \(Self.mostOfTopK) at most, and the file asks for \(largest): lower testProposals in the recipe for it"
      )
    }
    return notes
  }
}
