public import DetData
public import DetModel
import DetNN
public import DetSpec
public import DetTensor

/// Trains an image classifier by a recipe: one call an epoch, everything random derived from (seed, epoch).
///
/// Images are random parts, mirrored half of the time (Szegedy et al. 2015); the loss is cross-entropy
/// with smoothed labels. A training that goes on from its state ends with the weights of one that was
/// never stopped.
public final class ClassifierTrainer: SteppedTraining {
  /// The classifier that is trained.
  public let classifier: ImageClassifier
  /// Where the training stands.
  public internal(set) var progress: TrainingProgress
  /// Epochs finished so far.
  public var finishedEpochs: Int { progress.epoch }

  let loader: Loader
  let optimizer: RecipeOptimizer
  private let precision: Recipe.Precision
  private let imagesAtOnce: Int

  /// The share of a label that is spread over all classes (Szegedy et al. 2016).
  public static let smoothing = 0.1

  /// The smallest share of an image that is shown, unless said otherwise.
  public static let leastArea = 0.08

  /// A trainer that goes on from where a training stood; `restore(_:)` then gives it that state.
  ///
  /// `imagesAtOnce` images are computed at once, of which the gradients add up to the batch's; nil for the recipe's. In a
  /// `team` each rank learns from an equal share of every batch.
  public init(
    classifier: ImageClassifier, recipe: Recipe, dataset: Dataset, input: InputSize, seed: UInt64,
    leastArea: Double = ClassifierTrainer.leastArea,
    from progress: TrainingProgress = TrainingProgress(), imagesAtOnce: Int? = nil,
    team: any Team = Alone(), loadingThreads: Int = 1
  ) throws {
    self.classifier = classifier
    self.progress = progress
    self.imagesAtOnce = imagesAtOnce ?? Self.imagesAtOnce(recipe)
    precision = recipe.precision
    var configuration = LoaderConfiguration.classification(
      input: PixelSize(width: input.width, height: input.height), batchSize: recipe.batch,
      seed: seed)
    configuration.fitting = .randomPart(area: leastArea...1, ratio: 0.75...4.0 / 3)
    configuration.augmentation = Augmentation(recipe.augmentation)
    configuration.share = try team.share(ofBatch: recipe.batch)
    loader = Loader(dataset: dataset, configuration: configuration, threads: loadingThreads)
    optimizer = RecipeOptimizer(
      classifier.store, recipe: recipe, stepsPerEpoch: try loader.stepsPerEpoch(),
      finishedSteps: progress.steps, team: team)
  }

  /// Images that are computed at once: the whole batch unless the recipe says otherwise, as they are small and have their
  /// statistics in common.
  static func imagesAtOnce(_ recipe: Recipe) -> Int { recipe.microBatch ?? recipe.batch }

  /// Trains to the end of the epoch; the result has `loss` and the share of training images that were classified correctly,
  /// `accuracy`.
  ///
  /// - Throws: ``TrainingError/diverged(epoch:step:what:)`` when loss or gradient stop being finite.
  public func trainEpoch(
    shouldStop: () -> Bool = { false }, stepped: (TrainingStep) throws -> Void = { _ in }
  ) throws -> EpochResult {
    classifier.store.mode = .training
    return try finishEpoch(shouldStop: shouldStop, stepped: stepped)
  }

  func learn(from batch: Batch, epoch: Int, step: Int) throws -> [(String, Double)] {
    let device = classifier.store.device
    // All ranks have equally many images: the mean over them is the mean of their means.
    let ranks = Double(optimizer.team.count)
    var sums: [(String, Double)] = []
    for part in batch.parts(of: imagesAtOnce) {
      let images = try part.tensor(on: device)
      let targets = try Tensor(part.labels).to(device)
      let (logits, loss) = Torch.autocasting(to: precision.dtype(on: device)) {
        let logits = classifier(images)
        return (logits, logits.crossEntropy(targets, smoothing: Self.smoothing) / ranks)
      }
      let right = ClassifierValidation.hits(logits.detached(), part.labels, among: 1)
      let accuracy = Double(right) / (Double(part.images.count) * ranks)
      sums.add(
        try optimizer.add(
          loss, values: [("accuracy", accuracy)], share: part.share, isLast: part.isLast,
          epoch: epoch, step: step),
        part.share)
    }
    try optimizer.step(epoch: epoch, step: step)
    return sums
  }

  /// Runs `body` with the weights that count: their average where the recipe asks for one.
  public func withFinalWeights<Result>(_ body: () throws -> Result) rethrows -> Result {
    try optimizer.withFinalWeights(body)
  }
}
