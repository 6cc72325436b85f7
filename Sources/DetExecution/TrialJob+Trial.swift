import DetSearch
import DetSpec

extension TrialJob {
  /// What a worker is asked to do for a trial.
  ///
  /// - Parameters:
  ///   - trial: the record.
  ///   - plan: recipe and data; the trial's stage is one of its own.
  ///   - backbones: what the backbones of finals start from.
  ///   - folder: the run's folder; nil where no files are kept, as on simulated time.
  ///   - device: what the worker computes on.
  ///   - threads: what it computes with.
  ///   - isAgain: whether the trial was begun before, and may have left a checkpoint.
  ///   - isTimed: whether its latency is known, so that the worker need not measure it.
  ///   - dataState: what the data are; nil when only the worker can know.
  init(
    _ trial: Trial, plan: Plan, backbones: [String: BackboneFile], folder: RunFolder?,
    device: String, threads: Int, isAgain: Bool, isTimed: Bool = false, dataState: DataState?
  ) {
    guard var recipe = plan.recipe(of: trial.stage) else {
      preconditionFailure("a trial belongs to a stage of the plan")
    }
    let backbone = trial.design.backbone
    let weights =
      plan.weights(of: trial.stage, backbone)
      ?? (trial.stage == .final ? backbones[backbone.text] : nil)
    if let weights { recipe.pretrained = weights.path }
    recipe.learningRate = recipe.usedRates
    self.init(
      id: trial.id, stage: trial.stage, design: trial.design, recipe: recipe, data: plan.data,
      seed: trial.seed, device: device, threads: threads,
      directory: folder?.trial(trial.id).path ?? "", resume: isAgain,
      measurementLock: folder?.measurementLock, dataState: dataState,
      weightsFingerprint: weights?.fingerprint,
      measuresLatency: plan.workersMeasure && !isTimed, trainer: plan.trainer)
  }
}
