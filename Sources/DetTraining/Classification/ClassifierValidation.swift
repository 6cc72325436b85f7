public import DetData
public import DetModel
import DetNN
public import DetSpec
public import DetTensor

/// How often a classifier is right on images that it did not learn from.
public final class ClassifierValidation {
  private let loader: Loader
  private let team: any Team

  /// Evaluates on the middle of every image; in a team each rank on its share of them.
  ///
  /// - Throws: ``TrainingError/data(_:)`` when there is no image.
  public init(
    dataset: Dataset, input: InputSize, batch: Int, team: any Team = Alone(),
    loadingThreads: Int = 1
  ) throws {
    guard !dataset.samples.isEmpty else {
      throw TrainingError.data("there are no images to judge on; give every class some")
    }
    self.team = team
    var configuration = LoaderConfiguration.classificationTest(
      input: PixelSize(width: input.width, height: input.height), batchSize: batch)
    if !team.isAlone { configuration.share = BatchShare(team.rank, of: team.count) }
    loader = Loader(dataset: dataset, configuration: configuration, threads: loadingThreads)
  }

  /// The share of images whose class has the highest score, `top1`, and one of the five highest, `top5`.
  ///
  /// - Throws: ``TrainingError/interrupted`` when `shouldStop` says so between two batches.
  public func evaluate(
    _ classifier: ImageClassifier, shouldStop: () -> Bool = { false }
  ) throws -> [String: Double] {
    let mode = classifier.store.mode
    classifier.store.mode = .evaluation
    defer { classifier.store.mode = mode }
    var (first, five, count) = (0, 0, 0)
    var isStopped = false
    let batches = loader.batches()
    while let batch = try batches.next() {
      isStopped = shouldStop()
      if isStopped { break }
      if batch.count == 0 { continue }
      let images = try batch.tensor(on: classifier.store.device)
      let logits = withoutGradient { classifier(images) }
      first += Self.hits(logits, batch.labels, among: 1)
      five += Self.hits(logits, batch.labels, among: 5)
      count += batch.count
    }
    if try team.isTrueAnywhere(isStopped) { throw TrainingError.interrupted }
    let sums = try team.sum([first, five, count].map(Double.init))
    return ["top1": sums[0] / sums[2], "top5": sums[1] / sums[2]]
  }

  /// How many rows of logits [N, classes] have fewer than `places` classes above the right one.
  static func hits(_ logits: Tensor, _ labels: [Int], among places: Int) -> Int {
    let values = logits.floats()
    let classes = logits.size(1)
    return labels.enumerated().count { row, label in
      let scores = values[row * classes..<(row + 1) * classes]
      let own = values[row * classes + label]
      return scores.count { $0 > own } < places
    }
  }
}
