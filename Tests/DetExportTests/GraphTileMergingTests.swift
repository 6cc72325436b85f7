import DetBasics
import DetModel
import DetTensor
import Testing

@testable import DetExport

/// Tiles that are put together in operations at fixed sizes, against the detector's own way.
struct GraphTileMergingTests {
  private static let overlap = 0.5

  /// What the graph makes of detections in tiles, and whether it is settled.
  private func merged(
    _ found: [[Detection]], _ layout: TileLayout, sizes: [ImageSize], each: Int, most: Int = 1000
  ) throws -> (objects: [Detection], isSettled: Bool) {
    let builder = GraphBuilder()
    let count = found.count
    let input = GraphDetections(
      boxes: builder.input("boxes", shape: [count, each, 4], dtype: .float32),
      scores: builder.input("scores", shape: [count, each], dtype: .float32),
      labels: builder.input("labels", shape: [count, each], dtype: .int64),
      counts: builder.input("counts", shape: [count], dtype: .int64))
    let extents = GraphExtents(builder.input("sizes", shape: [count, 2], dtype: .int64))
    let tiles = GraphTiles(builder, count: count, extents)
    let merging = GraphTileMerging(input, tiles, most: most, overlap: Self.overlap)
    builder.output("boxes", merging.objects.boxes)
    builder.output("scores", merging.objects.scores)
    builder.output("labels", merging.objects.labels)
    builder.output("counts", merging.objects.counts)
    builder.output("settled", merging.isSettled.to(.int64))
    var options = ExportOptions(width: 1, height: 1)
    options.batch = count
    let none = Tensor.zeros([count])
    var inputs = options.inputs(none, none, sizes, layout)
    inputs["images"] = nil
    func rows<Value>(_ value: (Detection) -> [Value], _ other: Value, size: Int) -> [Value] {
      found.flatMap { own in
        own.flatMap(value) + Array(repeating: other, count: size * (each - own.count))
      }
    }
    inputs["boxes"] = Tensor(
      rows({ [$0.box.x0, $0.box.y0, $0.box.x1, $0.box.y1] }, 0, size: 4),
      shape: [count, each, 4])
    inputs["scores"] = Tensor(rows({ [$0.score] }, 0, size: 1), shape: [count, each])
    inputs["labels"] = Tensor(rows({ [$0.label] }, -1, size: 1), shape: [count, each])
    inputs["counts"] = Tensor(found.map(\.count), shape: [count])
    let outputs = Interpreter(builder.graph)(inputs)
    return (
      Graph.detections(outputs)[0], try #require(outputs["settled"]).integers() == [1]
    )
  }

  private func expectSame(_ own: [Detection], _ right: [Detection], _ comment: Comment) {
    func sorted(_ all: [Detection]) -> [Detection] {
      all.sorted {
        (-$0.score, $0.box.x0, $0.box.y0, $0.box.x1) < (-$1.score, $1.box.x0, $1.box.y0, $1.box.x1)
      }
    }
    #expect(own.count == right.count, comment)
    #expect(own.map(\.score) == right.map(\.score), comment)
    for (a, b) in zip(sorted(own), sorted(right)) {
      let far = max(
        abs(a.box.x0 - b.box.x0), abs(a.box.y0 - b.box.y0), abs(a.box.x1 - b.box.x1),
        abs(a.box.y1 - b.box.y1))
      #expect(a.label == b.label && far < 1e-3, comment)
    }
  }

  /// Tiles of a size, so far apart that they cover an image.
  private func layout(_ image: ImageSize, size: Int, stride: Int) -> TileLayout {
    func starts(_ length: Int) -> [Int] {
      length <= size
        ? [0] : Array(Swift.stride(from: 0, to: length - size, by: stride)) + [length - size]
    }
    let fields = starts(image.height).flatMap { y in
      starts(image.width).map { x in
        Box(
          x0: Float(x), y0: Float(y), x1: Float(min(x + size, image.width)),
          y1: Float(min(y + size, image.height)))
      }
    }
    return TileLayout(image: image, fields: fields)
  }

  /// Objects anywhere, seen through tiles by a detector that is a little off, sees some twice, and makes some up.
  private func found(
    in layout: TileLayout, _ generator: inout Generator, scale: Float
  ) -> [[Detection]] {
    let (width, height) = (Float(layout.image.width), Float(layout.image.height))
    let objects = (0..<14).map { _ in
      let x = generator.drawn(-20, width - 10)
      let y = generator.drawn(-20, height - 10)
      let box = Box(
        x0: max(x, 0), y0: max(y, 0), x1: min(x + generator.drawn(12, 150), width),
        y1: min(y + generator.drawn(12, 150), height))
      return (box, generator.index(below: 2))
    }
    return layout.fields.map { field in
      var found: [Detection] = []
      for (box, label) in objects {
        for _ in 0..<(generator.chance(0.2) ? 2 : 1) {
          guard let part = generator.seen(box, in: field, scale: scale) else { continue }
          found.append(Detection(box: part, label: label, score: generator.drawn(0.05, 1)))
        }
      }
      return found
    }
  }

  @Test(arguments: [(160, 120, 1), (160, 160, 2), (100, 60, 1), (200, 130, 2)])
  func joinsWhatIsJoinedOneAfterAnother(size: Int, stride: Int, scale: Int) throws {
    var generator = Generator(seed: UInt64(size + stride))
    let image = ImageSize(width: 320, height: 250)
    let layout = layout(image, size: size, stride: stride)
    let sizes = layout.fields.map {
      ImageSize(width: Int($0.width) * scale, height: Int($0.height) * scale)
    }
    var joined = 0
    for round in 0..<30 {
      let found = found(in: layout, &generator, scale: Float(scale))
      let wanted = layout.objects(layout.inTiles(found, seenAt: sizes), overlap: Self.overlap)
      let own = try merged(found, layout, sizes: sizes, each: found.map(\.count).max() ?? 1)
      #expect(own.isSettled)
      expectSame(own.objects, wanted, "\(size) \(stride), round \(round)")
      joined += found.map(\.count).reduce(0, +) - wanted.count
    }
    #expect(joined > 100)
  }

  /// Pairs that agree alike are joined in their order.
  @Test func theFirstOfEqualPairsComesFirst() throws {
    let image = ImageSize(width: 280, height: 160)
    let layout = layout(image, size: 160, stride: 120)
    let sizes = layout.fields.map { ImageSize(width: Int($0.width), height: Int($0.height)) }
    let left = Box(x0: 126, y0: 20, x1: 150, y1: 60)
    let right = Box(x0: 6, y0: 20, x1: 30, y1: 60)
    func detection(_ box: Box, _ score: Float) -> Detection {
      Detection(box: box, label: 0, score: score)
    }
    let found = [
      [detection(left, 0.9), detection(left, 0.5)], [detection(right, 0.4), detection(right, 0.8)],
    ]
    let wanted = layout.objects(layout.inTiles(found, seenAt: sizes), overlap: Self.overlap)
    #expect(wanted.map(\.score) == [0.9, 0.8])
    let own = try merged(found, layout, sizes: sizes, each: 2)
    #expect(own.objects == wanted && own.isSettled)
  }

  /// A chain of tiles in which each pair is better than the one before takes a round for each.
  @Test func whatDoesNotSettleInTheRoundsIsSaid() throws {
    let count = GraphTileMerging.rounds + 6
    // Tiles in a row that all see the same strip; a piece moves along, less and less from tile to tile.
    let image = ImageSize(width: 400, height: 100)
    let layout = TileLayout(
      image: image, fields: Array(repeating: Box(x0: 0, y0: 0, x1: 400, y1: 100), count: count))
    let sizes = Array(repeating: image, count: count)
    var left: Float = 10
    let found = (0..<count).map { number -> [Detection] in
      left += 16 - 0.5 * Float(number)
      return [
        Detection(
          box: Box(x0: left, y0: 10, x1: left + 60, y1: 60), label: 0,
          score: 0.9 - 0.01 * Float(number))
      ]
    }
    let own = try merged(found, layout, sizes: sizes, each: 1)
    let short = try merged(
      Array(found.suffix(6)), TileLayout(image: image, fields: Array(layout.fields.suffix(6))),
      sizes: Array(sizes.suffix(6)), each: 1)
    #expect(!own.isSettled && short.isSettled)
    #expect(short.objects.count == 1 && own.objects.count > 1)
  }

  @Test func theLeastSureAreLeftOutWhereThereAreTooMany() throws {
    var generator = Generator(seed: 7)
    let image = ImageSize(width: 320, height: 250)
    let layout = layout(image, size: 160, stride: 120)
    let sizes = layout.fields.map { ImageSize(width: Int($0.width), height: Int($0.height)) }
    let found = found(in: layout, &generator, scale: 1)
    let each = (found.map(\.count).max() ?? 1) + 2
    let count = found.map(\.count).reduce(0, +)
    let whole = try merged(found, layout, sizes: sizes, each: each)
    // As many as there are: rows of nothing are what is left out.
    let enough = try merged(found, layout, sizes: sizes, each: each, most: count)
    #expect(enough.isSettled)
    expectSame(enough.objects, whole.objects, "all of them")
    let fewer = try merged(found, layout, sizes: sizes, each: each, most: count - 5)
    let scores = found.flatMap { $0.map(\.score) }.sorted()
    let surest = found.map { $0.filter { $0.score > scores[4] } }
    #expect(!fewer.isSettled)
    expectSame(
      fewer.objects, layout.objects(layout.inTiles(surest, seenAt: sizes), overlap: Self.overlap),
      "the surest")
  }

  @Test func anImageWithFewerTilesThanTheGraphTakes() throws {
    let image = ImageSize(width: 120, height: 100)
    let layout = TileLayout(image: image, fields: [Box(x0: 0, y0: 0, x1: 120, y1: 100)])
    let sizes = [image, ImageSize(width: 64, height: 64)]
    let one = Detection(box: Box(x0: 5, y0: 5, x1: 50, y1: 40), label: 1, score: 0.7)
    let ghost = Detection(box: Box(x0: 1, y0: 1, x1: 9, y1: 9), label: 0, score: 0.9)
    let own = try merged([[one], [ghost]], layout, sizes: sizes, each: 3)
    #expect(own.objects == [one] && own.isSettled)
    let none = try merged([[], []], layout, sizes: sizes, each: 3)
    #expect(none.objects.isEmpty && none.isSettled)
  }
}

extension Generator {
  fileprivate mutating func drawn(_ low: Float, _ high: Float) -> Float {
    Float(uniform(Double(low)..<Double(high)))
  }

  /// The part of an object that a tile shows, a little off, in pixels of what the detector sees.
  fileprivate mutating func seen(_ box: Box, in field: Box, scale: Float) -> Box? {
    func within(_ value: Float, _ size: Float) -> Float { min(max(value, 0), size) * scale }
    let (x0, y0) = (box.x0 + drawn(-1.5, 1.5), box.y0 + drawn(-1.5, 1.5))
    let (x1, y1) = (box.x1 + drawn(-1.5, 1.5), box.y1 + drawn(-1.5, 1.5))
    let part = Box(
      x0: within(x0 - field.x0, field.width), y0: within(y0 - field.y0, field.height),
      x1: within(x1 - field.x0, field.width), y1: within(y1 - field.y0, field.height))
    return part.width > 3 && part.height > 3 ? part : nil
  }
}
