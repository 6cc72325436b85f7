import DetData
import DetModel
import DetNN
import DetTensor

/// A detector with images in memory, in which it detects in turn.
struct TimedDetector {
  let detector: Detector
  private let inputs: [Input]
  private static let mostImages = 16

  /// An image with what a detector at the full load has to do in it.
  private struct Input {
    let images: Tensor  // [1, 3, H, W]
    let sizes: [ImageSize]
    let load: DetectionLoad
  }

  /// The detector with the first images of a loader that gives them one by one.
  init(_ detector: Detector, _ loader: Loader) throws {
    self.detector = detector
    var inputs: [Input] = []
    let batches = loader.batches()
    while inputs.count < Self.mostImages, let batch = try batches.next() {
      let images = try batch.tensor(on: detector.store.device)
      let load = withoutGradient { detector.fullLoad(images, sizes: batch.imageSizes) }
      inputs.append(Input(images: images, sizes: batch.imageSizes, load: load))
    }
    self.inputs = inputs
  }

  /// Detects in one of the images; `run` counts the calls.
  func detect(_ run: Int, atFullLoad: Bool) {
    let input = inputs[run % inputs.count]
    withoutGradient {
      _ = detector.detect(
        input.images, sizes: input.sizes, load: atFullLoad ? input.load : nil)
    }
  }
}
