import DetBasics
import DetSpec

/// Ends trainings of one stage that cannot reach the front any more.
///
/// What a training still gains after an epoch is judged by those that were trained to their end: at most the largest of their gains
/// from the same epoch, or two deviations above the mean where that is more. A trial with these accuracies, at its cost, which must be
/// known before its end, is stopped when a finished one is at least as good in everything.
///
/// Only outcomes that were known when the design was suggested are looked at, and the epoch alone decides: a search that was killed
/// decides again as it would have. Baselines and whatever the finals train are never stopped.
struct EarlyStopping: Sendable {
  /// Trainings from which gains are judged.
  static let fewest = 5

  private let objectives: [Metric]
  /// The accuracies by trial and epoch.
  private var curves: [Int: [Int: [Metric: Double]]] = [:]
  private var finished: [Trial] = []

  /// A rule that knows no training yet.
  init(objectives: [Metric]) { self.objectives = objectives }

  /// Notes what a trial reported after an epoch; one that was not evaluated says nothing.
  mutating func note(_ metrics: [String: Double], afterEpoch epoch: Int, ofTrial trial: Int) {
    let accuracies = metrics.accuracies(of: objectives)
    guard !accuracies.isEmpty else { return }
    curves[trial, default: [:]][epoch] = accuracies
  }

  /// Takes in a trial that has finished.
  mutating func insert(_ trial: Trial) {
    guard trial.isFinished else { return }
    let place = finished.firstIndex { $0.id > trial.id } ?? finished.count
    finished.insert(trial, at: place)
  }

  /// Why a trial under way need not be trained further.
  ///
  /// - Parameters:
  ///   - trial: the trial.
  ///   - epochs: those of its training.
  ///   - known: what is known of its costs.
  /// - Returns: the proof by the first of its evaluated epochs that shows it; nil when it may still reach the front.
  func proof(for trial: Trial, of epochs: Int, known: [String: Double]) -> StoppingProof? {
    guard let curve = curves[trial.id] else { return nil }
    let others = finished.filter { ($0.result?.sequence ?? .max) <= trial.known }
    guard others.count >= Self.fewest else { return nil }
    return curve.keys.sorted().lazy.filter { $0 < epochs }.compactMap { epoch in
      proof(for: trial, curve[epoch] ?? [:], afterEpoch: epoch, of: epochs, known, others)
    }.first
  }

  private func proof(
    for trial: Trial, _ reached: [Metric: Double], afterEpoch epoch: Int, of epochs: Int,
    _ known: [String: Double], _ others: [Trial]
  ) -> StoppingProof? {
    var (most, expected): ([Metric: Double], [String: Double]) = ([:], [:])
    for (metric, value) in reached {
      let gains = others.compactMap { other -> Double? in
        guard let before = curves[other.id]?[epoch]?[metric], let end = other.metrics[metric]
        else { return nil }
        return end - before
      }
      guard gains.count >= Self.fewest else { return nil }
      most[metric] = value + max(gains.max() ?? 0, gains.mean + 2 * gains.sampleDeviation)
      expected[metric.name] = value + gains.mean
    }
    for metric in objectives where !metric.isAccuracy { expected[metric.name] = known[metric] }
    let rival = others.first { other in
      other.suggestion.pick == trial.suggestion.pick
        && objectives.allSatisfy { $0.isMet(by: other.metrics, most: most, known: known) }
    }
    return rival.map { rival in
      StoppingProof(
        rival: rival.id, epoch: epoch, epochs: epochs, reached: reached.byName, expected: expected,
        most: most.byName)
    }
  }
}

extension Metric {
  /// Whether a finished trial is at least as good in this objective as one under way can be.
  fileprivate func isMet(
    by other: [String: Double], most: [Metric: Double], known: [String: Double]
  ) -> Bool {
    if isAccuracy {
      guard let end = other[self], let most = most[self] else { return false }
      return end >= most
    }
    guard let theirs = other.comparableRange(of: self), let own = known.comparableRange(of: self)
    else { return false }
    return theirs.upperBound <= own.lowerBound
  }
}

extension [String: Double] {
  fileprivate func accuracies(of objectives: [Metric]) -> [Metric: Double] {
    Dictionary<Metric, Double>(
      uniqueKeysWithValues: objectives.filter(\.isAccuracy).compactMap { metric in
        self[metric].map { (metric, $0) }
      })
  }
}

extension [Metric: Double] {
  fileprivate var byName: [String: Double] {
    Dictionary<String, Double>(uniqueKeysWithValues: map { ($0.key.name, $0.value) })
  }
}
