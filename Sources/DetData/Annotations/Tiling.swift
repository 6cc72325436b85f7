import DetBasics

/// Cutting large images into square tiles that overlap.
public struct Tiling: Sendable, Hashable, Codable {
  /// Side of a tile in pixels.
  public internal(set) var size: Int
  /// Distance between the left (upper) edges of neighbours; the last tile ends at the image's edge.
  public internal(set) var stride: Int
  /// A box is an object of a tile when more than this share of its area is inside; less of it is ignored there, neither
  /// object nor background.
  public internal(set) var keep: Double

  /// Tiles of `size` pixels, `stride` apart (default: `size`, no overlap).
  public init(size: Int, stride: Int? = nil, keep: Double = 0.5) {
    self.size = size
    self.stride = stride ?? size
    self.keep = keep
  }

  /// The tiles of an image, row by row. A side shorter than a tile gives one tile of that side.
  public func regions(of image: PixelSize) -> [PixelRegion] {
    let width = min(size, image.width)
    let height = min(size, image.height)
    let columns = starts(length: image.width)
    return starts(length: image.height).flatMap { y in
      columns.map { PixelRegion(x: $0, y: y, width: width, height: height) }
    }
  }

  /// 0, stride, 2 * stride, …, and last the start from which a tile ends at the edge.
  private func starts(length: Int) -> [Int] {
    guard length > size else { return [0] }
    let last = length - size
    return Array(Swift.stride(from: 0, to: last, by: stride)) + [last]
  }

  /// The sample's tiles with their boxes; every box that a tile it touches ignores is written down.
  func cut(_ sample: Sample, firstID: Int64, into repairs: inout [Repair]) -> [Sample] {
    regions(of: sample.size).enumerated().map { index, region in
      var tile = sample
      tile.imageID = firstID + Int64(index)
      tile.region = PixelRegion(
        x: region.x + (sample.region?.x ?? 0), y: region.y + (sample.region?.y ?? 0),
        width: region.width, height: region.height)
      tile.boxes = sample.boxes.compactMap { box in
        var part = Self.part(of: box, inside: region)
        guard part.hasArea else { return nil }
        if box.isIgnored || part.boxArea > keep * box.boxArea { return part }
        part.isIgnored = true
        repairs.append(
          Repair(
            kind: .boxCutByTile, place: tile.place,
            detail: "the box \(BoxIntake.words(box)) of the image has only "
              + "\((100 * part.boxArea / box.boxArea).fixed(0))% of its area in this tile"))
        return part
      }
      return tile
    }
  }

  private static func part(of box: LabelledBox, inside region: PixelRegion) -> LabelledBox {
    var part = box.mapped(x: -Double(region.x), y: -Double(region.y), scaleX: 1, scaleY: 1)
      .clipped(width: Double(region.width), height: Double(region.height))
    part.area = box.area.map { $0 * part.boxArea / box.boxArea }
    return part
  }
}

extension Dataset {
  /// The data set cut into tiles, which are numbered 1, 2, 3, … in the order of the samples.
  public func tiled(_ tiling: Tiling) -> Dataset {
    var result = self
    result.samples = []
    for sample in samples {
      let tiles = tiling.cut(
        sample, firstID: Int64(result.samples.count) + 1, into: &result.repairs)
      result.samples += tiles
    }
    result.numberBoxes()
    return result
  }

  /// Gives every box its own number, 1, 2, 3, …, in the order of the samples.
  mutating func numberBoxes() {
    var next: Int64 = 1
    for index in samples.indices {
      for box in samples[index].boxes.indices {
        samples[index].boxes[box].id = next
        next += 1
      }
    }
  }
}
