import DetData
import DetModel
import Testing

@testable import DetTraining

/// Objects of one image, seen through its tiles: each comes out once, where it is.
@Suite struct TileMergingTests {
  private static let size = PixelSize(width: 280, height: 280)
  private static let image = ImageSize(width: 280, height: 280)

  private struct Object {
    let box: Box
    var label = 0
    var score: Float = 0.9

    init(_ x0: Float, _ y0: Float, _ x1: Float, _ y1: Float, label: Int = 0, score: Float = 0.9) {
      box = Box(x0: x0, y0: y0, x1: x1, y1: y1)
      self.label = label
      self.score = score
    }

    /// What a detector that makes no mistake finds of it in a tile, its surer tiles being the earlier ones.
    func seen(in tile: PixelRegion, number: Int) -> Detection? {
      let (left, top) = (Float(tile.x), Float(tile.y))
      let part = Box(
        x0: max(box.x0 - left, 0), y0: max(box.y0 - top, 0),
        x1: min(box.x1 - left, Float(tile.width)), y1: min(box.y1 - top, Float(tile.height)))
      guard part.width > 0, part.height > 0 else { return nil }
      return Detection(box: part, label: label, score: score - Float(number) * 0.01)
    }
  }

  /// What comes out of tiles of 160 pixels, `stride` apart.
  private func found(_ objects: [Object], stride: Int = 120) -> [Box] {
    let tiles = Tiling(size: 160, stride: stride).regions(of: Self.size)
    var merging = TileMerging(image: Self.image, overlap: 0.5)
    for (number, tile) in tiles.enumerated() {
      merging.add(objects.compactMap { $0.seen(in: tile, number: number) }, in: tile.box)
    }
    return merging.objects.map(\.box).sorted { ($0.x0, $0.y0, $0.x1) < ($1.x0, $1.y0, $1.x1) }
  }

  private func expectEachOnce(_ objects: [Object], strides: [Int] = [120, 100, 80]) {
    let wanted = objects.map(\.box).sorted { ($0.x0, $0.y0, $0.x1) < ($1.x0, $1.y0, $1.x1) }
    for stride in strides { #expect(found(objects, stride: stride) == wanted, "\(stride)") }
  }

  /// With a stride of 120, tiles are 0…160 and 120…280 either way.
  @Test(arguments: [
    ("inside one tile", Box(x0: 20, y0: 20, x1: 60, y1: 80)),
    ("inside the zone of two", Box(x0: 125, y0: 20, x1: 155, y1: 60)),
    ("cut by the right edge of the first", Box(x0: 130, y0: 20, x1: 190, y1: 60)),
    ("cut by the left edge of the second", Box(x0: 90, y0: 20, x1: 150, y1: 60)),
    ("larger than the zone", Box(x0: 60, y0: 20, x1: 230, y1: 60)),
    ("larger than the zone, upright", Box(x0: 20, y0: 60, x1: 60, y1: 230)),
    ("on the corner of four, larger than the zone", Box(x0: 90, y0: 95, x1: 200, y1: 210)),
    ("on the corner of four, inside the zone", Box(x0: 124, y0: 124, x1: 156, y1: 156)),
    ("on the corner of four, whole in one", Box(x0: 130, y0: 130, x1: 200, y1: 200)),
    ("as large as the image", Box(x0: 0, y0: 0, x1: 280, y1: 280)),
  ])
  func anObjectIsFoundOnce(name: String, box: Box) {
    expectEachOnce([Object(box.x0, box.y0, box.x1, box.y1)])
  }

  @Test func anObjectIsAsSureAsTheSurestOfItsParts() {
    var merging = TileMerging(image: Self.image, overlap: 0.5)
    let tiles = Tiling(size: 160, stride: 120).regions(of: Self.size)
    let whole = Detection(box: Box(x0: 10, y0: 20, x1: 70, y1: 60), label: 0, score: 0.4)
    let part = Detection(box: Box(x0: 130, y0: 20, x1: 160, y1: 60), label: 0, score: 0.8)
    merging.add([part], in: tiles[0].box)
    merging.add([whole], in: tiles[1].box)
    let expected = Detection(
      box: Box(x0: 130, y0: 20, x1: 190, y1: 60), label: 0, score: 0.8)
    #expect(merging.objects == [expected])
  }

  /// Containment says nothing: an apple in a box, a window in a house.
  @Test func nestedObjectsStay() {
    expectEachOnce([Object(10, 10, 100, 100), Object(30, 30, 60, 60)])
    expectEachOnce([Object(100, 20, 200, 120), Object(126, 40, 154, 70)])
    // Both are cut by the first tile's right edge.
    expectEachOnce([Object(100, 20, 230, 140), Object(135, 50, 190, 90)])
    // The inner one reaches from the zone's middle to the outer one's part in the second tile.
    expectEachOnce([Object(60, 20, 250, 150), Object(140, 30, 240, 60)], strides: [120])
  }

  @Test func neighboursAcrossAnEdgeStayTwo() {
    // One ends where the other begins, at the first tile's edge.
    expectEachOnce([Object(125, 20, 160, 60), Object(160, 20, 200, 60)], strides: [120])
    // Two above each other, both cut.
    expectEachOnce([Object(90, 20, 200, 55), Object(90, 60, 200, 95)])
    expectEachOnce([Object(90, 20, 150, 60), Object(130, 70, 200, 110)])
  }

  @Test func otherClassesAreOtherObjects() {
    let pair = [Object(130, 20, 190, 60), Object(130, 20, 190, 60, label: 1)]
    #expect(found(pair).count == 2)
  }

  /// What the detector's own suppression let pass in a tile stays, cut or not.
  @Test func detectionsOfOneTileNeverSuppressEachOther() {
    var merging = TileMerging(image: Self.image, overlap: 0.5)
    let tile = Tiling(size: 160, stride: 120).regions(of: Self.size)[0]
    let boxes = [
      Box(x0: 100, y0: 10, x1: 160, y1: 50), Box(x0: 104, y0: 12, x1: 160, y1: 54),
      Box(x0: 20, y0: 10, x1: 60, y1: 50), Box(x0: 22, y0: 12, x1: 60, y1: 52),
    ]
    merging.add(boxes.map { Detection(box: $0, label: 0, score: 0.5) }, in: tile.box)
    #expect(merging.objects.count == 4)
  }

  /// Two that overlap much in one tile pair with two in the next: the best pairs first, and no third.
  @Test func twinsStayTwins() {
    expectEachOnce([Object(124, 20, 150, 60), Object(128, 24, 156, 62)], strides: [120])
    expectEachOnce([Object(100, 20, 190, 60), Object(104, 30, 198, 74)], strides: [120])
  }

  /// Without overlap parts are joined along the edge that cuts them.
  @Test func tilesWithoutOverlapAreJoinedAtTheirEdge() {
    let tiles = Tiling(size: 140).regions(of: Self.size)
    #expect(tiles.map(\.x) == [0, 140, 0, 140])
    func found(_ objects: [Object]) -> [Box] {
      var merging = TileMerging(image: Self.image, overlap: 0.5)
      for (number, tile) in tiles.enumerated() {
        merging.add(objects.compactMap { $0.seen(in: tile, number: number) }, in: tile.box)
      }
      return merging.objects.map(\.box)
    }
    for object in [
      Object(100, 20, 200, 60), Object(20, 100, 60, 200), Object(90, 100, 210, 190),
    ] {
      #expect(found([object]) == [object.box])
    }
    // On one line, but not at the edge; both are cut below.
    #expect(found([Object(20, 100, 60, 200), Object(200, 100, 240, 200)]).count == 2)
    #expect(found([Object(100, 20, 140, 60), Object(180, 20, 220, 60)]).count == 2)
  }

  /// A detector is a pixel or two off.
  @Test func edgesThatAreALittleOffAreTakenForEdges() {
    var merging = TileMerging(image: Self.image, overlap: 0.5)
    let tiles = Tiling(size: 160, stride: 120).regions(of: Self.size)
    merging.add(
      [Detection(box: Box(x0: 61, y0: 20, x1: 158.5, y1: 61), label: 0, score: 0.7)],
      in: tiles[0].box)
    merging.add(
      [Detection(box: Box(x0: 1, y0: 19, x1: 110, y1: 60), label: 0, score: 0.6)], in: tiles[1].box)
    #expect(merging.objects.map(\.box) == [Box(x0: 61, y0: 19, x1: 230, y1: 61)])
  }
}
