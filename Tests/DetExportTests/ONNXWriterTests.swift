import DetBasics
import DetModel
import DetSpec
import DetTensor
import Foundation
import Testing

@testable import DetExport

/// The bytes of small files, told by their definition (onnx.proto, protobuf's encoding).
struct ONNXWriterTests {
  private func model(_ make: (GraphBuilder) -> Void) throws -> [UInt8] {
    let builder = GraphBuilder()
    make(builder)
    let model = ONNXModel(
      builder.graph, metadata: [("a", "b")], producer: (name: "smnas", version: "1"))
    return try Array(model.data())
  }

  private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    bytes.indices.contains { bytes[$0...].starts(with: part) }
  }

  @Test func headNamesVersionsAndProducer() throws {
    let bytes = try model { builder in
      builder.output("y", builder.input("x", shape: [2], dtype: .float32).relu())
    }
    // ir_version 8, producer_name "smnas", producer_version "1", then the graph.
    let head: [UInt8] = [0x08, 8, 0x12, 5] + Array("smnas".utf8) + [0x1A, 1, 0x31, 0x3A]
    #expect(Array(bytes.prefix(head.count)) == head)
    // opset_import { domain "" version 17 }, metadata_props { "a": "b" }
    let tail: [UInt8] = [0x42, 4, 0x0A, 0, 0x10, 17, 0x72, 6, 0x0A, 1, 0x61, 0x12, 1, 0x62]
    #expect(Array(bytes.suffix(tail.count)) == tail)
  }

  @Test func nodeNamesItsValuesAndItsOperator() throws {
    let bytes = try model { builder in
      builder.output("y", builder.input("x", shape: [2], dtype: .float32).relu())
    }
    let node: [UInt8] = [0x0A, 1, 0x78, 0x12, 1, 0x79, 0x1A, 2, 0x2F, 0x30, 0x22, 4]
    #expect(contains(bytes, node + Array("Relu".utf8)))
  }

  @Test func weightsAreRawBytesBehindShapeKindAndName() throws {
    let bytes = try model { builder in
      let x = builder.input("x", shape: [2, 1], dtype: .float32)
      builder.output("y", x * builder.constant(Tensor([1, -2], shape: [1, 2]), "w"))
    }
    let values: [UInt8] = [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]
    #expect(contains(bytes, [0x08, 1, 0x08, 2, 0x10, 1, 0x42, 1, 0x77, 0x4A, 8] + values))
  }

  @Test func sizesThatOnlyRunningTellsHaveAName() throws {
    let bytes = try model { builder in
      let x = builder.input("x", shape: [3], dtype: .bool)
      builder.output("y", x.trueIndices())
    }
    #expect(contains(bytes, [0x12, 5] + Array("found".utf8)))
  }

  @Test func negativeNumbersTakeTenBytes() throws {
    let bytes = try model { builder in
      builder.output("y", builder.input("x", shape: [4], dtype: .float32).largest(2).values)
    }
    // attribute { name "axis", i -1, type INT }
    let ones = [UInt8](repeating: 0xFF, count: 9)
    #expect(contains(bytes, [0x0A, 4] + Array("axis".utf8) + [0x18] + ones + [1, 0xA0, 1, 2]))
  }

  /// What is drawn at random is written and run elsewhere by `Scripts/check-export`: no operator may be missing there.
  @Test func everyOperatorOfADetectorIsDrawnAtRandom() throws {
    func operators(_ graph: Graph) -> Set<String> {
      Set(graph.nodes.map { $0.operation.onnx(graph.types[$0.inputs[0]].dtype).name })
    }
    var drawn: Set<String> = []
    for seed in 0..<RandomGraph.count { drawn.formUnion(operators(RandomGraph(seed: seed).graph)) }
    var needed: Set<String> = []
    for text in GraphParityTests.designs {
      for preset in [RecipePreset.structural, .small] {
        for suppresses in [true, false] {
          let detector = try SmallDetector.make(text, preset.recipe)
          var options = SmallDetector.options(detector)
          options.suppresses = suppresses
          needed.formUnion(operators(detector.graph(options, SmallDetector.range)))
        }
      }
    }
    #expect(needed.count > 30 && needed.subtracting(drawn).isEmpty, "\(needed.subtracting(drawn))")
  }

  @Test func valuesGoWhenNothingNeedsThem() throws {
    let builder = GraphBuilder()
    let x = builder.input("x", shape: [2], dtype: .float32)
    let first = x.relu()
    let second = first + x
    builder.output("y", second)
    #expect(builder.graph.lastUses == [[], [x.number, first.number].sorted()])
    let found = Interpreter(builder.graph)(["x": Tensor([-1, 2])])
    #expect(found["y"]?.floats() == [-1, 4])
  }
}
