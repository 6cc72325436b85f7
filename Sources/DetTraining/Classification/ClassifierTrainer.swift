public import DetData
public import DetModel
import DetNN
public import DetSpec
import DetTensor

/// Trains an image classifier by a recipe: one call an epoch, everything random derived from (seed, epoch).
///
/// Images are random parts, mirrored half of the time (Szegedy et al. 2015); the loss is cross-entropy
/// with smoothed labels. A training that is resumed from its checkpoint ends with the weights of one that was
/// never stopped.
public final class ClassifierTrainer {
  /// The classifier that is trained.
  public let classifier: ImageClassifier
  /// Epochs finished so far.
  public private(set) var finishedEpochs: Int

  private let loader: Loader
  private let precision: Recipe.Precision
  private let optimizer: RecipeOptimizer

  /// The share of a label that is spread over all classes (Szegedy et al. 2016).
  public static let smoothing = 0.1

  /// The smallest share of an image that is shown, unless said otherwise.
  public static let leastArea = 0.08

  /// A trainer that resumes after `finishedEpochs` epochs; ``restore(_:)`` then gives it their state.
  public init(
    classifier: ImageClassifier, recipe: Recipe, dataset: Dataset, input: InputSize, seed: UInt64,
    leastArea: Double = ClassifierTrainer.leastArea, finishedEpochs: Int = 0,
    loadingThreads: Int = 1
  ) throws {
    self.classifier = classifier
    self.finishedEpochs = finishedEpochs
    precision = recipe.precision
    var configuration = LoaderConfiguration.classification(
      input: PixelSize(width: input.width, height: input.height), batchSize: recipe.batch,
      seed: seed)
    configuration.fitting = .randomPart(area: leastArea...1, ratio: 0.75...4.0 / 3)
    configuration.augmentation = Augmentation(recipe.augmentation)
    loader = Loader(dataset: dataset, configuration: configuration, threads: loadingThreads)
    optimizer = RecipeOptimizer(
      classifier.store, recipe: recipe, stepsPerEpoch: try loader.stepsPerEpoch(),
      finishedEpochs: finishedEpochs)
  }

  /// Trains one epoch; the result has `loss` and the share of training images that were classified correctly, `accuracy`.
  ///
  /// - Throws: ``TrainingError/diverged(epoch:step:what:)`` when loss or gradient stop being finite.
  public func trainEpoch(shouldStop: () -> Bool = { false }) throws -> EpochResult {
    let epoch = finishedEpochs
    classifier.store.mode = .training
    let result = try loader.trainEpoch(epoch, shouldStop: shouldStop) { batch, step in
      let labels = Tensor(batch.labels)
      let images = try batch.tensor(on: classifier.store.device)
      let targets = try labels.to(classifier.store.device)
      let (logits, loss) = Torch.autocasting(to: precision.dtype) {
        let logits = classifier(images)
        return (logits, logits.crossEntropy(targets, smoothing: Self.smoothing))
      }
      let right = ClassifierValidation.hits(logits.detached(), batch.labels, among: 1)
      let value = try optimizer.step(loss, epoch: epoch, step: step)
      return [("loss", value), ("accuracy", Double(right) / Double(max(1, batch.count)))]
    }
    finishedEpochs += 1
    return result
  }

  /// Runs `body` with the weights that count: their average where the recipe asks for one.
  public func withFinalWeights<Result>(_ body: () throws -> Result) rethrows -> Result {
    try optimizer.withFinalWeights(body)
  }

  /// Everything needed to resume, by name.
  var state: [(name: String, tensor: Tensor)] { optimizer.state }

  /// Restores a state that ``state`` gave after ``finishedEpochs`` epochs.
  func restore(_ tensors: [String: Tensor]) throws { try optimizer.restore(tensors) }
}
