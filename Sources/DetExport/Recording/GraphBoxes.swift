import DetModel
import DetTensor

// Boxes [.., 4] as x0 y0 x1 y1, in float32.
extension GraphValue {
  /// The boxes that deltas lead to from these; both [.., 4], or shapes that are broadcast to that.
  func decoded(_ deltas: GraphValue, _ coder: BoxCoder) -> GraphValue {
    let axis = shape.count - 1
    let low = sliced(axis, from: 0, to: 2)
    let size = sliced(axis, from: 2, to: 4) - low
    let middle = low + size * 0.5
    let last = deltas.shape.count - 1
    func deviations(_ part: Range<Int>) -> GraphValue {
      builder.numbers(Array(coder.deviations[part]), shape: [2])
    }
    let moves = deltas.sliced(last, from: 0, to: 2) * deviations(0..<2)
    let growth = (deltas.sliced(last, from: 2, to: 4) * deviations(2..<4))
      .minimum(builder.number(Composition.mostGrowth))
    let centre = middle + moves * size
    let half = growth.exp() * size * 0.5
    return .concatenated([centre - half, centre + half], max(axis, last))
  }

  /// These boxes within their images, whose limits are [N, 1 …, 4] as width, height, width, height.
  func clipped(to limits: GraphValue) -> GraphValue {
    maximum(builder.number(0)).minimum(limits)
  }

  /// Where both sides are at least so long, [..].
  func hasSides(atLeast smallest: Double) -> GraphValue {
    let axis = shape.count - 1
    func side(_ from: Int) -> GraphValue {
      (sliced(axis, from: from + 2, to: from + 3) - sliced(axis, from: from, to: from + 1))
        .reshaped(Array(shape.dropLast()))
    }
    return side(0).atLeast(smallest).and(side(1).atLeast(smallest))
  }

  /// A head's map [N, shapes · each, H, W] as one row for every anchor, [N, H · W · shapes, each], in float32.
  func anchorRows(each: Int) -> GraphValue {
    let (images, cells) = (shape[0], shape[2] * shape[3])
    return to(.float32).permuted([0, 2, 3, 1])
      .reshaped([images, cells * shape[1] / each, each])
  }
}

/// The sizes of the images themselves in a padded batch.
struct GraphExtents {
  /// [N, 4]: width, height, width, height.
  let limits: GraphValue

  /// From sizes [N, 2] int64, height and width.
  init(_ sizes: GraphValue) {
    let own = sizes.to(.float32)
    let (height, width) = (own.sliced(1, from: 0, to: 1), own.sliced(1, from: 1, to: 2))
    limits = .concatenated([width, height, width, height], 1)
  }

  /// The limits for values with so many dimensions between images and coordinates.
  func limits(between count: Int) -> GraphValue {
    limits.reshaped([limits.shape[0]] + Array(repeating: 1, count: count) + [4])
  }
}
