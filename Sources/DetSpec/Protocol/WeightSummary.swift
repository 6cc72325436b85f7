/// What a training took from the weights it started from, in numbers of tensors.
public struct WeightSummary: Sendable, Hashable, Codable {
  /// Filled, those of ``inheritedBlocks`` among them.
  public let matched: Int
  /// Blocks of the backbone that were filled from another place.
  public let inheritedBlocks: Int
  /// In the design, but not in the file.
  public let missing: Int
  /// Of another shape in the file, or dependent on such a tensor.
  public let otherShape: Int
  /// In the file, but unused.
  public let leftOver: Int

  /// Describes what was taken.
  public init(matched: Int, inheritedBlocks: Int, missing: Int, otherShape: Int, leftOver: Int) {
    self.matched = matched
    self.inheritedBlocks = inheritedBlocks
    self.missing = missing
    self.otherShape = otherShape
    self.leftOver = leftOver
  }

  /// One line for people.
  public var text: String {
    "pretrained weights: \(matched) tensors matched (\(inheritedBlocks) blocks from another place), "
      + "\(missing) missing, \(otherShape) of another shape, \(leftOver) left over"
  }
}
