import DetBasics
import DetModel
import DetNN
import DetSpec
import DetTensor
import Foundation
import TestSupport
import Testing

@testable import DetExport

/// Exported files in other programs: they are well-formed, and find what the detector finds.
@Suite(
  .serialized,
  .enabled(if: ExportPython.path != nil, "Scripts/check-export makes the Python it needs")
)
struct RuntimeTests {
  private struct Subject {
    let name: String
    let detector: Detector
    let options: ExportOptions
  }

  /// Every small design by both kinds of norms, and the other choices on some.
  private func subjects() throws -> [Subject] {
    var subjects: [Subject] = []
    for (index, text) in GraphParityTests.designs.enumerated() {
      for preset in [RecipePreset.structural, .small] {
        let detector = try SmallDetector.make(text, preset.recipe)
        var options = SmallDetector.options(detector)
        subjects.append(
          Subject(name: "\(index)-\(preset.rawValue)", detector: detector, options: options))
        options.batch = 2
        options.pixels = .float32
        if preset == .small {
          subjects.append(Subject(name: "\(index)-batch", detector: detector, options: options))
        }
      }
    }
    return subjects
  }

  @Test func everyDesignFindsTheSameElsewhere() throws {
    let runtime = try Runtime()
    let subjects = try subjects()
    for subject in subjects {
      let graph = subject.detector.graph(subject.options, SmallDetector.range)
      try runtime.add(graph, inputs(subject), as: subject.name)
    }
    try runtime.run()
    for subject in subjects {
      #expect(runtime.errors(subject.name) == [], "\(subject.detector.design.text)")
      let (raw, sizes) = SmallDetector.inputs(subject.options)
      let bytes = try #require(raw["images"])
      let wanted = subject.detector.detect(
        SmallDetector.range.normalised(bytes, sizes), sizes: sizes)
      for library in Runtime.libraries {
        let found = Graph.detections(try runtime.outputs(subject.name, in: library))
        var parity = Parity()
        for (own, right) in zip(found, wanted) {
          parity.add(
            own, right, bounds: .float32, subject.detector.recipe.detection.selection)
        }
        #expect(
          parity.isEqual(within: .float32),
          "\(library) \(subject.name) \(subject.detector.design.text): \(parity)")
      }
    }
  }

  private func inputs(_ subject: Subject) throws -> [String: Tensor] {
    let (raw, sizes) = SmallDetector.inputs(subject.options)
    let bytes = try #require(raw["images"])
    return subject.options.inputs(bytes, SmallDetector.range.normalised(bytes, sizes), sizes)
  }

  @Test func halfPrecisionRunsElsewhere() throws {
    let runtime = try Runtime()
    let detector = try SmallDetector.make(
      GraphParityTests.designs[0], RecipePreset.structural.recipe)
    var options = SmallDetector.options(detector)
    options.precision = .float16
    let graph = detector.graph(options, SmallDetector.range)
    let inputs = SmallDetector.inputs(options).named
    try runtime.add(graph, inputs, as: "half")
    try runtime.run()
    #expect(runtime.errors("half") == [])
    let wanted = Graph.detections(Interpreter(graph)(inputs))
    for library in Runtime.libraries {
      let found = Graph.detections(try runtime.outputs("half", in: library))
      var parity = Parity()
      parity.add(found[0], wanted[0], bounds: .float16, detector.recipe.detection.selection)
      #expect(parity.unmatched <= 2 && parity.compared > 3, "\(library): \(parity)")
    }
  }

  @Test(arguments: [0, 2, 4])
  func allRegionsAreTheSameElsewhere(index: Int) throws {
    let runtime = try Runtime()
    let detector = try SmallDetector.make(
      GraphParityTests.designs[index], RecipePreset.structural.recipe)
    var options = SmallDetector.options(detector, batch: 2)
    options.suppresses = false
    let graph = detector.graph(options, SmallDetector.range)
    let (inputs, sizes) = SmallDetector.inputs(options)
    try runtime.add(graph, inputs, as: "raw")
    try runtime.run()
    #expect(runtime.errors("raw") == [])
    let bytes = try #require(inputs["images"])
    let normalised = SmallDetector.range.normalised(bytes, sizes)
    let wanted = detector.detect(normalised, sizes: sizes)
    let selection = detector.recipe.detection.selection
    for library in Runtime.libraries {
      let outputs = try runtime.outputs("raw", in: library)
      #expect(outputs["settled"]?.integers() == [1, 1])
      var parity = Parity()
      for (own, right) in zip(graph.detectionsOfAll(outputs, selection), wanted) {
        parity.add(own, right, bounds: .float32, selection)
      }
      #expect(parity.compared > 6 && parity.isEqual(within: .float32), "\(library): \(parity)")
    }
  }

  @Test func allAnchorsAreTheSameElsewhere() throws {
    let runtime = try Runtime()
    let detector = try SmallDetector.make(
      GraphParityTests.designs[8], RecipePreset.small.recipe)
    var options = SmallDetector.options(detector, batch: 2)
    options.suppresses = false
    let graph = detector.graph(options, SmallDetector.range)
    let inputs = SmallDetector.inputs(options).named
    try runtime.add(graph, inputs, as: "raw")
    try runtime.run()
    #expect(runtime.errors("raw") == [])
    let wanted = Interpreter(graph)(inputs)
    for library in Runtime.libraries {
      var parity = Parity()
      parity.add(try runtime.outputs("raw", in: library), wanted, bounds: .float32)
      #expect(parity.isEqual(within: .float32), "\(library): \(parity)")
    }
  }

  @Test(arguments: [0, 8]) func tilesAreJoinedAlikeElsewhere(index: Int) throws {
    let runtime = try Runtime()
    let detector = try SmallDetector.make(
      GraphParityTests.designs[index], RecipePreset.small.recipe)
    var options = SmallDetector.options(detector, batch: 5)
    options.joinsTiles = true
    let (width, height) = (options.width, options.height)
    // Two by two with a common strip, and room for one more.
    let (right, down) = (width * 3 / 4, height * 2 / 3)
    let fields = [(0, 0), (right, 0), (0, down), (right, down)].map { x, y in
      Box(x0: Float(x), y0: Float(y), x1: Float(x + width), y1: Float(y + height))
    }
    let layout = TileLayout(
      image: ImageSize(width: right + width, height: down + height), fields: fields)
    let sizes = Array(repeating: ImageSize(width: width, height: height), count: 5)
    let whole = SmallDetector.images(1, height: layout.image.height, width: layout.image.width)
    let tiles = (fields + [fields[0]]).map { field in
      whole[0].narrowed(dim: 1, from: Int(field.y0), count: height)
        .narrowed(dim: 2, from: Int(field.x0), count: width)
    }
    let bytes = Tensor.stacked(tiles)
    let normalised = SmallDetector.range.normalised(bytes, sizes)
    let graph = detector.graph(options, SmallDetector.range)
    try runtime.add(graph, options.inputs(bytes, normalised, sizes, layout), as: "tiles")
    try runtime.run()
    #expect(runtime.errors("tiles") == [])
    let each = detector.detect(normalised, sizes: sizes).prefix(4)
    let selection = detector.recipe.detection.selection
    let wanted = layout.objects(
      layout.inTiles(Array(each), seenAt: sizes), overlap: selection.suppressionIoU)
    #expect(wanted.count > 3 && wanted.count < each.map(\.count).reduce(0, +))
    let bounds = Parity.Bounds.float32.behindProposals.behindTiles
    for library in Runtime.libraries {
      let outputs = try runtime.outputs("tiles", in: library)
      #expect(outputs["settled"]?.integers() == [1])
      var parity = Parity()
      parity.add(Graph.detections(outputs)[0], wanted, bounds: bounds, selection)
      #expect(parity.isEqual(within: bounds), "\(library): \(parity)")
    }
  }

  @Test func graphsDrawnAtRandomComeOutTheSame() throws {
    let runtime = try Runtime()
    let graphs = (0..<RandomGraph.count).map { RandomGraph(seed: $0) }
    for graph in graphs { try runtime.add(graph.graph, graph.inputs, as: graph.name) }
    try runtime.run()
    for graph in graphs {
      let errors = runtime.errors(graph.name)
      #expect(errors == [], "\(graph.graph.nodes.map(\.operation))")
      guard errors.isEmpty else { continue }
      let wanted = Interpreter(graph.graph)(graph.inputs)
      for library in Runtime.libraries {
        let found = try runtime.outputs(graph.name, in: library)
        for (name, own) in wanted {
          let other = try #require(found[name])
          #expect(other.shape == own.shape, "\(library) \(graph.name) \(name)")
          let scale = max(1, own.to(.float32).abs().amax().item())
          let worst = (other.to(.float32) - own.to(.float32)).abs().amax().item()
          #expect(
            worst <= 1e-4 * scale,
            "\(library) \(graph.name) \(name) is off by \(worst): \(graph.graph.nodes.map(\.operation))"
          )
        }
      }
    }
  }
}
