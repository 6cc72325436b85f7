import DetBasics
public import DetData
import DetMetrics
public import DetModel
public import DetSpec
import DetTensor

/// Detections of a whole data set, their accuracy, and the time they take.
public final class Validation {
  private let dataset: Dataset
  private let loader: Loader
  private let gate: ComputeGate?
  private let truth: CocoTruth

  /// What a detector came to on the data set.
  public struct Result {
    /// `AP`, `AP50`, … by name, for those that the data set has truth for.
    public let metrics: [String: Double]
    /// Per image of the data set, in pixels of the image, best first.
    public let detections: [[DetModel.Detection]]
  }

  /// Judges on a data set, with images fitted into the design's input.
  public init(dataset: Dataset, input: InputSize, gate: ComputeGate? = nil) throws {
    guard !dataset.samples.isEmpty else {
      throw TrainingError.data("the validation set has no images; check its annotations")
    }
    self.dataset = dataset
    self.gate = gate
    loader = Loader(dataset: dataset, configuration: .single(input), threads: 1)
    truth = try CocoTruth(dataset)
  }

  /// Detects on every image and measures the accuracy.
  public func evaluate(_ detector: Detector) throws -> Result {
    var detections: [[DetModel.Detection]] = []
    let batches = loader.batches()
    while let batch = try batches.next() {
      detections += try gate.sharing { try Self.detect(batch, detector) }
    }
    let evaluator = CocoEvaluator(truth: truth)
    for (sample, found) in zip(dataset.samples, detections) {
      evaluator.add(image: sample.imageID, detections: found.map { result($0) })
    }
    return Result(metrics: evaluator.finish().metrics, detections: detections)
  }

  /// Detections of a batch, in pixels of the data set's images.
  static func detect(_ batch: Batch, _ detector: Detector) throws -> [[DetModel.Detection]] {
    let images = try batch.tensor(on: detector.store.device)
    let found = withoutGradient { detector.detect(images, sizes: batch.imageSizes) }
    return zip(batch.images, found).map { image, detections in
      detections.map { $0.scaled(x: 1 / image.scaleX, y: 1 / image.scaleY) }
    }
  }

  /// Times single-image runs over real images, from the pixels in memory to the detections.
  public func latency(of detector: Detector, _ meter: LatencyMeter) throws -> LatencySummary? {
    var inputs: [(Tensor, [ImageSize])] = []
    let batches = loader.batches()
    while inputs.count < 16, let batch = try batches.next() {
      inputs.append((try batch.tensor(on: detector.store.device), batch.imageSizes))
    }
    return meter.measure { run in
      let (images, sizes) = inputs[run % inputs.count]
      withoutGradient { _ = detector.detect(images, sizes: sizes) }
    }
  }
}
