import DetBasics
import DetData
import DetModel
import DetNN
import DetSpec
import DetTask

extension TrialSession {
  /// Writes weights, detections and picture, measures the latency, and returns the results by name.
  func conclude(_ result: Validation.Result) throws -> [String: Double] {
    let detector = trainer.detector
    let folder = job.folder
    try Checkpoint(job, sets, epochs: course.keptEpoch)
      .write(detector.store.state, to: folder.weights)
    try validation.write(result.detections, to: folder.detections)
    try AtomicFile.write(
      validation.picture(of: result, title: job.design.text).encodePNG(), to: folder.picture)
    let costs = try costs(of: detector)
    let counted = DesignCost(job.design, classes: sets.train.categories.count, recipe: job.recipe)
    if job.id == 0 { try writeCard(result, counted, costs.latency) }
    var metrics = result.metrics.merging(costs.metrics) { $1 }
    if job.stage == .final { try metrics.addIntervals(intervals(of: result)) }
    metrics.merge(Metric.counted(counted)) { $1 }
    metrics["loss"] = course.state.epochMetrics["loss"]
    if let best = course.state.best {
      metrics["bestAP"] = best.accuracy
      metrics["bestEpoch"] = Double(best.epoch)
    }
    return metrics
  }

  /// The measured metrics; without the latency where another program is asked for it.
  private func costs(of detector: Detector) throws -> (
    metrics: [String: Double], latency: LatencyReading?
  ) {
    let settings = job.recipe.latency
    guard job.measuresLatency else {
      var metrics: [String: Double] = [:]
      metrics[.memory] = try validation.memory(of: detector, settings)
      return (metrics, nil)
    }
    let meter = LatencyMeter(
      settings: settings, anchor: try LatencyAnchor(device: device), cache: .user())
    guard let costs = try validation.costs(of: detector, meter) else {
      throw TrainingError.noTimes
    }
    try emit(.latency(costs.latency))
    return (costs.metrics, costs.latency)
  }

  /// Says in Markdown, and in a notice, how far the numbers can be trusted; the trials of a search have its report.
  private func writeCard(
    _ result: Validation.Result, _ cost: DesignCost, _ latency: LatencyReading?
  ) throws {
    let intervals = try intervals(of: result)
    let card = ModelCard(
      job: job, sets: sets, state: course.state, intervals: intervals, cost: cost, latency: latency,
      program: program)
    try AtomicFile.write(card.text, to: job.folder.card)
    let words = intervals.map(\.text).joined(separator: ", ")
    try emit(.notice("95 % intervals: \(words)"))
  }

  private func intervals(of result: Validation.Result) throws -> [AccuracyInterval] {
    try validation.intervals(of: result, generator: Generator(seed: job.seed))
  }
}

extension [String: Double] {
  /// Notes how far a final's accuracies can be trusted: it is trained once, so it is its images that tell.
  fileprivate mutating func addIntervals(_ intervals: [AccuracyInterval]) {
    for interval in intervals {
      guard let metric = Metric(rawValue: interval.name), let bounds = interval.bounds else {
        continue
      }
      setInterval(of: metric, bounds)
    }
  }
}

extension Checkpoint {
  /// Describes the weights of a job's detector.
  init(_ job: TrialJob, _ sets: TrainingSets, epochs: Int) {
    self.init(
      design: job.design, recipe: job.recipe, classes: sets.train.categories.map(\.name),
      categoryIDs: sets.train.categories.map(\.id), tiles: sets.tiles, epochs: epochs,
      seed: job.seed)
  }
}
