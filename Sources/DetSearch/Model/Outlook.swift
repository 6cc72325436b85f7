import DetMetrics
import DetSpec
import Foundation

/// What is expected of designs that were not evaluated yet, and how much each would add to the front.
struct Outlook {
  /// Teaches a metric from the trials that have it.
  typealias Teacher = (_ metric: Metric, _ table: FeatureTable, _ values: [Double])
    -> GaussianProcess.Lesson?

  /// What becomes of one objective.
  private enum Forecast {
    /// It is known before a design is evaluated.
    case known(Metric)
    /// It is learnt; a cost by its logarithm, since costs multiply.
    case learnt(GaussianProcess, isLogarithm: Bool)
  }

  /// Says what becomes of designs.
  private struct Forecaster {
    let history: SearchHistory
    let features: DesignFeatures
    let forecasts: [Forecast]

    /// What is expected of each design, in each objective.
    func expectations(of numbers: [Int]) -> [[Prediction]] {
      guard !numbers.isEmpty else { return [] }
      let table = features.table(of: numbers)
      let byObjective: [[Prediction]] = forecasts.map { forecast in
        switch forecast {
        case .known(let metric):
          numbers.map { Prediction(mean: history.known($0)[metric] ?? 0, deviation: 0) }
        case .learnt(let process, let isLogarithm):
          process.predict(table).map { prediction in
            isLogarithm ? Prediction(mean: exp(prediction.mean), deviation: 0) : prediction
          }
        }
      }
      return numbers.indices.map { design in byObjective.map { $0[design] } }
    }
  }

  private let objectives: [Metric]
  private let forecaster: Forecaster
  private let goal: Goal
  /// What is expected of the designs that were named when this was made.
  private let named: [Int: [Prediction]]

  /// How a gain is measured.
  private enum Goal {
    /// One accuracy and one cost: exact.
    case steps(Staircase, accuracy: Int, cost: Int)
    /// Any objectives: the accuracy's spread is represented by a few of its values.
    case volume(front: [[Double]], reference: [Double], volume: Double)
  }

  /// What a history lets expect; nil when no trial has finished, or when the model of some objective orders worse than chance.
  ///
  /// - Parameters:
  ///   - history: the trials so far.
  ///   - numbers: designs whose costs matter, beside those of the trials: no design that is dearer than all of them adds anything.
  ///     Asking for their gains is cheap.
  ///   - teach: learns the kernels.
  init?(_ history: SearchHistory, reaching numbers: [Int], teach: Teacher) {
    guard !history.finished.isEmpty else { return nil }
    let finished = Self.telling(history).compactMap { history[$0] }
    let underWay = history.entries.filter { $0.isOpen && $0.isEvaluated }
    let features = DesignFeatures(history)
    let table = features.table(of: finished.map(\.number))
    let pending = underWay.map { features.row(of: $0.number) }
    let known = history.known(finished[0].number)
    var forecasts: [Forecast] = []
    for (axis, metric) in history.objectives.enumerated() {
      if known[metric] != nil {
        forecasts.append(.known(metric))
        continue
      }
      let isLogarithm = !metric.isAccuracy
      let values = finished.compactMap(\.point).map {
        isLogarithm ? log(max($0[axis], 1e-300)) : $0[axis]
      }
      guard let lesson = teach(metric, table, values),
        lesson.agreement >= 0 || values.count < Self.fewest,
        let process = GaussianProcess(lesson.kernel, table: table, values: values),
        let told = process.expecting(pending, at: values)
      else { return nil }
      forecasts.append(.learnt(told, isLogarithm: isLogarithm))
    }
    let forecaster = Forecaster(history: history, features: features, forecasts: forecasts)
    self.forecaster = forecaster
    objectives = history.objectives
    let expected = forecaster.expectations(of: numbers)
    named = Dictionary(zip(numbers, expected)) { first, _ in first }
    let evaluated = forecaster.expectations(of: (finished + underWay).map(\.number))
    goal = Self.goal(
      evaluated.map { $0.map(\.mean) }, beside: expected.map { $0.map(\.mean) },
      objectives: history.objectives)
  }

  /// The finished trials from which designs are predicted: all, or where they are many the best and the latest, since the work grows
  /// with the cube of their number.
  private static func telling(_ history: SearchHistory) -> [Int] {
    guard history.finished.count > most else { return history.finished }
    let best = Ranking(of: history.finished, in: history).trials.prefix(most / 2)
    return Set(best).union(history.finished.suffix(most / 2)).sorted()
  }
  private static let most = 400

  /// Below so many trials a model is not judged.
  private static let fewest = 24

  /// How much each design is expected to add.
  func gains(of numbers: [Int]) -> [Double] {
    let strange = numbers.filter { named[$0] == nil }
    let expected = forecaster.expectations(of: strange)
    let others = Dictionary(zip(strange, expected)) { first, _ in first }
    return numbers.map { number in
      guard let expected = named[number] ?? others[number] else { return 0 }
      switch goal {
      case .steps(let steps, let accuracy, let cost):
        return steps.expectedGain(expected[accuracy], cost: expected[cost].mean)
      case .volume(let front, let reference, let volume):
        return gain(expected, front, reference, volume)
      }
    }
  }

  // MARK: - Gains

  private static func goal(
    _ points: [[Double]], beside others: [[Double]], objectives: [Metric]
  ) -> Goal {
    let reference = HypervolumeTrack.worst(of: points + others, objectives: objectives)
    let accuracies = objectives.indices.filter { objectives[$0].isAccuracy }
    let costs = objectives.indices.filter { !objectives[$0].isAccuracy }
    if accuracies.count == 1, costs.count == 1 {
      let (accuracy, cost) = (accuracies[0], costs[0])
      let steps = Staircase(
        points.map { ($0[accuracy], $0[cost]) }, end: reference[cost])
      return .steps(steps, accuracy: accuracy, cost: cost)
    }
    let directions = objectives.map(\.direction)
    let front = ParetoFront.indices(of: points, directions: directions).map { points[$0] }
    let volume = Hypervolume.value(front, reference: reference, directions: directions)
    return .volume(front: front, reference: reference, volume: volume)
  }

  /// The quartiles of the middle of four equal parts of a normal distribution, in deviations.
  private static let spread = [-1.15, -0.32, 0.32, 1.15]

  private func gain(
    _ expected: [Prediction], _ front: [[Double]], _ reference: [Double], _ volume: Double
  ) -> Double {
    let directions = objectives.map(\.direction)
    return Self.spread.reduce(0) { sum, steps in
      let point = expected.map { $0.mean + steps * $0.deviation }
      let grown = Hypervolume.value(
        front + [point], reference: reference, directions: directions)
      return sum + (grown - volume) / Double(Self.spread.count)
    }
  }
}
