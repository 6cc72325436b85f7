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
  /// Where in the file they were found: the keys that lead to them, then what stands before the model's names; nil where there
  /// is nothing to say of it.
  public let origin: String?
  /// Where else in the file there are weights that would have fitted; nil for nowhere.
  public let alsoThere: [String]?
  /// What of the backbone stays as it was loaded, in words; nil when all is trained.
  public var frozen: String?

  /// Describes what was taken.
  public init(
    matched: Int, inheritedBlocks: Int, missing: Int, otherShape: Int, leftOver: Int,
    origin: String? = nil, alsoThere: [String]? = nil
  ) {
    self.matched = matched
    self.inheritedBlocks = inheritedBlocks
    self.missing = missing
    self.otherShape = otherShape
    self.leftOver = leftOver
    self.origin = origin
    self.alsoThere = alsoThere
  }

  /// One line for people.
  public var text: String {
    "pretrained weights: \(matched) tensors matched (\(inheritedBlocks) blocks from another place), "
      + "\(missing) missing, \(otherShape) of another shape, \(leftOver) left over"
      + (origin.map { "; found under \($0)" } ?? "")
      + (alsoThere.map { "; not taken, though they fit: \($0.joined(separator: ", "))" } ?? "")
      + (frozen.map { "; \($0)" } ?? "")
  }
}
