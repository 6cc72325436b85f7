import DetBasics
import DetData
import DetMetrics
import DetModel
import DetNN
public import DetSpec
import DetTask
import DetTensor
import Foundation

/// Carries out one job of the trial protocol: loads, trains, evaluates, measures, and reports by events.
///
/// Leaves in the job's folder `weights.safetensors` (with design, recipe and classes in its metadata),
/// `detections.json` (COCO results), `detections.png` and, while it is running, `checkpoint.safetensors`.
public final class TrialWorker {
  private let job: TrialJob
  private let emit: (TrialEvent) throws -> Void
  private let shouldStop: () -> Bool
  private let gate: ComputeGate?
  private let device: Device
  private let choice: TrainingFolder.Choice
  private let namesOfCaller: [String]

  /// A worker for one job.
  ///
  /// - Parameters:
  ///   - job: what is to be done.
  ///   - choice: how the user chose the job's folder.
  ///   - names: files that the caller writes into the folder once the training has started.
  ///   - shouldStop: asked between steps.
  ///   - emit: gets every event in order.
  /// - Throws: when the machine lacks the job's device, or the lock cannot be opened.
  public init(
    job: TrialJob, choice: TrainingFolder.Choice = .job, callerWrites names: [String] = [],
    shouldStop: @escaping () -> Bool = { false },
    emit: @escaping (TrialEvent) throws -> Void
  ) throws {
    self.job = job
    self.choice = choice
    namesOfCaller = names
    self.emit = emit
    self.shouldStop = shouldStop
    device = try Device.available(job.device)
    gate = try job.measurementLock.map(ComputeGate.init(path:))
  }

  /// Does the job. Whatever goes wrong with the trial becomes its last event; only a failing `emit`, and an
  /// interruption, are thrown.
  public func run() throws {
    do {
      try emit(.finished(metrics: trial()))
    } catch let error as TrainingError where error == .interrupted {
      throw error
    } catch {
      try emit(Self.failure(error))
    }
  }

  /// Both data sets. A search has read them before: what cannot be read now is a fault of the surroundings.
  private func loadSets() throws -> TrainingSets {
    do {
      let sets = try TrainingSets(TrainingSets.Description(job.data, source: "the job's data"))
      try check(sets)
      return sets
    } catch let error as TrainingError {
      throw error
    } catch {
      let fault = (error as? any SurroundingsError)?.surroundings ?? .dataBroken
      throw TrainingError.surroundings(fault, "\(error)")
    }
  }

  /// All trials of a run learn from the same and are judged by the same: data that have changed since it began are refused.
  private func check(_ sets: TrainingSets) throws {
    guard let state = job.dataState else { return }
    let listed = DataInventory(file: state.inventory)
    let found = try DataInventory(sets, knowing: listed)
    guard found.fingerprint != (state.train, state.validation) else { return }
    let changes = listed.map(found.differences(from:)) ?? []
    throw TrainingError.surroundings(
      .dataChanged,
      "the data are not those that the run goes by"
        + (changes.isEmpty ? "" : ": \(changes.joined(separator: "; "))"))
  }

  private func trial() throws -> [String: Double] {
    let start = LatencyMeter.monotonicMilliseconds()
    Torch.threads = job.threads
    Torch.flushDenormals()
    let place = try TrainingFolder(job.folder, choice: choice, resume: job.resume)
    let sets = try loadSets()
    let saved = try place.savedState(for: description(sets, epochs: 0), names: namesOfCaller)
    let images = try sets.trainingImages(
      backgroundShare: job.recipe.backgroundShare, batch: job.recipe.batch)
    let detector = try Detector(
      job.design, classes: sets.train.categories.count,
      recipe: job.recipe, seed: job.seed, device: device)
    let weights = try job.recipe.pretrained.map {
      try PretrainedWeights.check($0, is: job.weightsFingerprint)
      return try PretrainedWeights.load($0, into: detector).summary
    }
    let trainer = try Trainer(
      detector: detector, recipe: job.recipe, dataset: sets.train, seed: job.seed,
      finishedEpochs: saved?.checkpoint.epochs ?? 0, gate: gate)
    if let saved { try trainer.restore(saved.file.tensors()) }
    try emit(
      .started(
        .init(
          parameters: detector.store.parameterCount, epochs: job.recipe.epochs,
          trainingImages: images,
          validationImages: sets.validation.samples.count, weights: weights,
          data: sets.accountLines.isEmpty ? nil : sets.accountLines)))
    let validation = try Validation(
      dataset: sets.validation, input: job.design.input,
      detectionsPerImage: job.recipe.detection.detectionsPerImage, gate: gate)
    return try withExtendedLifetime(place) {
      var metrics = try train(trainer, validation, sets)
      metrics["seconds"] = (LatencyMeter.monotonicMilliseconds() - start) / 1000
      return metrics
    }
  }

  private func train(
    _ trainer: Trainer, _ validation: Validation, _ sets: TrainingSets
  ) throws -> [String: Double] {
    var result: Validation.Result?
    var loss = Double.nan
    while trainer.finishedEpochs < job.recipe.epochs {
      let epoch = try trainer.trainEpoch(shouldStop: shouldStop)
      loss = epoch.losses["loss"] ?? .nan
      var metrics = epoch.losses
      metrics["imagesPerSecond"] = Double(epoch.images) / max(epoch.seconds, 1e-9)
      let finished = trainer.finishedEpochs
      let isLast = finished == job.recipe.epochs
      if isLast || finished.isMultiple(of: job.recipe.evaluateEvery) {
        let evaluated = try trainer.withFinalWeights { try validation.evaluate(trainer.detector) }
        metrics.merge(evaluated.metrics) { $1 }
        result = evaluated
      }
      try emit(.epoch(finished, metrics: metrics))
      if !isLast { try write(trainer, sets, state: trainer.state, to: job.folder.checkpoint) }
    }
    return try trainer.withFinalWeights {
      try conclude(trainer, validation, sets, result, loss: loss)
    }
  }

  private func conclude(
    _ trainer: Trainer, _ validation: Validation, _ sets: TrainingSets,
    _ result: Validation.Result?, loss: Double
  ) throws -> [String: Double] {
    let detector = trainer.detector
    let result = try result ?? validation.evaluate(detector)
    try write(trainer, sets, state: detector.store.state, to: job.folder.weights)
    try validation.write(result.detections, to: job.folder.detections)
    try AtomicFile.write(
      validation.picture(of: result, title: job.design.text).encodePNG(), to: job.folder.picture)
    let meter = LatencyMeter(
      settings: job.recipe.latency, anchor: try LatencyAnchor(device: device), cache: .user())
    guard let costs = try validation.costs(of: detector, meter) else {
      throw TrainingError.noTimes
    }
    try emit(.latency(costs.latency))
    let counted = DesignCost(job.design, classes: sets.train.categories.count, recipe: job.recipe)
    var metrics = result.metrics.merging(costs.metrics) { $1 }
    metrics.merge(Metric.counted(counted)) { $1 }
    metrics["loss"] = loss
    try? FileManager.default.removeItem(atPath: job.folder.checkpoint)
    return metrics
  }

  private func write(
    _ trainer: Trainer, _ sets: TrainingSets, state: [(name: String, tensor: Tensor)],
    to path: String
  ) throws {
    try description(sets, epochs: trainer.finishedEpochs).write(state, to: path)
  }

  private func description(_ sets: TrainingSets, epochs: Int) -> Checkpoint {
    Checkpoint(
      design: job.design, recipe: job.recipe, classes: sets.train.categories.map(\.name),
      categoryIDs: sets.train.categories.map(\.id), tiles: sets.tiles, epochs: epochs,
      seed: job.seed)
  }
}
