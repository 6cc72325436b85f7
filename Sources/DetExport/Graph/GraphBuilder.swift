package import DetTensor

/// Makes a graph, operation by operation.
///
/// ```swift
/// let builder = GraphBuilder()
/// let x = builder.input("x", shape: [1, 3], dtype: .float32)
/// builder.output("y", x.relu())
/// builder.graph.nodes.count  // 1
/// ```
package final class GraphBuilder {
  /// What has been made.
  package private(set) var graph = Graph()
  private var place = ""
  private var numbers: [NumberKey: GraphValue] = [:]
  private var kept: [String: GraphValue] = [:]
  private var names: Set<String> = []

  private let weightNames: [ObjectIdentifier: String]
  private let precise: Set<ObjectIdentifier>

  private struct NumberKey: Hashable {
    let values: [Double]
    let shape: [Int]
    let dtype: DType
  }

  /// Starts with nothing; weights get the names that a model's store has for them. Layers of the `precise` ones compute in 32
  /// bits, whatever comes to them.
  package init(weights: [(name: String, tensor: Tensor)] = [], precise: [Tensor] = []) {
    self.precise = Set(precise.map(\.identity))
    weightNames = Dictionary(
      weights.map { ($0.tensor.identity, $0.name) }, uniquingKeysWith: { first, _ in first })
  }

  /// The name of a weight.
  func name(of weight: Tensor) -> String {
    guard let name = weightNames[weight.identity] else {
      preconditionFailure("a layer's weight is not in the store whose names were given")
    }
    return name
  }

  /// A value as a layer of a weight wants it.
  func asWanted(_ value: GraphValue, by weight: Tensor) -> GraphValue {
    precise.contains(weight.identity) ? value.to(.float32) : value
  }

  /// A value that goes in.
  package func input(_ name: String, shape: [Int], dtype: DType) -> GraphValue {
    let value = make(ValueType(shape: shape, dtype: dtype))
    graph.inputs.append(Graph.Port(name: name, value: value.number))
    return value
  }

  /// Lets a value out under a name.
  package func output(_ name: String, _ value: GraphValue) {
    graph.outputs.append(Graph.Port(name: name, value: value.number))
  }

  /// A tensor that is known; its name is made unique.
  package func constant(_ tensor: Tensor, _ name: String) -> GraphValue {
    let own = tensor.detached().contiguous()
    let value = make(ValueType(shape: own.shape, dtype: own.dtype))
    var unique = name
    var count = 1
    while !names.insert(unique).inserted {
      count += 1
      unique = "\(name).\(count)"
    }
    graph.constants.append(Graph.Constant(value: value.number, name: unique, tensor: own))
    return value
  }

  /// The value that stands under a key, made where there is none yet: weights that serve several times.
  func kept(_ key: String, _ make: () -> GraphValue) -> GraphValue {
    if let value = kept[key] { return value }
    let value = make()
    kept[key] = value
    return value
  }

  /// Numbers by themselves; the same ones are one constant.
  package func numbers(_ values: [Double], shape: [Int], dtype: DType = .float32) -> GraphValue {
    let key = NumberKey(values: values, shape: shape, dtype: dtype)
    if let value = numbers[key] { return value }
    let value = constant(Tensor(doubles: values, shape: shape).to(dtype), "number")
    numbers[key] = value
    return value
  }

  /// One number.
  package func number(_ value: Double, _ dtype: DType = .float32) -> GraphValue {
    numbers([value], shape: [], dtype: dtype)
  }

  /// The whole numbers 0 ..< count in a shape.
  package func places(_ count: Int, shape: [Int], dtype: DType = .int64) -> GraphValue {
    numbers((0..<count).map(Double.init), shape: shape, dtype: dtype)
  }

  /// Names what is recorded meanwhile.
  package func at<Result>(_ place: String, _ body: () throws -> Result) rethrows -> Result {
    let before = self.place
    self.place = place
    defer { self.place = before }
    return try body()
  }

  /// Adds an operation with one result.
  func apply(_ operation: Operation, _ inputs: [GraphValue], _ type: ValueType) -> GraphValue {
    apply(operation, inputs, [type])[0]
  }

  /// Adds an operation.
  func apply(
    _ operation: Operation, _ inputs: [GraphValue], _ types: [ValueType]
  ) -> [GraphValue] {
    let outputs = types.map(make)
    graph.nodes.append(
      Graph.Node(
        operation: operation, inputs: inputs.map(\.number), outputs: outputs.map(\.number),
        place: place))
    return outputs
  }

  private func make(_ type: ValueType) -> GraphValue {
    graph.types.append(type)
    return GraphValue(builder: self, number: graph.types.count - 1)
  }
}
