public import DetData
public import DetModel
import DetNN
import DetSpec
import DetTensor

/// A trained detector for images of any size.
///
/// A detector that was trained on tiles sees tiles: the image is cut as its training images were, and what was
/// found twice where tiles overlap is kept once.
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
    var found: [Detection] = []
    var index = 0
    while let batch = try batches.next() {
      let region = dataset.samples[index].region
      let x = Float(region?.x ?? 0)
      let y = Float(region?.y ?? 0)
      for detection in try Validation.detect(batch, detector).flatMap({ $0 }) {
        found.append(detection.moved(x: x, y: y))
      }
      index += 1
    }
    return tiles == nil
      ? found : found.suppressed(overlap: checkpoint.recipe.detection.suppressionIoU)
  }
}

extension Detection {
  func moved(x: Float, y: Float) -> Detection {
    let shifted = Box(x0: box.x0 + x, y0: box.y0 + y, x1: box.x1 + x, y1: box.y1 + y)
    return Detection(box: shifted, label: label, score: score)
  }
}

extension [Detection] {
  /// The detections, best first, without those that overlap a better one of their class by more than `overlap`.
  ///
  /// Overlap is the shared part of the smaller box: a tile's edge cuts objects, and a part of one is found twice.
  func suppressed(overlap: Double) -> [Detection] {
    var kept: [Detection] = []
    for candidate in sorted(by: { $0.score > $1.score }) {
      let isTaken = kept.contains {
        $0.label == candidate.label && Double($0.box.overlap(candidate.box)) > overlap
      }
      if !isTaken { kept.append(candidate) }
    }
    return kept
  }
}

extension Box {
  /// The shared area over the smaller of the two areas.
  func overlap(_ other: Box) -> Float {
    let width = min(x1, other.x1) - max(x0, other.x0)
    let height = min(y1, other.y1) - max(y0, other.y0)
    guard width > 0, height > 0 else { return 0 }
    let smaller = min(self.width * self.height, other.width * other.height)
    return smaller > 0 ? width * height / smaller : 0
  }
}
