package import DetTensor

/// What a value of a graph is, before it is known.
package struct ValueType: Hashable, Sendable {
  /// The size of each dimension; ``Graph/unknown`` where only running tells.
  package var shape: [Int]
  /// The kind of its elements.
  package var dtype: DType
}

/// A detector as a list of operations on numbered values, in an order in which they can run.
package struct Graph {
  /// The size of a dimension that depends on what is in an image.
  package static let unknown = -1

  /// An operation on values.
  package struct Node {
    package let operation: Operation
    package let inputs: [Int]
    package let outputs: [Int]
    /// The layer or the step that it belongs to.
    package let place: String
  }

  /// A value that goes in or comes out under a name.
  package struct Port: Hashable, Sendable {
    package let name: String
    package let value: Int
  }

  /// A value that is known: weights, anchors, numbers.
  package struct Constant {
    package let value: Int
    package let name: String
    package let tensor: Tensor
  }

  /// What each value is, by its number.
  package var types: [ValueType] = []
  /// In the order in which they are first needed.
  package var constants: [Constant] = []
  /// What goes in.
  package var inputs: [Port] = []
  /// What comes out.
  package var outputs: [Port] = []
  /// In running order.
  package var nodes: [Node] = []

  /// Without suppression, how many of the rows of the outputs each level of a pyramid has, in their order.
  package var rowsPerLevel: [Int] = []

  /// A graph without anything.
  package init() {}

  /// For each node, the values that nothing behind it needs.
  package var lastUses: [[Int]] {
    var last: [Int: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for value in node.inputs + node.outputs { last[value] = index }
    }
    for port in outputs { last[port.value] = nil }
    for constant in constants { last[constant.value] = nil }
    var uses = [[Int]](repeating: [], count: nodes.count)
    for (value, index) in last.sorted(by: { $0.key < $1.key }) { uses[index].append(value) }
    return uses
  }
}
