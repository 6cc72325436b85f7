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

/// Which block of a backbone a tensor belongs to.
struct BlockPlace: Hashable {
  /// 0 (stride 4) … 3 (stride 32); -1 for MobileNetV2's block at stride 2.
  let stage: Int
  /// From 0 within the stage.
  let index: Int
  /// `layer2.1` or `features.5`
  let name: String

  /// The block of a name like `layer2.1.conv1.weight` or `features.5.conv.0.0.weight`, and what remains of the name; nil
  /// for a tensor of no block.
  static func split(_ name: Substring) -> (place: BlockPlace, leaf: String)? {
    let words = name.split(separator: ".", omittingEmptySubsequences: false)
    guard words.count >= 3, let number = Int(words[1]) else { return nil }
    let leaf = words.dropFirst(2).joined(separator: ".")
    let block = "\(words[0]).\(words[1])"
    if words[0].hasPrefix("layer"), let stage = Int(words[0].dropFirst(5)), stage >= 1 {
      return (BlockPlace(stage: stage - 1, index: number, name: block), leaf)
    }
    guard words[0] == "features", words[2] == "conv" else { return nil }
    var (stage, index) = (-1, number - 1)
    for length in [1] + ClassicBackbone.mobilenetv2.blocks {
      if index < length { break }
      index -= length
      stage += 1
    }
    return (BlockPlace(stage: stage, index: index, name: block), leaf)
  }
}
