import DetSpec

/// What the names in a checkpoint mean: prefixes that training programs add, and names that torchvision had earlier.
struct CheckpointNames {
  /// Where a detector's backbone lies; a bare backbone, or a classifier, has no such prefix.
  static let body = "backbone.body."
  /// What training on several devices puts before every name.
  private static let wrapper = "module."

  private let isWrapped: Bool
  private let isDetector: Bool
  private let wantsDetector: Bool

  /// Looks at all names of a file, which is going to fill a model whose backbone lies under `body`.
  init(_ names: [String], body: String) {
    let isWrapped = !names.isEmpty && names.allSatisfy { $0.hasPrefix(Self.wrapper) }
    isDetector = names.contains {
      (isWrapped ? $0.dropFirst(Self.wrapper.count) : $0[...]).hasPrefix(Self.body)
    }
    self.isWrapped = isWrapped
    wantsDetector = !body.isEmpty
  }

  /// The name that the model would have for a tensor of the file.
  func modelName(_ name: String) -> String {
    let bare = isWrapped ? String(name.dropFirst(Self.wrapper.count)) : name
    let modern = Self.modern(bare)
    if wantsDetector, !isDetector { return Self.body + modern }
    if !wantsDetector, isDetector, modern.hasPrefix(Self.body) {
      return String(modern.dropFirst(Self.body.count))
    }
    return modern
  }

  /// Counters of batch normalisation, which only training in PyTorch uses.
  static func isCounter(_ name: String) -> Bool { name.hasSuffix("num_batches_tracked") }

  /// The name in today's torchvision of a tensor whose name is from before version 0.12, as in its published files.
  static func modern(_ name: String) -> String {
    let words = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let leaf = words.last, leaf == "weight" || leaf == "bias" else { return name }
    let parent = words.dropLast()
    switch Array(parent.dropLast()) + [parent.last.map { Int($0) == nil ? $0 : "N" } ?? ""] {
    case ["rpn", "head", "conv"]:
      return "rpn.head.conv.0.0.\(leaf)"
    case ["backbone", "fpn", "inner_blocks", "N"], ["backbone", "fpn", "layer_blocks", "N"]:
      return "\(parent.joined(separator: ".")).0.\(leaf)"
    case ["head", "classification_head", "conv", "N"], ["head", "regression_head", "conv", "N"]:
      // Convolutions alternated with activations: 0, 2, 4, 6.
      let place = parent.last.flatMap { Int($0) } ?? 0
      return "\(parent.dropLast().joined(separator: ".")).\(place / 2).0.\(leaf)"
    default: return name
    }
  }
}
