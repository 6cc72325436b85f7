import DetBasics
public import DetData
import DetMetrics
public import DetModel
import DetNN
public import DetSpec
import DetTask
public import DetTensor

/// Detections of a whole data set, their accuracy, and what they cost.
public final class Validation {
  private let dataset: Dataset
  private let loader: Loader
  private let team: any Team
  private let gate: ComputeGate?
  private let truth: GroundTruth
  private let limits: [Int]

  /// What a detector found on the data set, and how accurate it is.
  public struct Result {
    /// `AP`, `AP50`, … by name, for those that the data set has truth for.
    public let metrics: [String: Double]
    /// Per image of the data set, in pixels of the image, best first.
    public let detections: [[Detection]]
  }

  /// Evaluates on a data set, with images fitted into the design's input.
  ///
  /// All detections that a recipe keeps are judged: `detectionsPerImage` of them, and not fewer than COCO's 100.
  public init(
    dataset: Dataset, input: InputSize, detectionsPerImage: Int = 100, team: any Team = Alone(),
    gate: ComputeGate? = nil
  ) throws {
    guard !dataset.samples.isEmpty else {
      throw TrainingError.data("the validation set has no images; check its annotations")
    }
    self.dataset = dataset
    self.gate = gate
    self.team = team
    limits = [1, 10, max(100, detectionsPerImage)]
    loader = Loader(dataset: dataset, configuration: .single(input), threads: 1)
    truth = try GroundTruth(dataset)
  }

  /// Detects on every image and measures the accuracy.
  ///
  /// In a team every rank detects on its share of the images, and rank 0 gets all detections and measures; the others
  /// learn no accuracy.
  ///
  /// - Throws: ``TrainingError/interrupted`` when `shouldStop` says so between two images.
  public func evaluate(
    _ detector: Detector, shouldStop: () -> Bool = { false }
  ) throws -> Result {
    var detections: [[Detection]] = []
    let batches = own.batches()
    var isStopped = false
    while let batch = try batches.next() {
      isStopped = shouldStop()
      if isStopped { break }
      detections += try gate.sharing { try Self.detect(batch, detector) }
    }
    if try team.isTrueAnywhere(isStopped) { throw TrainingError.interrupted }
    let all = try team.gather(detections: detections)
    return Result(metrics: team.isFirst ? try metrics(of: all) : [:], detections: all)
  }

  /// Loads this rank's share of the images.
  private var own: Loader {
    if team.isAlone { return loader }
    let share = dataset.samples.enumerated().filter { $0.offset % team.count == team.rank }
    return Loader(
      dataset: Dataset(
        name: dataset.name, categories: dataset.categories, samples: share.map(\.element)),
      configuration: loader.configuration, threads: loader.threads)
  }

  /// The accuracy of detections, one list per image of the data set; boxes that are ignored count neither way.
  ///
  /// With `images` only those count.
  package func metrics(
    of detections: [[Detection]], onlyImages images: [Int]? = nil
  ) throws -> [String: Double] {
    // A number without truth to measure against (no large object, say) is -1, and left out.
    let named = try evaluator(of: detections, onlyImages: images).finish().namedNumbers
      .filter { $0.value >= 0 }
    return Dictionary(uniqueKeysWithValues: named.map { ($0.name, $0.value) })
  }

  /// Right and wrong detections of each class at IoU 0.5, for scores from 0 to 1 in steps of a hundredth.
  func counts(of result: Result) throws -> [ScoreCounts] {
    try evaluator(of: result.detections).counts(atScores: (0...100).map { Double($0) / 100 })
  }

  /// The evaluator that has seen the detections.
  func evaluator(
    of detections: [[Detection]], onlyImages images: [Int]? = nil
  ) throws -> COCOEvaluator {
    var parameters = COCOParameters()
    parameters.leavesIgnoredOut = true
    parameters.detectionLimits = limits
    var part = dataset
    if let images { part.samples = images.map { dataset.samples[$0] } }
    var evaluator = COCOEvaluator(
      truth: images == nil ? truth : try GroundTruth(part), parameters: parameters)
    for index in images ?? Array(dataset.samples.indices) {
      let sample = dataset.samples[index]
      try evaluator.add(
        image: sample.imageID, detections: detections[index].map { entry($0, sample) })
    }
    return evaluator
  }

  private func entry(_ found: Detection, _ sample: Sample) -> DetectionEntry {
    DetectionEntry(
      imageID: sample.imageID, categoryID: dataset.categories[found.label].id,
      box: COCOBox(
        x0: Double(found.box.x0), y0: Double(found.box.y0), x1: Double(found.box.x1),
        y1: Double(found.box.y1)),
      score: Double(found.score))
  }

  /// Writes detections in COCO's results format.
  public func write(_ detections: [[Detection]], to path: String) throws {
    let entries = zip(dataset.samples, detections).flatMap { sample, found in
      found.map { entry($0, sample) }
    }
    try COCOResultsFile.write(entries, to: path)
  }

  /// Detections of a batch, in pixels of the data set's images.
  static func detect(_ batch: Batch, _ detector: Detector) throws -> [[Detection]] {
    let images = try batch.tensor(on: detector.store.device)
    let found = withoutGradient { detector.detect(images, sizes: batch.imageSizes) }
    return zip(batch.images, found).map { image, detections in
      detections.map { $0.scaled(x: 1 / image.scaleX, y: 1 / image.scaleY) }
    }
  }

  /// Measures single-image runs over real images; nil when a time was not finite.
  public func costs(of detector: Detector, _ meter: LatencyMeter) throws -> InferenceCosts? {
    InferenceCosts(of: try TimedDetector(detector, loader), meter, gate: gate)
  }

  /// Bytes that this process holds at the most while it detects in single images; nil where they cannot be measured.
  func memory(of detector: Detector, _ settings: LatencySettings) throws -> Double? {
    InferenceCosts.memory(of: try TimedDetector(detector, loader), settings, gate: gate)
  }
}

extension Validation {
  /// Lower scores count in the metrics, and would hide the image in a picture.
  private static let pictureScoreFloor: Float = 0.3

  /// Detections beside the truth on the image with the most to find, for people.
  public func picture(of result: Result, title: String) throws -> PixelImage {
    let busiest = dataset.samples.indices.max { left, right in
      dataset.samples[left].objects.count < dataset.samples[right].objects.count
    }
    let index = busiest ?? 0
    let sample = dataset.samples[index]
    let names = dataset.categories.map(\.name)
    let image = try sample.picture()
    let truth = sample.objects.map { DrawnBox($0, classes: names) }
    let sure = result.detections[index].filter { $0.score >= Self.pictureScoreFloor }
    let found = sure.map { DrawnBox($0, classes: names) }
    let picture = Picture(
      title: title,
      panels: [
        .init(image: image, title: "truth: \(truth.count)", boxes: truth),
        .init(
          image: image, title: "found: \(found.count) (score at least \(Self.pictureScoreFloor))",
          boxes: found),
      ])
    return try picture.rendered()
  }
}
