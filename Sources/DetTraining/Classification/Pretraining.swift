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
    public var backbone: BackboneSpec
    /// How it is trained.
    public var recipe: Recipe
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
    /// Images computed at once; nil for the recipe's, or what memory sufficed for.
    public var imagesAtOnce: Int?
    /// Minutes between checkpoints in a long epoch; nil for the default.
    public var checkpointMinutes: Double?
    /// Minutes after which the training stops with a checkpoint; nil for as long as it takes.
    public var budgetMinutes: Double?

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
  private let place: TrainingFolder?
  private let team: any Team
  private let classifier: ImageClassifier
  private let trainer: ClassifierTrainer
  private let validation: ClassifierValidation
  private let course: TrainingCourse
  /// What people should know of how it goes on; empty for one that begins.
  public let notices: [String]

  /// Sets a training up in a folder, taken as long as this lives; with `resume`, it continues from the folder's checkpoint
  /// where there is one. Nothing is written before a step is taken; the caller may write `TrialFolder.events` then. In a `team`
  /// each rank learns from an equal share of every batch, and rank 0 alone takes the folder, writes and reports.
  public init(
    _ settings: Settings, sets: ClassificationSets, directory: String, resume: Bool,
    team: any Team = Alone()
  ) throws {
    self.team = team
    self.settings = settings
    self.sets = sets
    folder = TrialFolder(directory)
    place = team.isFirst ? try TrainingFolder(folder, choice: .output, resume: resume) : nil
    let conditions = TrainingState.Conditions(
      data: DataFingerprint.of([sets.train, sets.validation]), device: settings.device,
      threads: Torch.threads, processes: team.count)
    let description = ClassifierCheckpoint(settings, sets, epochs: 0)
    try team.agree(on: description, conditions, budgetMinutes: settings.budgetMinutes)
    let saved = try place?.savedState(for: description, conditions, names: [folder.events])
    classifier = try ImageClassifier(
      settings.backbone, classes: sets.train.categories.count,
      settings: .classifier(settings.recipe), seed: settings.seed, device: settings.device)
    if settings.recipe.pretrained == nil, let problem = settings.recipe.needOfWeights {
      throw TrainingError.data("the recipe: \(problem)")
    }
    if saved == nil, let pretrained = settings.recipe.pretrained {
      let file = try TensorFile.open(pretrained)
      let match = classifier.match(file)
      try PretrainedWeights.check(match, file, against: settings.backbone.text)
      try match.load(file, into: classifier.store)
    }
    let state = try team.shared(
      TrainingState(
        saved: saved, conditions: conditions, imagesAtOnce: settings.imagesAtOnce,
        recipe: ClassifierTrainer.imagesAtOnce(settings.recipe)))
    let trainer = try ClassifierTrainer(
      classifier: classifier, recipe: settings.recipe, dataset: sets.train, input: settings.input,
      seed: settings.seed, leastArea: settings.leastArea, from: state.progress,
      imagesAtOnce: state.imagesAtOnce, team: team, loadingThreads: settings.loadingThreads)
    if let saved { try trainer.restore(saved.file.tensors()) }
    try trainer.shareState()
    self.trainer = trainer
    notices = state.notices(after: saved)
    validation = try ClassifierValidation(
      dataset: sets.validation, input: settings.input, batch: state.imagesAtOnce, team: team,
      loadingThreads: settings.loadingThreads)
    course = TrainingCourse(
      trainer, state: state,
      TrainingCourse.Plan(
        epochs: settings.recipe.epochs, evaluateEvery: settings.recipe.evaluateEvery,
        checkpointMinutes: settings.checkpointMinutes, budgetMinutes: settings.budgetMinutes)
    ) { [folder] state in
      guard team.isFirst else { return }
      try ClassifierCheckpoint(settings, sets, epochs: state.progress.epoch)
        .write(trainer.state, state, to: folder)
    }
  }

  /// The number of learnt values.
  public var parameterCount: Int { classifier.store.parameterCount }

  /// Images computed at once.
  public var imagesAtOnce: Int { course.state.imagesAtOnce }

  /// The batch in words, and how it is computed.
  public var batchInWords: String {
    settings.recipe.batchInWords(atOnce: imagesAtOnce)
  }

  /// Trains to the end of the recipe.
  ///
  /// - Parameters:
  ///   - shouldStop: asked between steps.
  ///   - stepped: told every few seconds how it is getting on.
  ///   - tell: told of each epoch's number and metrics (`loss`, `accuracy`, `top1` …).
  /// - Throws: ``TrainingError``, and whatever `stepped` or `tell` throws.
  /// - Returns: the metrics of the final weights, which then lie in the folder.
  public func run(
    shouldStop: () -> Bool = { false }, stepped: (TrialEvent.Step) throws -> Void = { _ in },
    tell: (Int, [String: Double]) throws -> Void
  ) throws -> [String: Double] {
    let watch = TrainingWatch()
    var judged: [String: Double]?
    try withoutActuallyEscaping(shouldStop) { shouldStop in
      try withoutActuallyEscaping(stepped) { stepped in
        try withoutActuallyEscaping(tell) { tell in
          try course.run(
            shouldStop: shouldStop,
            .init(
              evaluate: { [self] in
                let found = try trainer.withSharedFinalWeights {
                  try validation.evaluate(classifier, shouldStop: shouldStop)
                }
                judged = found
                return found
              }, accuracy: "top1",
              report: { [team] in if team.isFirst { try tell($0, $1) } },
              stepped: { [team] step in
                if let told = watch.note(step), team.isFirst { try stepped(told) }
              }))
        }
      }
    }
    return try course.withKeptWeights { areLast in
      let metrics =
        try (areLast ? judged : nil) ?? validation.evaluate(classifier, shouldStop: shouldStop)
      guard team.isFirst else { return metrics }
      try ClassifierCheckpoint(settings, sets, epochs: course.keptEpoch)
        .write(classifier.store.state, to: folder.weights)
      place?.removeCheckpoints()
      return metrics
    }
  }
}

extension ClassifierCheckpoint {
  /// Describes the weights that a training makes.
  public init(_ settings: Pretraining.Settings, _ sets: ClassificationSets, epochs: Int) {
    self.init(
      backbone: settings.backbone, recipe: settings.recipe, input: settings.input,
      classes: sets.train.categories.map(\.name), epochs: epochs, seed: settings.seed)
  }
}
