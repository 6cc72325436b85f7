import DetBasics
import DetTensor

@testable import DetExport

/// A graph of operations that were drawn, with numbers to run it on; the same for the same seed.
///
/// Values are drawn so that no result hangs on a rounding: nothing is compared with itself, and what is ranked differs.
struct RandomGraph {
  /// How many are compared with what other programs make of them.
  static let count: UInt64 = 96

  let name: String
  let graph: Graph
  let inputs: [String: Tensor]

  init(seed: UInt64) {
    var drawing = Drawing(seed: seed)
    for _ in 0..<8 { drawing.step() }
    name = "random-\(seed)"
    (graph, inputs) = drawing.finished()
  }
}

private struct Drawing {
  private let builder = GraphBuilder()
  private var generator: Generator
  private var values: [GraphValue] = []
  private var inputs: [String: Tensor] = [:]
  private let shape: [Int]

  init(seed: UInt64) {
    generator = Generator(seed: seed)
    shape = [
      1 + Int(generator.next() % 2), 4 * (1 + Int(generator.next() % 2)),
      3 + Int(generator.next() % 6), 3 + Int(generator.next() % 6),
    ]
    for name in ["a", "b"] {
      inputs[name] = Tensor.normal(shape, using: &generator)
      values.append(builder.input(name, shape: shape, dtype: .float32))
    }
  }

  private mutating func below(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }

  /// One of the values that have four dimensions and are numbers.
  private mutating func any() -> GraphValue { values[below(values.count)] }

  private mutating func weights(_ shape: [Int], spread: Double = 0.4) -> GraphValue {
    builder.constant(Tensor.normal(shape, deviation: spread, using: &generator), "weight")
  }

  /// Adds an operation, or a few that belong together; what comes out has four dimensions.
  mutating func step() {
    let x = any()
    let (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    let made: GraphValue
    switch below(20) {
    case 0: made = convolution(x)
    case 1:
      let size = 1 + below(min(h, w, 3))
      made = x.maxPooled(size, stride: 1 + below(2), padding: size / 2)
    case 2:
      let sizes = [n, c, h + below(5), w + below(5)]
      made = x.apply(.nearestResize(to: sizes), shape: sizes)
    case 3: made = x.relu() + x.sigmoid()
    case 4: made = (x * 0.3).clipped(low: -1, high: 1).exp()
    case 5: made = x.softmax(1)
    case 6: made = x.permuted([0, 1, 3, 2])
    case 7:
      let from = below(c)
      made = x.sliced(1, from: from, to: from + 1 + below(c - from))
    case 8: made = .concatenated([x, x.relu(), x * 2], 1)
    case 9: made = x.mean([2, 3], keepDims: true).expanded([n, c, 2, 3]) + 0.5
    case 10: made = normalised(x)
    case 11: made = ranked(x)
    case 12: made = chosen(x)
    case 13: made = sampled(x)
    case 14: made = pooled(x)
    case 15: made = multiplied(x)
    case 16: made = divided(x)
    case 17: made = suppressedPlainly(x)
    case 18: made = largest(x)
    default: made = suppressed(x)
    }
    values.append(made)
  }

  /// A value that goes in: what is found in constants alone, some programs compute while they load a file, by other code.
  private mutating func input(_ tensor: Tensor) -> GraphValue {
    let name = "input\(inputs.count)"
    inputs[name] = tensor
    return builder.input(name, shape: tensor.shape, dtype: tensor.dtype)
  }

  private mutating func convolution(_ x: GraphValue) -> GraphValue {
    let (n, c) = (x.shape[0], x.shape[1])
    let groups = c.isMultiple(of: 2) ? 1 + below(2) : 1
    let outputs = groups * (1 + below(4))
    let (kernel, stride, dilation) = (1 + 2 * below(2), 1 + below(2), 1 + below(2))
    let padding = dilation * (kernel - 1) / 2
    let reach = dilation * (kernel - 1) + 1
    let sizes = x.shape.suffix(2).map { ($0 + 2 * padding - reach) / stride + 1 }
    return x.apply(
      .convolution(stride: stride, padding: padding, dilation: dilation, groups: groups),
      [weights([outputs, c / groups, kernel, kernel]), weights([outputs])],
      shape: [n, outputs] + sizes)
  }

  private mutating func normalised(_ x: GraphValue) -> GraphValue {
    let (n, c) = (x.shape[0], x.shape[1])
    let rows = x.reshaped([n, c, -1])
    return rows.apply(
      .instanceNormalization(epsilon: 1e-2), [weights([c]), weights([c])], shape: rows.shape
    ).reshaped(x.shape)
  }

  /// The best of each image, back as a map.
  private mutating func ranked(_ x: GraphValue) -> GraphValue {
    let n = x.shape[0]
    let count = x.shape.dropFirst().reduce(1, *)
    // The places are part of the numbers, so that no two are the same.
    let flat =
      x.reshaped([n, count])
      + builder.numbers(
        (0..<count).map { Double($0) * 0.01 }, shape: [1, count])
    let most = 1 + below(min(count, 12))
    let (best, places) = flat.largest(most)
    let found = x.reshaped([n, count, 1]).rowsOfImages(at: places)
    return .concatenated(
      [
        best.reshaped([n, 1, most, 1]), found.reshaped([n, 1, most, 1]),
        (places.remainder(by: 7) + places.quotient(by: 3)).to(.float32).reshaped([n, 1, most, 1]),
      ], 1)
  }

  /// Elements by a mask, and a few of them replaced.
  private mutating func chosen(_ x: GraphValue) -> GraphValue {
    let count = x.shape.reduce(1, *)
    let flat = x.reshaped([count])
    let places = builder.places(count, shape: [count])
    let mask = flat.greater(than: 0.137)
      .and(places.remainder(by: 3).equal(to: builder.number(1, .int64)))
    let rows = mask.trueIndices().reshaped([-1, 1])
    let moved = flat.replacing(at: rows, by: flat.elements(at: rows) * 3)
    return moved.kept(where: mask.not(), else: 0.25).maximum(builder.number(-2)).reshaped(x.shape)
  }

  /// Each number and by how much the largest along a dimension exceeds it, where it is that or below 0.137.
  private mutating func largest(_ x: GraphValue) -> GraphValue {
    let most = x.largest(along: below(4))
    let isMost = x.equal(to: most).or(x.less(than: builder.number(0.137)))
    return x + (most - x).kept(where: isMost, else: 0.25)
  }

  /// Products of matrices, with weights and of images with one another.
  private mutating func multiplied(_ x: GraphValue) -> GraphValue {
    let (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    let outputs = 1 + below(5)
    let rows = x.reshaped([n * c, h * w])
    let linear = rows.apply(
      .linear, [weights([outputs, h * w]), weights([outputs])], shape: [n * c, outputs]
    ).reshaped([n, c, outputs])
    let square = linear.permuted([0, 2, 1]).matrixProduct(linear) * (1 / Double(c))
    return square.reshaped([n, 1, outputs, outputs])
  }

  /// Sums, differences and quotients, and which of two is the larger.
  private mutating func divided(_ x: GraphValue) -> GraphValue {
    let (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    let sum = x.sum([1]).reshaped([n, 1, h, w])
    let share = x / (sum.maximum(builder.number(0)) + 1) - x.minimum(builder.number(0.3))
    let isLarge = share.less(than: sum).and(x.atLeast(-0.217))
    return share.kept(where: isLarge, else: x).reshaped([n, c, h, w])
  }

  private mutating func suppressedPlainly(_ x: GraphValue) -> GraphValue {
    let (n, count) = (x.shape[0], 12)
    let all = input(Tensor.stacked((0..<n).map { _ in boxes(count, 12) }))
    let suppression = GraphSuppression(all, all.hasSides(atLeast: 3.1), overlap: 0.4)
    let settled = suppression.isSettled.reshaped([n, 1]).expanded([n, count]).to(.float32)
    return (suppression.isKept.to(.float32) + settled).reshaped([n, 1, count, 1])
  }

  private mutating func sampled(_ x: GraphValue) -> GraphValue {
    let (n, h, w) = (x.shape[0], 1 + below(5), 1 + below(5))
    let places = input(
      Tensor.uniform([n, h, w, 2], low: -1.4, high: 1.4, using: &generator))
    return x.apply(.gridSample, [places], shape: [n, x.shape[1], h, w])
  }

  private mutating func boxes(_ count: Int, _ extent: Double) -> Tensor {
    let corner = Tensor.uniform([count, 2], low: -2, high: extent, using: &generator)
    let side = Tensor.uniform([count, 2], low: 0.5, high: extent, using: &generator)
    return Tensor.concatenated([corner, corner + side], dim: 1)
  }

  private mutating func pooled(_ x: GraphValue) -> GraphValue {
    let count = 1 + below(6)
    let images = (0..<count).map { _ in Double(below(x.shape[0])) }
    let pooling = RegionPooling(
      bins: 1 + below(3), samplingRatio: 1 + below(3), isAligned: below(2) == 0)
    return x.pooled(
      boxes: input(boxes(count, 24)),
      images: builder.numbers(images, shape: [count], dtype: .int64), stride: 4, pooling)
  }

  private mutating func suppressed(_ x: GraphValue) -> GraphValue {
    let (n, classes, count) = (x.shape[0], 1 + below(3), 12)
    let all = Tensor.stacked((0..<n).map { _ in boxes(count, 12) })
    let scores = input(Tensor.uniform([n, classes, count], using: &generator))
    let kept = input(all).suppressed(
      scores: scores, most: 1 + below(count), overlap: 0.4, floor: 0.1)
    let none = builder.number(-1).expanded([n, classes, count])
    return none.replacing(at: kept, by: scores.elements(at: kept))
      .reshaped([n, classes, count, 1])
  }

  /// The graph, with every value that nothing else needs let out.
  func finished() -> (Graph, [String: Tensor]) {
    for (index, value) in values.dropFirst(2).enumerated() { builder.output("y\(index)", value) }
    return (builder.graph, inputs)
  }
}
