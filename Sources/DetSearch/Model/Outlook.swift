import DetMetrics
import DetSpec
import Foundation

/// What is expected of designs that were not evaluated yet, and how much each would add to the front.
struct Outlook {
  /// Teaches a metric from the trials that have it.
  typealias Teacher = (
    _ metric: Metric, _ table: FeatureTable, _ values: [Double], _ own: [Bool]
  ) -> GaussianProcess.Lesson?

  /// What becomes of one objective.
  private enum Forecast {
    /// It is known before a design is evaluated.
    case known(Metric)
    /// It is learnt; a cost by its logarithm, since costs multiply.
    case learnt(GaussianProcess, ofAll: [Prediction], isLogarithm: Bool)
  }

  /// Says what becomes of designs.
  private struct Forecaster {
    let history: SearchHistory
    let features: DesignFeatures
    let forecasts: [Forecast]
    /// Whether what is expected is taken for certain.
    let isSure: Bool

    /// What is expected of each design, in each objective.
    func expectations(of numbers: [Int]) -> [[Prediction]] {
      guard !numbers.isEmpty else { return [] }
      let byObjective: [[Prediction]] = forecasts.map { forecast in
        switch forecast {
        case .known(let metric):
          return numbers.map { Prediction(mean: history.known($0)[metric] ?? 0, deviation: 0) }
        case .learnt(let process, let all, let isLogarithm):
          let predictions =
            all.isEmpty ? process.predict(features.table(of: numbers)) : numbers.map { all[$0] }
          guard isLogarithm || isSure else { return predictions }
          return predictions.map {
            Prediction(mean: isLogarithm ? exp($0.mean) : $0.mean, deviation: 0)
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
  ///   - memory: what was worked out before.
  ///   - without: what is left out.
  ///   - teach: learns the kernels.
  init?(
    _ history: SearchHistory, reaching numbers: [Int], _ memory: ModelMemory = ModelMemory(),
    without: Set<ModelPart> = [], teach: Teacher
  ) {
    guard !history.finished.isEmpty else { return nil }
    let finished = Self.telling(history).compactMap { history[$0] }
    let underWay =
      without.contains(.trialsUnderWay)
      ? [] : history.entries.filter { $0.isOpen && $0.isEvaluated }
    let features = DesignFeatures(history, without: without)
    let told = Self.told(finished, history, features)
    let table = FeatureTable(told.map(\.row), groups: features.groups)
    let own = told.map(\.isOwn)
    let pending = underWay.map { features.row(of: $0.number) }
    let known = history.known(finished[0].number)
    var forecasts: [Forecast] = []
    for (axis, metric) in history.objectives.enumerated() {
      if known[metric] != nil {
        forecasts.append(.known(metric))
        continue
      }
      let isLogarithm = !metric.isAccuracy
      let values = told.map { isLogarithm ? log(max($0.point[axis], 1e-300)) : $0.point[axis] }
      guard let lesson = teach(metric, table, values, own),
        lesson.agreement >= 0 || finished.count < Self.fewest
      else { return nil }
      var process = memory.process(metric, lesson.kernel, features)
      guard process.see(table, values: values), process.expect(pending, at: values) else {
        return nil
      }
      memory.keep(process, for: metric, features)
      forecasts.append(
        .learnt(process, ofAll: process.standingPredictions, isLogarithm: isLogarithm))
    }
    let forecaster = Forecaster(
      history: history, features: features, forecasts: forecasts,
      isSure: without.contains(.uncertainty))
    self.forecaster = forecaster
    objectives = history.objectives
    let expected = forecaster.expectations(of: numbers)
    named = Dictionary(zip(numbers, expected)) { first, _ in first }
    let evaluated = forecaster.expectations(of: (finished + underWay).map(\.number))
    goal = Self.goal(
      evaluated.map { $0.map(\.mean) }, beside: expected.map { $0.map(\.mean) },
      objectives: history.objectives)
  }

  /// What a finished trial tells.
  private struct Told {
    let trial: Int
    let row: [Double]
    let point: [Double]
    /// Whether it is of this space, and not of one that is like it.
    let isOwn: Bool
  }

  /// What the finished trials tell, and as many of those of other spaces as there is room for, in the order of their numbers.
  private static func told(
    _ finished: [SearchHistory.Entry], _ history: SearchHistory, _ features: DesignFeatures
  ) -> [Told] {
    let own = finished.compactMap { entry in
      entry.point.map {
        Told(trial: entry.trial, row: features.row(of: entry.number), point: $0, isOwn: true)
      }
    }
    let others = history.kin.suffix(max(0, most - own.count)).map {
      Told(trial: $0.trial, row: features.row(of: $0), point: $0.point, isOwn: false)
    }
    return others.isEmpty ? own : (own + others).sorted { $0.trial < $1.trial }
  }

  /// The finished trials from which designs are predicted: all, or where they are many the best and the latest, since the work grows
  /// with the cube of their number. Which ones changes only now and then, so that each new trial is one more and no other list.
  private static func telling(_ history: SearchHistory) -> [Int] {
    let finished = history.finished
    guard finished.count > most else { return finished }
    let latest = (finished.count - most / 2) / renewal * renewal
    let best = Ranking(of: Array(finished[..<latest]), in: history).trials.prefix(most / 2)
    return best.sorted() + finished[latest...]
  }
  private static let most = 128
  private static let renewal = 32

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
