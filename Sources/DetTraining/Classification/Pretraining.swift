import DetBasics
import DetData
import DetModel
import DetNN
public import DetSpec
public import DetTensor
import Foundation

/// Trains a backbone as a classifier in a folder: weights, and while it is running a checkpoint to resume from.
public final class Pretraining {
  /// What is trained, and how.
  public struct Settings: Sendable {
    /// The backbone.
    public let backbone: BackboneSpec
    /// How it is trained.
    public let recipe: Recipe
    /// The size of its images.
    public let input: InputSize
    /// The smallest share of an image's area that a training step may show.
    public let leastArea: Double
    /// The seed of everything random.
    public let seed: UInt64
    /// The device it computes on.
    public let device: Device
    /// Threads that read images.
    public let loadingThreads: Int

    /// Describes what is trained, and how.
    public init(
      backbone: BackboneSpec, recipe: Recipe, input: InputSize,
      leastArea: Double = ClassifierTrainer.leastArea, seed: UInt64, device: Device = .cpu,
      loadingThreads: Int = 1
    ) {
      self.backbone = backbone
      self.recipe = recipe
      self.input = input
      self.leastArea = leastArea
      self.seed = seed
      self.device = device
      self.loadingThreads = loadingThreads
    }
  }

  private let settings: Settings
  private let sets: ClassificationSets
  private let folder: TrialFolder
  private let place: TrainingFolder
  private let classifier: ImageClassifier
  private let trainer: ClassifierTrainer
  private let validation: ClassifierValidation

  /// Sets a training up in a folder, taken as long as this lives; with `resume`, it continues from the folder's checkpoint
  /// where there is one. Nothing is written before the first epoch ends; the caller may write `TrialFolder.events` then.
  public init(
    _ settings: Settings, sets: ClassificationSets, directory: String, resume: Bool
  ) throws {
    self.settings = settings
    self.sets = sets
    folder = TrialFolder(directory)
    place = try TrainingFolder(folder, choice: .output, resume: resume)
    let saved = try place.savedState(
      for: Self.description(settings, sets, epochs: 0), names: [folder.events])
    classifier = try ImageClassifier(
      settings.backbone, classes: sets.train.categories.count,
      settings: LayerSettings(settings.recipe), seed: settings.seed, device: settings.device)
    if saved == nil, let pretrained = settings.recipe.pretrained {
      let file = try TensorFile.open(pretrained)
      let match = classifier.match(file)
      try PretrainedWeights.check(match, file, against: settings.backbone.text)
      try match.load(file, into: classifier.store)
    }
    trainer = try ClassifierTrainer(
      classifier: classifier, recipe: settings.recipe, dataset: sets.train, input: settings.input,
      seed: settings.seed, leastArea: settings.leastArea,
      finishedEpochs: saved?.checkpoint.epochs ?? 0,
      loadingThreads: settings.loadingThreads)
    if let saved { try trainer.restore(saved.file.tensors()) }
    validation = try ClassifierValidation(
      dataset: sets.validation, input: settings.input, batch: settings.recipe.batch,
      loadingThreads: settings.loadingThreads)
  }

  /// The number of learnt values.
  public var parameterCount: Int { classifier.store.parameterCount }

  /// Trains to the end of the recipe; `tell` gets each epoch's number and metrics (`loss`, `accuracy`, `top1` …).
  ///
  /// Returns the metrics of the final weights, which then lie in the folder.
  public func run(
    shouldStop: () -> Bool = { false }, tell: (Int, [String: Double]) throws -> Void
  ) throws -> [String: Double] {
    var judged: [String: Double]?
    while trainer.finishedEpochs < settings.recipe.epochs {
      let epoch = try trainer.trainEpoch(shouldStop: shouldStop)
      var metrics = epoch.losses
      metrics["imagesPerSecond"] = Double(epoch.images) / max(epoch.seconds, 1e-9)
      let finished = trainer.finishedEpochs
      let isLast = finished == settings.recipe.epochs
      judged = nil
      if isLast || finished.isMultiple(of: settings.recipe.evaluateEvery) {
        let found = try trainer.withFinalWeights { try validation.evaluate(classifier) }
        metrics.merge(found) { $1 }
        judged = found
      }
      if !isLast { try write(trainer.state, to: folder.checkpoint) }
      try tell(finished, metrics)
    }
    return try trainer.withFinalWeights {
      let metrics = try judged ?? validation.evaluate(classifier)
      try write(classifier.store.state, to: folder.weights)
      try? FileManager.default.removeItem(atPath: folder.checkpoint)
      return metrics
    }
  }

  private func write(_ state: [(name: String, tensor: Tensor)], to path: String) throws {
    let checkpoint = Self.description(settings, sets, epochs: trainer.finishedEpochs)
    try checkpoint.write(state, to: path)
  }

  private static func description(
    _ settings: Settings, _ sets: ClassificationSets, epochs: Int
  ) -> ClassifierCheckpoint {
    ClassifierCheckpoint(
      backbone: settings.backbone, recipe: settings.recipe, input: settings.input,
      classes: sets.train.categories.map(\.name), epochs: epochs, seed: settings.seed)
  }
}
