/// Why a detector cannot be built: which part, its value, and what would be right.
public enum ModelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The number of classes makes no sense.
  case classes(Int)
  /// A level of the pyramid would have no cell at the design's input size.
  case emptyLevel(level: String, stride: Int, input: String)

  /// One line that says what, where, and what would be right.
  public var description: String {
    switch self {
    case .classes(let count):
      "a detector of \(count) classes cannot be built; give 1 or more"
    case .emptyLevel(let level, let stride, let input):
      "level \(level) has a stride of \(stride) pixels, more than the input \(input); use a larger input or a coarsest level below \(level)"
    }
  }
}
