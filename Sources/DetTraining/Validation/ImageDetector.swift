public import DetData
public import DetModel
import DetNN
import DetSpec
import DetTensor

/// A trained detector for images of any size.
///
/// A detector that was trained on tiles sees tiles: the image is cut as its training images were, and an object that lies
/// in several tiles is one again.
public final class ImageDetector {
  /// The description in the weights' file.
  public let checkpoint: Checkpoint
  private let detector: Detector
  private let tiles: Tiling?

  /// Reads a file that a training or a run wrote. `tiles` replaces how the training images were cut.
  public init(path: String, tiles: Tiling? = nil) throws {
    (checkpoint, detector) = try Checkpoint.detector(path)
    self.tiles = tiles ?? checkpoint.tiles
  }

  /// The objects in an image file, best first, in pixels of the image.
  public func detect(_ path: String) throws -> [Detection] {
    let sample = Sample(
      imageID: 1, content: .file(path), imageSize: try ImageFile.size(path))
    let whole = Dataset(
      name: path,
      categories: zip(checkpoint.categoryIDs, checkpoint.classes).map {
        Category(id: $0, name: $1)
      }, samples: [sample])
    let dataset = tiles.map { whole.tiled($0) } ?? whole
    let loader = Loader(
      dataset: dataset, configuration: .single(checkpoint.design.input), threads: 1)
    let batches = loader.batches()
    var found: [[Detection]] = []
    while let batch = try batches.next() { found += try Validation.detect(batch, detector) }
    guard tiles != nil else { return found.flatMap { $0 } }
    return TileLayout(of: dataset.samples, in: sample)
      .objects(found, overlap: checkpoint.recipe.detection.suppressionIoU)
  }
}

extension TileLayout {
  /// The layout of an image's tiles; a tile that is no part is all of it.
  package init<Tiles: Sequence>(of tiles: Tiles, in image: Sample) where Tiles.Element == Sample {
    let whole = PixelRegion(x: 0, y: 0, width: image.width, height: image.height)
    self.init(
      image: ImageSize(width: image.width, height: image.height),
      fields: tiles.map { ($0.region ?? whole).box })
  }
}

extension PixelRegion {
  /// Its edges.
  var box: Box {
    Box(x0: Float(x), y0: Float(y), x1: Float(x + width), y1: Float(y + height))
  }
}
