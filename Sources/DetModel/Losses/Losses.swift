public import DetTensor

/// The parts of a detector's loss in a fixed order, each a number that gradients can start from.
public struct Losses: RandomAccessCollection {
  /// A part: its name, as in "proposals.objectness", and its value.
  public typealias Element = (name: String, value: Tensor)

  private var parts: [Element] = []

  /// No parts yet.
  public init() {}

  mutating func add(_ name: String, _ value: Tensor) { parts.append((name, value)) }

  mutating func add(_ other: Losses) { parts += other.parts }

  /// The first position.
  public var startIndex: Int { 0 }

  /// The position after the last.
  public var endIndex: Int { parts.count }

  /// A part.
  public subscript(position: Int) -> Element { parts[position] }

  /// The sum of the parts.
  public var total: Tensor {
    guard let first = parts.first?.value else { return Tensor(0) }
    return parts.dropFirst().reduce(first) { $0 + $1.value }
  }
}
