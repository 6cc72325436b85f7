import DetBasics
import DetData
import DetModel
import DetNN
import DetSpec
import DetTask
import DetTensor

/// A trial whose data are loaded and whose folder is taken: trains, evaluates, measures, and writes the results.
final class TrialSession {
  let job: TrialJob
  let sets: TrainingSets
  let device: Device
  let emit: (TrialEvent) throws -> Void
  let validation: Validation
  let trainer: Trainer
  let course: TrainingCourse
  let program: String
  private let board: TrainingBoard?
  private let team: any Team

  /// What a session computes with, and what it goes on from.
  struct Surroundings {
    let device: Device
    let team: any Team
    let gate: ComputeGate?
    let conditions: TrainingState.Conditions
    let saved: SavedTraining<Checkpoint>?
    /// Images computed at once, where memory did not suffice for more.
    let imagesAtOnce: Int?
    /// Name and version of the program, for the model card.
    let program: String
  }

  /// Builds detector and trainer, restores what was saved, and reports the start.
  init(
    _ job: TrialJob, _ sets: TrainingSets, _ around: Surroundings,
    emit: @escaping (TrialEvent) throws -> Void
  ) throws {
    self.job = job
    self.sets = sets
    self.emit = emit
    device = around.device
    program = around.program
    team = around.team
    let images = try sets.trainingImages(
      backgroundShare: job.recipe.backgroundShare, batch: job.recipe.batch)
    let start = try PretrainedDetector(
      job.design, classes: sets.train.categories.count, recipe: job.recipe, seed: job.seed,
      device: device, fingerprint: job.weightsFingerprint)
    let (detector, weights) = (start.detector, start.summary)
    let state = try around.team.shared(
      TrainingState(
        saved: around.saved, conditions: around.conditions,
        imagesAtOnce: around.imagesAtOnce, recipe: job.recipe.usedMicroBatch))
    let trainer = try Trainer(
      detector: detector, recipe: job.recipe, dataset: sets.train, seed: job.seed,
      from: state.progress, imagesAtOnce: state.imagesAtOnce, team: around.team,
      gate: around.gate)
    if let saved = around.saved { try trainer.restore(saved.file.tensors()) }
    try trainer.shareState()
    self.trainer = trainer
    board =
      around.team.isFirst ? TrainingBoard(job.folder, after: state.progress.steps) : nil
    validation = try Validation(
      dataset: sets.validation, input: job.design.input,
      detectionsPerImage: job.recipe.detection.detectionsPerImage, team: around.team,
      gate: around.gate)
    course = TrainingCourse(
      trainer, state: state,
      TrainingCourse.Plan(
        epochs: job.recipe.epochs, evaluateEvery: job.recipe.evaluateEvery,
        checkpointMinutes: job.checkpointMinutes, budgetMinutes: job.budgetMinutes)
    ) { [team] state in
      guard team.isFirst else { return }
      try Checkpoint(job, sets, epochs: state.progress.epoch).write(
        trainer.state, state, to: job.folder)
    }
    try emit(
      .started(
        .init(
          parameters: detector.store.parameterCount, epochs: job.recipe.epochs,
          trainingImages: images,
          validationImages: sets.validation.samples.count, weights: weights,
          imagesAtOnce: state.imagesAtOnce,
          data: sets.accountLines.isEmpty ? nil : sets.accountLines)))
    for notice in state.notices(after: around.saved, job) { try emit(.notice(notice)) }
  }

  /// Trains to the end and concludes; returns the results by name.
  func run(shouldStop: () -> Bool) throws -> [String: Double] {
    let watch = TrainingWatch()
    return try withoutActuallyEscaping(shouldStop) { shouldStop in
      var result: Validation.Result?
      try course.run(
        shouldStop: shouldStop,
        .init(
          evaluate: { [self] in
            let found = try trainer.withSharedFinalWeights {
              try validation.evaluate(trainer.detector, shouldStop: shouldStop)
            }
            result = found
            try board?.add(
              found, of: validation, title: job.design.text, step: trainer.progress.steps)
            return found.metrics
          }, accuracy: "AP",
          report: { [self] epoch, metrics in
            try board?.add(metrics, step: trainer.progress.steps)
            try emit(.epoch(epoch, metrics: metrics))
          },
          stepped: { [self] step in
            guard let told = watch.note(step) else { return }
            try board?.add(told, step: trainer.progress.steps)
            try emit(.step(told))
          }))
      return try course.withKeptWeights { areLast in
        let known = areLast ? result : nil
        let found = try known ?? validation.evaluate(trainer.detector, shouldStop: shouldStop)
        return team.isFirst ? try conclude(found) : [:]
      }
    }
  }
}
