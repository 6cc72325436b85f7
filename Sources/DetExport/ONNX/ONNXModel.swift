import DetBasics
import DetTensor
package import Foundation

/// A graph in ONNX's format, opset 17 (github.com/onnx/onnx, onnx.proto): what runs in onnxruntime, OpenVINO, TensorRT and others.
package struct ONNXModel {
  /// The graph.
  package let graph: Graph
  /// Names and texts that travel with it.
  package let metadata: [(name: String, text: String)]
  /// Who made it.
  package let producer: (name: String, version: String)

  /// The version of the operators.
  package static let opset = 17
  /// The version of the format that goes with them.
  package static let formatVersion = 8
  /// Protobuf's limit, in bytes.
  package static let mostBytes = Int(Int32.max)

  /// A model of a graph.
  package init(
    _ graph: Graph, metadata: [(name: String, text: String)] = [],
    producer: (name: String, version: String)
  ) {
    self.graph = graph
    self.metadata = metadata
    self.producer = producer
  }

  /// The file's bytes.
  package func data() throws(ExportError) -> Data {
    let weights = graph.constants.reduce(0) { $0 + $1.tensor.count * $1.tensor.dtype.size }
    guard weights < Self.mostBytes else { throw .tooLarge(bytes: weights) }
    var model = ProtobufMessage()
    model.add(1, Self.formatVersion)
    model.add(2, producer.name)
    model.add(3, producer.version)
    model.add(7, graphMessage())
    var operators = ProtobufMessage()
    operators.add(1, "")
    operators.add(2, Self.opset)
    model.add(8, operators)
    for (name, text) in metadata {
      var entry = ProtobufMessage()
      entry.add(1, name)
      entry.add(2, text)
      model.add(14, entry)
    }
    guard model.data.count < Self.mostBytes else { throw .tooLarge(bytes: model.data.count) }
    return model.data
  }

  private func graphMessage() -> ProtobufMessage {
    var names = Names(graph)
    var message = ProtobufMessage()
    var numbers: [ONNXNode.Numbers: String] = [:]
    var added: [ONNXNode.Numbers] = []
    for (index, node) in graph.nodes.enumerated() {
      let own = node.operation.onnx(graph.types[node.inputs[0]].dtype)
      var inputs = node.inputs.map { names[$0] }
      for value in own.numbers {
        if value == .none {
          inputs.append("")
        } else if let name = numbers[value] {
          inputs.append(name)
        } else {
          let name = names.next("parameter")
          numbers[value] = name
          added.append(value)
          inputs.append(name)
        }
      }
      message.add(
        1, own.message(inputs, node.outputs.map { names[$0] }, name: "\(node.place)/\(index)"))
    }
    message.add(2, "detector")
    for constant in graph.constants {
      message.add(5, ONNXTensor.message(constant.tensor, name: constant.name))
    }
    for value in added {
      if let name = numbers[value] { message.add(5, ONNXTensor.message(value, name: name)) }
    }
    for port in graph.inputs { message.add(11, value(port.value, port.name)) }
    for port in graph.outputs { message.add(12, value(port.value, port.name)) }
    return message
  }

  /// A value's name, kind and shape.
  private func value(_ number: Int, _ name: String) -> ProtobufMessage {
    let type = graph.types[number]
    var shape = ProtobufMessage()
    for size in type.shape {
      var dimension = ProtobufMessage()
      if size == Graph.unknown { dimension.add(2, "found") } else { dimension.add(1, size) }
      shape.add(1, dimension)
    }
    var tensor = ProtobufMessage()
    tensor.add(1, type.dtype.onnx)
    tensor.add(2, shape)
    var kind = ProtobufMessage()
    kind.add(1, tensor)
    var message = ProtobufMessage()
    message.add(1, name)
    message.add(2, kind)
    return message
  }

  /// What values are called.
  private struct Names {
    private var names: [Int: String] = [:]
    private var count = 0

    init(_ graph: Graph) {
      for constant in graph.constants { names[constant.value] = constant.name }
      for port in graph.inputs + graph.outputs { names[port.value] = port.name }
    }

    subscript(value: Int) -> String { names[value] ?? "v\(value)" }

    mutating func next(_ word: String) -> String {
      defer { count += 1 }
      return "\(word)/\(count)"
    }
  }
}

extension ONNXNode {
  /// The node's message.
  func message(_ inputs: [String], _ outputs: [String], name place: String) -> ProtobufMessage {
    var node = ProtobufMessage()
    for input in inputs { node.add(1, input) }
    for output in outputs { node.add(2, output) }
    node.add(3, place)
    node.add(4, name)
    for (name, value) in attributes {
      var attribute = ProtobufMessage()
      attribute.add(1, name)
      switch value {
      case .float(let number):
        attribute.add(2, Float(number))
        attribute.add(20, 1)
      case .integer(let number):
        attribute.add(3, number)
        attribute.add(20, 2)
      case .text(let text):
        attribute.add(4, text)
        attribute.add(20, 3)
      case .integers(let numbers):
        for number in numbers { attribute.add(8, number) }
        attribute.add(20, 7)
      }
      node.add(5, attribute)
    }
    return node
  }
}
