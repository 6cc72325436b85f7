import DetSpec

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
