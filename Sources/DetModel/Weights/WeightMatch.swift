/// How the tensors of a file fill those of a model: settled from names and shapes, before any value is read.
///
/// ```swift
/// let file = try TensorFile.open("resnet50.pth")
/// let match = detector.match(file)
/// match.missing  // ["rpn.head.conv.0.0.weight", …]: a backbone has no head
/// try match.load(file, into: detector.store)
/// ```
public struct WeightMatch: Equatable, Sendable {
  /// A tensor that is filled.
  public struct Pair: Hashable, Sendable {
    /// Its path in the model.
    public let path: String
    /// The tensor's name in the file.
    public let source: String
  }

  /// A block of the backbone that is filled from a block at another place.
  public struct Inheritance: Hashable, Sendable, Codable {
    /// The block, as in `layer2.1`.
    public let block: String
    /// Where its values come from.
    public let source: String
    /// How many of the block's tensors are filled.
    public let tensors: Int
    /// How many tensors the block has.
    public let count: Int
  }

  /// A tensor whose shape in the file is another.
  public struct Difference: Hashable, Sendable, Codable {
    /// Its path in the model.
    public let name: String
    /// The shape in the model.
    public let shape: [Int]
    /// The shape in the file.
    public let shapeInFile: [Int]
  }

  /// What stands before the model's names in the file, as `module.` of a wrapper; empty when nothing does.
  public internal(set) var prefix = ""
  /// Prefixes under which the file has other tensors that would fill the model about as well.
  public internal(set) var otherPrefixes: [String] = []
  /// What is filled, in the model's order.
  public internal(set) var pairs: [Pair] = []
  /// Blocks filled from elsewhere.
  public internal(set) var inherited: [Inheritance] = []
  /// What the file has nothing for.
  public internal(set) var missing: [String] = []
  /// What has another shape in the file.
  public internal(set) var otherShape: [Difference] = []
  /// Biases and normalisations that would fit, but whose convolution or linear layer does not.
  public internal(set) var heldBack: [String] = []
  /// Names of the file that fill nothing; counters of batches are not listed.
  public internal(set) var leftOver: [String] = []
  /// Blocks of the backbone that the model has, and those of them that got something.
  public internal(set) var blocks = 0
  /// See ``blocks``.
  public internal(set) var filledBlocks = 0
  /// The number of values that are filled.
  public internal(set) var filledValues = 0
  /// The number of values that the model has.
  public internal(set) var values = 0

  /// Whether any tensor of the file has a name of the model's, whatever its shape.
  public var hasKnownNames: Bool {
    !pairs.isEmpty || !otherShape.isEmpty || !heldBack.isEmpty
  }

  /// Whether every tensor of the model is filled by that of its own name.
  public var isComplete: Bool {
    missing.isEmpty && otherShape.isEmpty && heldBack.isEmpty && inherited.isEmpty
  }
}
