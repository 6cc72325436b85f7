import DetSpec

/// Partial order pruning as a plan wants it: by its accuracy, against the cost that is known before training.
///
/// A counted cost is known when a design is suggested. A latency is known once the untrained design was timed, and is judged then
/// by the outcomes that were known when it was suggested: so whoever decides again decides alike.
struct Pruner: Sendable {
  private var rule: PartialOrderPruning
  private let accuracy: Metric
  private let metric: Metric
  private let macs: @Sendable (DetectorDesign) -> DesignCost
  private var seconds: [Int: Double] = [:]

  /// The rule of a stage's plan; nil when it does not prune.
  init?(_ plan: some StagePlan, cost: @escaping @Sendable (DetectorDesign) -> DesignCost) {
    guard let metric = plan.pruningCost, let accuracy = plan.objectives.first(where: \.isAccuracy)
    else { return nil }
    rule = PartialOrderPruning(margin: plan.pruningMargin, recipe: plan.recipe)
    self.accuracy = accuracy
    self.metric = metric
    macs = cost
  }

  /// Whether a design must be timed before it is decided whether to train it.
  var needsLatency: Bool { metric.isLatency }

  /// Why a design cannot improve the front, as far as that follows from its counted cost; nil when it may.
  func proof(against design: DetectorDesign) -> PruningProof? {
    metric.value(macs(design)).flatMap { proof(against: design, $0, $0...$0) }
  }

  /// Why a trial whose design was timed cannot improve the front; nil when it may, or when its latency was disturbed.
  func proof(against trial: Trial, latency: LatencyReading) -> PruningProof? {
    var metrics: [String: Double] = [:]
    metrics.takeLatency(latency)
    guard needsLatency, let cost = metrics[metric],
      let range = metrics.comparableRange(of: metric)
    else { return nil }
    return proof(against: trial.design, cost, range, known: trial.known)
  }

  private func proof(
    against design: DetectorDesign, _ cost: Double, _ range: ClosedRange<Double>,
    known: Int = .max
  ) -> PruningProof? {
    rule.proof(against: design, cost: range, known: known).map { larger, rival in
      let share = Double(macs(design).macs) / Double(max(1, macs(larger.design).macs))
      return PruningProof(
        larger: larger.trial, rival: rival.trial, metric: metric, cost: cost,
        secondsSaved: share * seconds[larger.trial, default: 0])
    }
  }

  /// Takes a trained design in, or its training by another seed.
  mutating func insert(_ trial: Trial) {
    guard let accuracy = trial.metrics[accuracy], let result = trial.result else { return }
    if let first = trial.repeats {
      return rule.insert(repetitionOf: first, sequence: result.sequence, accuracy: accuracy)
    }
    let counted = metric.value(macs(trial.design)).map { $0...$0 }
    // What a worker says of itself goes without the time for which its design was timed before.
    seconds[trial.id] = trial.metrics["seconds"] ?? trial.secondsPaid
    rule.insert(
      .init(
        trial: trial.id, sequence: result.sequence, design: trial.design, accuracy: accuracy,
        cost: counted ?? trial.metrics.comparableRange(of: metric)))
  }
}
