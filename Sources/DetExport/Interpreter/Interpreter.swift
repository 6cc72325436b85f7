package import DetTensor

/// Runs a graph on tensors: the proof that it does what its detector does, and the meaning of every operation.
///
/// Operations of 16 bits are computed in 32 and rounded, as programs without such kernels do.
package struct Interpreter {
  private let graph: Graph
  private let lastUses: [[Int]]
  private let constants: [Int: Tensor]

  /// Prepares a graph.
  package init(_ graph: Graph) {
    self.graph = graph
    lastUses = graph.lastUses
    constants = Dictionary(uniqueKeysWithValues: graph.constants.map { ($0.value, $0.tensor) })
  }

  /// The outputs, by name, for inputs by name.
  ///
  /// Inputs must have the shapes and kinds of the graph's.
  package func callAsFunction(_ inputs: [String: Tensor]) -> [String: Tensor] {
    withoutGradient {
      var values = constants
      for port in graph.inputs {
        guard let tensor = inputs[port.name] else {
          preconditionFailure("the graph needs the input \(port.name)")
        }
        let type = graph.types[port.value]
        precondition(
          tensor.shape == type.shape && tensor.dtype == type.dtype,
          "\(port.name) is \(type.dtype)\(type.shape), not \(tensor.dtype)\(tensor.shape)")
        values[port.value] = tensor
      }
      for (index, node) in graph.nodes.enumerated() {
        let results = node.operation.run(node.inputs.map { value($0, values) })
        for (number, result) in zip(node.outputs, results) {
          check(result, graph.types[number], node)
          values[number] = result
        }
        for number in lastUses[index] { values[number] = nil }
      }
      return Dictionary(
        uniqueKeysWithValues: graph.outputs.map { ($0.name, value($0.value, values)) })
    }
  }

  private func value(_ number: Int, _ values: [Int: Tensor]) -> Tensor {
    guard let tensor = values[number] else {
      preconditionFailure("value \(number) is used before it is made")
    }
    return tensor
  }

  private func check(_ tensor: Tensor, _ type: ValueType, _ node: Graph.Node) {
    let shape = tensor.shape
    let fits =
      shape.count == type.shape.count
      && zip(shape, type.shape).allSatisfy { $0 == $1 || $1 == Graph.unknown }
    precondition(
      fits && tensor.dtype == type.dtype,
      "\(node.place): \(node.operation) made \(tensor.dtype)\(shape), not \(type.dtype)\(type.shape)"
    )
  }
}
