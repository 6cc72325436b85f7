/// What was found in the tiles of one image, made into what is in the image.
///
/// An object that lies in several tiles is found in each: whole where it fits, and otherwise cut at a tile's edge. Two
/// detections of a class are of one object when they come from different tiles and
/// - neither is cut, and they overlap each other as the detector's own suppression asks for, or
/// - one is cut, and in the part that both tiles see they overlap so, and the other goes on where the first is cut.
///
/// Of one object a detection that is not cut stays; without one, the box around its parts. It is as sure as the surest of
/// them. Detections of one tile are never of one object: suppression has judged them, and nested objects stay.
package struct TileMerging {
  /// A detection in pixels of the image, and how its tile cuts it.
  struct Piece {
    let found: Detection
    let tile: Int
    let field: Box
    let cut: Edges
    let margin: Float
  }

  /// Sides of a box.
  struct Edges: OptionSet {
    let rawValue: Int

    static let left = Edges(rawValue: 1)
    static let top = Edges(rawValue: 2)
    static let right = Edges(rawValue: 4)
    static let bottom = Edges(rawValue: 8)
  }

  private let image: Box
  private let overlap: Float
  private var pieces: [Piece] = []
  private var tiles = 0

  /// For an image of this size; `overlap` is the intersection over union from which on two boxes are of one object.
  package init(image: ImageSize, overlap: Double) {
    self.image = Box(x0: 0, y0: 0, x1: Float(image.width), y1: Float(image.height))
    self.overlap = Float(overlap)
  }

  /// Adds what was found in a tile, in pixels of the tile, which lies at `field` in the image.
  package mutating func add(_ found: [Detection], in field: Box) {
    // An edge that is found is a little off.
    let margin = max(2, max(field.width, field.height) / 64)
    for detection in found {
      let moved = detection.moved(x: field.x0, y: field.y0)
      pieces.append(
        Piece(
          found: moved, tile: tiles, field: field, cut: cut(moved.box, by: field, margin),
          margin: margin))
    }
    tiles += 1
  }

  /// The edges of a tile inside the image that a box touches.
  private func cut(_ box: Box, by field: Box, _ margin: Float) -> Edges {
    var edges: Edges = []
    if field.x0 > image.x0, box.x0 < field.x0 + margin { edges.insert(.left) }
    if field.y0 > image.y0, box.y0 < field.y0 + margin { edges.insert(.top) }
    if field.x1 < image.x1, box.x1 > field.x1 - margin { edges.insert(.right) }
    if field.y1 < image.y1, box.y1 > field.y1 - margin { edges.insert(.bottom) }
    return edges
  }

  /// The objects of the image, best first.
  package var objects: [Detection] {
    var groups = Groups(tiles: pieces.map(\.tile))
    for pair in pairs() { groups.join(pair.first, pair.second) }
    return groups.members.map { object(of: $0.map { pieces[$0] }) }
      .sorted { $0.score > $1.score }
  }

  /// Pieces that may be of one object, those that agree most first.
  private func pairs() -> [(first: Int, second: Int, agreement: Float)] {
    var pairs: [(first: Int, second: Int, agreement: Float)] = []
    for second in pieces.indices {
      for first in 0..<second
      where pieces[first].tile != pieces[second].tile
        && pieces[first].found.label == pieces[second].found.label
      {
        let agreement = pieces[first].agreement(with: pieces[second])
        if agreement > overlap { pairs.append((first, second, agreement)) }
      }
    }
    return pairs.sorted {
      ($1.agreement, $0.first, $0.second) < ($0.agreement, $1.first, $1.second)
    }
  }

  private func object(of pieces: [Piece]) -> Detection {
    let sure = pieces.max { $0.found.score < $1.found.score } ?? pieces[0]
    let whole = pieces.filter(\.cut.isEmpty).max { $0.found.score < $1.found.score }
    let around = pieces.dropFirst().reduce(pieces[0].found.box) { $0.union($1.found.box) }
    return Detection(
      box: whole?.found.box ?? around, label: sure.found.label, score: sure.found.score)
  }
}

extension TileMerging.Piece {
  /// How far two pieces of different tiles agree that they are of one object, from 0 to 1.
  func agreement(with other: Self) -> Float {
    if cut.isEmpty && other.cut.isEmpty { return found.box.agreement(with: other.found.box) }
    guard other.goesOn(from: self), goesOn(from: other) else { return 0 }
    let shared = field.intersection(other.field)
    let (own, others) = (
      found.box.intersection(shared), other.found.box.intersection(shared)
    )
    guard shared.width >= 0, shared.height >= 0 else { return 0 }
    if shared.width > 0, shared.height > 0 { return own.agreement(with: others) }
    // Tiles side by side without overlap share an edge: what it cuts agrees along it.
    let isCutThere =
      shared.width == 0
      ? (cut.union(other.cut)).isSuperset(of: [.left, .right])
      : (cut.union(other.cut)).isSuperset(of: [.top, .bottom])
    guard isCutThere else { return 0 }
    return shared.width == 0 ? own.rows(agreeingWith: others) : own.columns(agreeingWith: others)
  }

  /// Whether this piece lies across every edge that cuts another and that its own tile reaches over.
  private func goesOn(from other: Self) -> Bool {
    let (box, far) = (found.box, other.field)
    func crosses(_ edge: Float, _ low: Float, _ high: Float) -> Bool {
      low <= edge + margin && high >= edge - margin
    }
    if other.cut.contains(.left), field.x0 < far.x0, !crosses(far.x0, box.x0, box.x1) {
      return false
    }
    if other.cut.contains(.right), field.x1 > far.x1, !crosses(far.x1, box.x0, box.x1) {
      return false
    }
    if other.cut.contains(.top), field.y0 < far.y0, !crosses(far.y0, box.y0, box.y1) {
      return false
    }
    return !other.cut.contains(.bottom) || field.y1 <= far.y1
      || crosses(far.y1, box.y0, box.y1)
  }
}

/// Pieces by object; no two of an object are of one tile.
private struct Groups {
  private let tiles: [Int]
  private var group: [Int]
  private var all: [[Int]]

  init(tiles: [Int]) {
    self.tiles = tiles
    group = Array(tiles.indices)
    all = tiles.indices.map { [$0] }
  }

  mutating func join(_ first: Int, _ second: Int) {
    let (to, from) = (group[first], group[second])
    guard to != from else { return }
    let known = Set(all[to].map { tiles[$0] })
    guard known.isDisjoint(with: all[from].map { tiles[$0] }) else { return }
    for piece in all[from] { group[piece] = to }
    all[to] += all[from]
    all[from] = []
  }

  /// The groups, in the order of their first pieces.
  var members: [[Int]] { all.filter { !$0.isEmpty } }
}

extension Detection {
  fileprivate func moved(x: Float, y: Float) -> Detection {
    let shifted = Box(x0: box.x0 + x, y0: box.y0 + y, x1: box.x1 + x, y1: box.y1 + y)
    return Detection(box: shifted, label: label, score: score)
  }
}

extension Box {
  /// The box around both.
  fileprivate func union(_ other: Box) -> Box {
    Box(
      x0: min(x0, other.x0), y0: min(y0, other.y0), x1: max(x1, other.x1), y1: max(y1, other.y1))
  }

  /// The part of both; its sides are negative where they are apart.
  fileprivate func intersection(_ other: Box) -> Box {
    Box(
      x0: max(x0, other.x0), y0: max(y0, other.y0), x1: min(x1, other.x1), y1: min(y1, other.y1))
  }

  /// Intersection over union; 0 for boxes without an area.
  fileprivate func agreement(with other: Box) -> Float {
    let both = intersection(other)
    guard both.width > 0, both.height > 0 else { return 0 }
    let common = both.width * both.height
    return common / (width * height + other.width * other.height - common)
  }

  /// Intersection over union of the spans from top to bottom.
  fileprivate func rows(agreeingWith other: Box) -> Float {
    Self.agreement(y0...max(y0, y1), other.y0...max(other.y0, other.y1))
  }

  /// Intersection over union of the spans from left to right.
  fileprivate func columns(agreeingWith other: Box) -> Float {
    Self.agreement(x0...max(x0, x1), other.x0...max(other.x0, other.x1))
  }

  private static func agreement(_ span: ClosedRange<Float>, _ other: ClosedRange<Float>) -> Float {
    let low = min(span.lowerBound, other.lowerBound)
    let high = max(span.upperBound, other.upperBound)
    let common =
      min(span.upperBound, other.upperBound) - max(span.lowerBound, other.lowerBound)
    return high > low && common > 0 ? common / (high - low) : 0
  }
}
