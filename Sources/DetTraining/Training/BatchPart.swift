import DetData
import DetModel
import DetTensor

/// Images of a batch that are computed at once; the gradients of all parts make up the batch's.
struct BatchPart {
  /// The whole.
  let batch: Batch
  /// Which of its images.
  let images: Range<Int>

  /// Whether it is the last part.
  var isLast: Bool { images.upperBound == batch.count }

  /// The first image's place in the whole batch of all ranks.
  var firstImage: Int { batch.firstImage + images.lowerBound }

  /// The share of the batch's images: what the part's mean loss counts for in the batch's.
  var share: Double { Double(images.count) / Double(batch.count) }

  /// The pixels, [n, 3, H, W] float32, padded as in the batch.
  func tensor(on device: Device) throws -> Tensor {
    let count = 3 * batch.width * batch.height
    let tensor = batch.withPixels { pixels in
      let own = UnsafeBufferPointer(
        rebasing: pixels[images.lowerBound * count..<images.upperBound * count])
      return Tensor.copying(
        bytes: UnsafeRawBufferPointer(own),
        shape: [images.count, 3, batch.height, batch.width], dtype: .float32)
    }
    return device == .cpu ? tensor : try tensor.to(device)
  }

  /// What there is to learn in each image.
  var truths: [ImageTargets] { batch.images[images].map(\.targets) }

  /// The parts of the padded images that hold the images themselves.
  var sizes: [ImageSize] {
    batch.images[images].map { ImageSize(width: $0.resized.width, height: $0.resized.height) }
  }

  /// The classes of the images.
  var labels: [Int] { Array(batch.labels[images]) }
}

extension Batch {
  /// The batch in as few parts as `most` images at once allow, about equally large.
  func parts(of most: Int) -> [BatchPart] {
    let parts = max(1, (count + most - 1) / max(1, most))
    return (0..<parts).map {
      BatchPart(batch: self, images: count * $0 / parts..<count * ($0 + 1) / parts)
    }
  }
}
