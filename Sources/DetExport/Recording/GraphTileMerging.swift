import DetModel
import DetTensor

/// `TileMerging` in operations at fixed sizes: what was found in the tiles of an image, made into what is in the image.
///
/// There pairs of pieces are joined one after another, by falling agreement, and two groups that hold pieces of one tile are never
/// joined. Here a round joins at once all pairs that are the best open one of either of their groups: what is joined before such a
/// pair leaves both groups as they are, and a pair whose groups share a tile stays closed, because groups only grow. A round that
/// joins nothing has therefore found what joining one after another finds. An object has a piece in each of few tiles, so that few
/// rounds do.
package struct GraphTileMerging {
  /// The objects of the image, [1, M, …] of M pieces.
  let objects: GraphDetections
  /// [1]: whether no piece was left out and the last round joined nothing, so that no more would be joined.
  let isSettled: GraphValue

  /// Rounds that are written; the last one only finds that nothing is left.
  static let rounds = 24
  /// The most pieces that may be compared, each with each: what TensorRT's TopK takes, and the numbers of their pairs are exact
  /// in 32 bits.
  package static let mostPieces = Graph.mostOfTopK

  /// Merges what was found in N tiles.
  ///
  /// - Parameters:
  ///   - found: in each tile, in its pixels.
  ///   - tiles: where they lie.
  ///   - most: how many pieces are compared at most, the surest ones.
  ///   - overlap: the intersection over union from which on two boxes are of one object.
  init(_ found: GraphDetections, _ tiles: GraphTiles, most: Int, overlap: Double) {
    let pieces = GraphPieces(found, tiles, most: most)
    let pairs = GraphPairs(pieces)
    let count = pieces.count
    let builder = found.boxes.builder
    let agreement = pairs.agreement.kept(
      where: pairs.agreement.greater(than: overlap), else: 0)
    let first = builder.places(count, shape: [1, count, 1], dtype: .float32)
    // Of equal pairs the first one comes first, by its smaller piece and then its larger: the largest of these numbers. What
    // finds places by itself (TopK, ArgMax) takes any of equal ones in some programs.
    let order =
      builder.number(0) - first.minimum(first.across) * Double(count) - first.maximum(first.across)
    // Of each piece the group, which is the first piece of it, and the tiles of that, [1, M, N].
    var group = first
    var tilesOfGroup = pieces.tile
    var isJoined = group.less(than: 0)
    for _ in 0..<Self.rounds {
      let isSame = group.equal(to: group.across)
      let shared = tilesOfGroup.matrixProduct(tilesOfGroup.permuted([0, 2, 1]))
      let value = agreement.kept(where: shared.less(than: 0.5), else: 0)
      let best = value.largest(along: 2).best(where: isSame, else: 0)
      let isThere = best.greater(than: 0)
      let number = order.kept(where: value.equal(to: best), else: Self.none).largest(along: 2)
        .best(where: isSame, else: Self.none)
      let pair = (builder.number(0) - number).kept(where: isThere, else: 0).to(.int64)
        .reshaped([1, count])
      let (one, two) = (pair.quotient(by: count), pair.remainder(by: count))
      func isBestOf(_ piece: GraphValue) -> GraphValue {
        number.rowsOfImages(at: piece).equal(to: number)
      }
      isJoined = isThere.and(isBestOf(one)).and(isBestOf(two))
      let joined = group.rowsOfImages(at: one).minimum(group.rowsOfImages(at: two))
      let tiles = tilesOfGroup.rowsOfImages(at: one) + tilesOfGroup.rowsOfImages(at: two)
      group = joined.kept(where: isJoined, else: group)
      tilesOfGroup = tiles.kept(where: isJoined, else: tilesOfGroup)
    }
    isSettled = isJoined.to(.float32).sum([1, 2]).less(than: 0.5)
      .and(found.counts.to(.float32).sum([0]).reshaped([1]).less(than: Double(count) + 0.5))
    objects = pieces.objects(of: group, isFirst: group.equal(to: first).and(pieces.isThere))
  }

  /// Less than the number of any pair.
  private static let none = -1e8
}

/// The detections of all tiles, one after another, or the surest of them: values are [1, M, …].
private struct GraphPieces {
  let count: Int
  let boxes: GraphValue  // [1, M, 4], in pixels of the image
  let scores: GraphValue  // [1, M, 1]
  let labels: GraphValue  // [1, M, 1] int64
  let isThere: GraphValue  // [1, M, 1]
  let fields: GraphValue  // [1, M, 4]
  let margin: GraphValue  // [1, M, 1]
  let tile: GraphValue  // [1, M, N]: 1 for the tile that a piece is of
  /// By side, left, top, right and bottom: whether the tile's edge cuts the piece there. [1, M, 1].
  let cuts: [GraphValue]
  let isWhole: GraphValue  // [1, M, 1]

  init(_ found: GraphDetections, _ tiles: GraphTiles, most: Int) {
    let builder = found.boxes.builder
    let (images, each) = (found.scores.shape[0], found.scores.shape[1])
    let all = images * each
    let count = min(all, most)
    let rows = found.scores.reshaped([1, all])
    let surest = count < all ? rows.largest(count).places : nil
    func chosen(_ value: GraphValue) -> GraphValue {
      surest.map { value.rowsOfImages(at: $0) } ?? value
    }
    func ofPieces(_ value: GraphValue) -> GraphValue {
      let size = value.shape[1]
      return chosen(
        value.reshaped([images, 1, size]).expanded([images, each, size]).reshaped([1, all, size]))
    }
    let boxes = chosen(tiles.placed(found.boxes).reshaped([1, all, 4]))
    let fields = ofPieces(tiles.fields)
    let (width, height) = (fields.side(2) - fields.side(0), fields.side(3) - fields.side(1))
    // An edge that is found is a little off.
    let margin = (width.maximum(height) * (1.0 / 64)).maximum(builder.number(2))
    let cuts = [
      fields.side(0).greater(than: 0).and(boxes.side(0).less(than: fields.side(0) + margin)),
      fields.side(1).greater(than: 0).and(boxes.side(1).less(than: fields.side(1) + margin)),
      fields.side(2).less(than: tiles.width)
        .and(boxes.side(2).greater(than: fields.side(2) - margin)),
      fields.side(3).less(than: tiles.height)
        .and(boxes.side(3).greater(than: fields.side(3) - margin)),
    ]
    let own = (0..<images).flatMap { tile in (0..<images).map { $0 == tile ? 1.0 : 0 } }
    self.count = count
    self.boxes = boxes
    self.fields = fields
    self.margin = margin
    self.cuts = cuts
    labels = chosen(found.labels.reshaped([1, all, 1]))
    scores = chosen(rows.reshaped([1, all, 1]))
    isThere = labels.to(.float32).greater(than: -0.5).and(width.greater(than: 0))
    tile = ofPieces(builder.numbers(own, shape: [images, images]))
    isWhole = cuts.dropFirst().reduce(cuts[0]) { $0.or($1) }.not()
  }

  /// One object for each group: its best piece that is not cut, or else the box around all, as sure as the surest.
  func objects(of group: GraphValue, isFirst: GraphValue) -> GraphDetections {
    let builder = boxes.builder
    let isSame = group.equal(to: group.across)
    let areWhole = isSame.and(isWhole.across)
    let wholeScore = scores.best(where: areWhole, else: -1)
    let isBestWhole = areWhole.and(scores.across.equal(to: wholeScore))
    let places = builder.places(count, shape: [1, count, 1], dtype: .float32)
    let hasWhole = wholeScore.greater(than: -0.5)
    // The first one of equal scores.
    let best = (builder.number(0) - places).best(where: isBestWhole, else: -Double(count))
    let place = (builder.number(0) - best).kept(where: hasWhole, else: 0).to(.int64)
    let whole = boxes.rowsOfImages(at: place.reshaped([1, count]))
    let far = 1e8
    let around = GraphValue.concatenated(
      (0..<4).map { side in
        let own = boxes.side(side)
        if side >= 2 { return own.best(where: isSame, else: -far) }
        return builder.number(0) - (builder.number(0) - own).best(where: isSame, else: -far)
      }, 2)
    let sure = scores.best(where: isSame, else: 0).kept(where: isFirst, else: -1)
    let (score, order) = sure.reshaped([1, count]).largest(count)
    let isObject = score.greater(than: -0.5)
    return GraphDetections(
      boxes: whole.kept(where: hasWhole, else: around).rowsOfImages(at: order)
        .kept(where: isObject.reshaped([1, count, 1]), else: 0),
      scores: score.kept(where: isObject, else: 0),
      labels: labels.rowsOfImages(at: order).reshaped([1, count]).kept(where: isObject, else: -1),
      counts: isObject.to(.int64).sum([1]))
  }
}

/// How far each two pieces agree that they are of one object.
private struct GraphPairs {
  /// [1, M, M]: from 0 to 1; 0 for pieces of one tile, of two classes, and for what is no piece.
  let agreement: GraphValue

  init(_ pieces: GraphPieces) {
    let zero = pieces.boxes.builder.number(0)
    let sides = (0..<4).map { pieces.boxes.side($0) }
    let fields = (0..<4).map { pieces.fields.side($0) }
    let shared = Self.common(fields, fields.map(\.across))
    let (width, height) = (shared[2] - shared[0], shared[3] - shared[1])
    let own = Self.common(sides, shared)
    let others = Self.common(sides.map(\.across), shared)
    // Tiles side by side without overlap share an edge: what it cuts agrees along it.
    func isCutEither(_ side: Int) -> GraphValue { pieces.cuts[side].or(pieces.cuts[side].across) }
    let isUpright = width.equal(to: zero)
    let isCutThere = isUpright.and(isCutEither(0)).and(isCutEither(2))
      .or(isUpright.not().and(isCutEither(1)).and(isCutEither(3)))
    let along = Self.along(own, others, axis: 1)
      .kept(where: isUpright, else: Self.along(own, others, axis: 0))
      .kept(where: isCutThere, else: 0)
    let reaches = width.atLeast(0).and(height.atLeast(0))
    let overlaps = width.greater(than: 0).and(height.greater(than: 0))
    let goesOn = Self.goesOn(pieces, sides, fields)
    let cutPieces = Self.overlap(own, others).kept(where: overlaps, else: along)
      .kept(where: reaches.and(goesOn).and(goesOn.permuted([0, 2, 1])), else: 0)
    let areWhole = pieces.isWhole.and(pieces.isWhole.across)
    let all = Self.overlap(sides, sides.map(\.across)).kept(where: areWhole, else: cutPieces)
    let isOneTile = pieces.tile.matrixProduct(pieces.tile.permuted([0, 2, 1])).greater(than: 0.5)
    agreement = all.kept(
      where: pieces.isThere.and(pieces.isThere.across).and(isOneTile.not())
        .and(pieces.labels.equal(to: pieces.labels.across)), else: 0)
  }

  /// Whether the piece of the row lies across every edge that cuts that of the column, and that its own tile reaches over.
  private static func goesOn(
    _ pieces: GraphPieces, _ sides: [GraphValue], _ fields: [GraphValue]
  ) -> GraphValue {
    let stops = (0..<4).map { side in
      let edge = fields[side].across
      let reachesOver =
        side < 2 ? fields[side].less(than: edge) : fields[side].greater(than: edge)
      let (low, high) = (sides[side % 2], sides[side % 2 + 2])
      let isBeside = low.greater(than: edge + pieces.margin)
        .or(high.less(than: edge - pieces.margin))
      return pieces.cuts[side].across.and(reachesOver).and(isBeside)
    }
    return stops.dropFirst().reduce(stops[0]) { $0.or($1) }.not()
  }

  /// The part of both boxes; its sides are negative where they are apart.
  private static func common(_ a: [GraphValue], _ b: [GraphValue]) -> [GraphValue] {
    (0..<4).map { $0 < 2 ? a[$0].maximum(b[$0]) : a[$0].minimum(b[$0]) }
  }

  /// Intersection over union; 0 for boxes without an area.
  private static func overlap(_ a: [GraphValue], _ b: [GraphValue]) -> GraphValue {
    func area(_ box: [GraphValue]) -> GraphValue { (box[2] - box[0]) * (box[3] - box[1]) }
    let both = common(a, b)
    let isThere = both[2].greater(than: both[0]).and(both[3].greater(than: both[1]))
    let common = area(both).kept(where: isThere, else: 0)
    return common / (area(a) + area(b) - common).kept(where: isThere, else: 1)
  }

  /// Intersection over union of the spans along an axis.
  private static func along(_ a: [GraphValue], _ b: [GraphValue], axis: Int) -> GraphValue {
    let (ends, others) = (a[axis].maximum(a[axis + 2]), b[axis].maximum(b[axis + 2]))
    let all = ends.maximum(others) - a[axis].minimum(b[axis])
    let both = ends.minimum(others) - a[axis].maximum(b[axis])
    let isThere = both.greater(than: 0).and(all.greater(than: 0))
    return both.kept(where: isThere, else: 0) / all.kept(where: isThere, else: 1)
  }
}

extension GraphValue {
  /// A value of every piece, [1, M, 1], as one of every column, [1, 1, M].
  fileprivate var across: GraphValue { reshaped([1, 1, shape[1]]) }

  /// A coordinate of boxes [1, M, 4] as [1, M, 1].
  fileprivate func side(_ number: Int) -> GraphValue { sliced(2, from: number, to: number + 1) }

  /// The largest value [1, M, 1] of the pieces that a row [1, M, M] names; for rows without any another.
  fileprivate func best(where mask: GraphValue, else other: Double) -> GraphValue {
    across.kept(where: mask, else: other).largest(along: 2)
  }

  fileprivate func less(than value: Double) -> GraphValue { less(than: builder.number(value)) }
}
