import DetTensor

/// Greedy suppression in plain operations at fixed sizes, for devices that have no operator for it.
///
/// A box is kept when no better box that is kept overlaps it too far. Here all are kept at first, and round by round each is
/// judged anew by what the round before kept. What the best k boxes of a chain are, in which each overlaps the next, is right
/// after k rounds and stays: a round that changes nothing has found what suppression one after another finds, and nothing else
/// is left as it is by a round. Chains are short where scores are not in the order of places (Blelloch et al. 2012, "Greedy
/// sequential maximal independent set and matching are parallel on average").
struct GraphSuppression {
  /// [N, n]: which boxes are kept.
  let isKept: GraphValue
  /// [N]: whether the last round changed nothing, so that no other boxes would be kept.
  let isSettled: GraphValue

  /// Rounds that are written. An even number: what is not settled after them is kept rather than dropped.
  static let rounds = 32

  /// Suppresses boxes.
  ///
  /// - Parameters:
  ///   - boxes: [N, n, 4], by falling score.
  ///   - candidates: [N, n]: false for rows that are no boxes.
  ///   - overlap: intersection over union beyond which the worse of two is dropped.
  init(_ boxes: GraphValue, _ candidates: GraphValue, overlap: Double) {
    let builder = boxes.builder
    let (images, count) = (boxes.shape[0], boxes.shape[1])
    let drops = Self.drops(boxes, overlap: overlap)
    var before = candidates.to(.float32)
    var kept = before
    for _ in 0..<Self.rounds {
      before = kept
      let better = drops.matrixProduct(before.reshaped([images, count, 1]))
      kept = candidates.and(
        better.reshaped([images, count]).less(than: builder.number(0.5))
      ).to(.float32)
    }
    isKept = kept.greater(than: 0.5)
    let change = kept - before
    isSettled = (change * change).sum([1]).less(than: builder.number(0.5))
  }

  /// [N, n, n]: 1 where the box of the column comes before that of the row and overlaps it too far, else 0.
  private static func drops(_ boxes: GraphValue, overlap: Double) -> GraphValue {
    let builder = boxes.builder
    let (images, count) = (boxes.shape[0], boxes.shape[1])
    func side(_ axis: Int) -> (low: GraphValue, high: GraphValue) {
      (boxes.sliced(2, from: axis, to: axis + 1), boxes.sliced(2, from: axis + 2, to: axis + 3))
    }
    func across(_ value: GraphValue) -> GraphValue { value.reshaped([images, 1, count]) }
    func common(_ axis: Int) -> GraphValue {
      let (low, high) = side(axis)
      return (high.minimum(across(high)) - low.maximum(across(low))).maximum(builder.number(0))
    }
    let (x, y) = (side(0), side(1))
    let area = (x.high - x.low) * (y.high - y.low)
    let both = common(0) * common(1)
    let union = area + across(area) - both
    let isBetter = builder.places(count, shape: [1, 1, count])
      .less(than: builder.places(count, shape: [1, count, 1]))
    return both.greater(than: union * overlap).and(isBetter).to(.float32)
  }
}
