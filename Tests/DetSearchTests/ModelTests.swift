import DetBasics
import DetMetrics
import DetSpec
import Foundation
import TestSupport
import Testing

@testable import DetSearch

/// The Gaussian process, and what is made of its predictions.
@Suite struct ModelTests {
  // MARK: - Linear algebra

  /// A random positive definite matrix, column after column.
  private static func matrix(_ order: Int, _ stream: inout Generator) -> [Double] {
    let root = (0..<order * order).map { _ in stream.normal() }
    return (0..<order * order).map { place in
      let (row, column) = (place % order, place / order)
      return (0..<order).reduce(row == column ? 0.1 : 0) {
        $0 + root[$1 * order + row] * root[$1 * order + column]
      }
    }
  }

  @Test(arguments: [0, 1, 2, 7, 40]) func choleskySolvesAndInverts(_ order: Int) throws {
    var stream = Generator(seed: UInt64(order))
    let matrix = Self.matrix(order, &stream)
    let factor = try #require(CholeskyFactor(matrix, order: order))
    let right = (0..<order).map { _ in stream.normal() }
    let solution = factor.solve(right)
    let inverse = factor.inverse()
    for row in 0..<order {
      var (product, byInverse) = (0.0, 0.0)
      for column in 0..<order {
        product += matrix[column * order + row] * solution[column]
        byInverse += inverse[min(row, column) * order + max(row, column)] * right[column]
      }
      #expect(abs(product - right[row]) < 1e-8)
      #expect(abs(byInverse - solution[row]) < 1e-8)
    }
  }

  @Test func aGrowingFactorSolvesAsLAPACKDoesAndForgetsWithoutATrace() throws {
    var stream = Generator(seed: 3)
    let order = 23
    let matrix = Self.matrix(order, &stream)
    func row(_ row: Int) -> [Double] { (0...row).map { matrix[row * order + $0] } }
    var whole = GrowingFactor()
    for place in 0..<order {
      let isAppended = whole.append(row(place))
      #expect(isAppended)
    }
    let right = (0..<order).map { _ in stream.normal() }
    let expected = try #require(CholeskyFactor(matrix, order: order)).solve(right)
    for (left, right) in zip(whole.solve(right), expected) { #expect(abs(left - right) < 1e-8) }
    var cut = whole
    cut.cut(to: 9)
    let isTaken = cut.append(Array(row(9).dropLast()) + [0])
    #expect(!isTaken && cut.order == 9)
    for place in 9..<order { _ = cut.append(row(place)) }
    #expect(cut.solve(right) == whole.solve(right))
  }

  @Test func aMatrixThatIsNotPositiveDefiniteHasNoFactor() {
    #expect(CholeskyFactor([1, 2, 2, 1], order: 2) == nil)
    #expect(CholeskyFactor([.nan], order: 1) == nil)
  }

  // MARK: - The process

  private struct Reference: Decodable {
    let sklearn: String
    let groups: [[Int]]
    let reach: [Double]
    let joint: Double
    let noise: Double
    let known: [[Double]]
    let values: [Double]
    let asked: [[Double]]
    let means: [Double]
    let deviations: [Double]
    let logLikelihood: Double

    var kernel: DesignKernel {
      var kernel = DesignKernel(groups: groups.count)
      // What each part does by itself is left out: the reference's kernel does not have it.
      kernel.list = reach.map { log($0) } + [log(joint), -60, log(noise)]
      return kernel
    }

    func table(_ rows: [[Double]]) -> FeatureTable {
      FeatureTable(rows, groups: groups.map { $0[0]..<$0[1] })
    }
  }

  @Test func predictionsAndLikelihoodAreScikitLearns() throws {
    let reference = try Golden.read(Reference.self, "gaussian_process.json")
    let table = reference.table(reference.known)
    let process = try #require(
      GaussianProcess(reference.kernel, table: table, values: reference.values))
    let predictions = process.predict(reference.table(reference.asked))
    for (index, prediction) in predictions.enumerated() {
      #expect(abs(prediction.mean - reference.means[index]) < 1e-9)
      #expect(abs(prediction.deviation - reference.deviations[index]) < 1e-9)
    }
    let scaled = try #require(ScaledValues(reference.values))
    let evidence = try #require(
      GaussianProcess.Evidence(reference.kernel, KnownDistances(table), scaled.values))
    let constant = Double(reference.values.count) / 2 * log(2 * Double.pi)
    #expect(abs(evidence.cost + constant + reference.logLikelihood) < 1e-9)
  }

  @Test func theSlopesAreThoseOfTheCost() throws {
    let reference = try Golden.read(Reference.self, "gaussian_process.json")
    let distances = KnownDistances(reference.table(reference.known))
    let scaled = try #require(ScaledValues(reference.values))
    var kernel = reference.kernel
    kernel.separate = -0.5
    let slopes = try #require(GaussianProcess.Evidence(kernel, distances, scaled.values)).slopes
    for index in kernel.list.indices {
      let costs = try [-1e-5, 1e-5].map { step in
        var other = kernel
        other.list[index] += step
        return try #require(GaussianProcess.Evidence(other, distances, scaled.values)).cost
      }
      #expect(abs((costs[1] - costs[0]) / 2e-5 - slopes[index]) < 1e-5)
    }
  }

  /// Designs of three parts, of which the second does nothing.
  private static func designs(_ count: Int, _ stream: inout Generator) -> [[Double]] {
    (0..<count).map { _ in (0..<3).map { _ in stream.uniform() } }
  }
  private static let groups = [0..<1, 1..<2, 2..<3]

  @Test func aPartThatDoesNothingIsFoundOut() throws {
    var stream = Generator(seed: 3)
    let rows = Self.designs(40, &stream)
    let values = rows.map { sin(5 * $0[0]) * cos(4 * $0[2]) }
    let lesson = try #require(
      GaussianProcess.learn(FeatureTable(rows, groups: Self.groups), values: values))
    #expect(lesson.agreement > 0.8)
    #expect(lesson.kernel.reach[1] < min(lesson.kernel.reach[0], lesson.kernel.reach[2]) - 1.5)
    #expect(lesson.kernel.noise < log(0.01))
  }

  @Test func valuesWithoutRhymeAreOrderedNoBetterThanByChance() throws {
    var agreements: [Double] = []
    for seed in 1...8 {
      var stream = Generator(seed: UInt64(seed))
      let rows = Self.designs(30, &stream)
      let values = rows.map { _ in stream.normal() }
      let lesson = GaussianProcess.learn(FeatureTable(rows, groups: Self.groups), values: values)
      agreements.append(try #require(lesson).agreement)
    }
    #expect(agreements.count { $0 <= 0 } >= 2, "\(agreements)")
    #expect(abs(agreements.reduce(0, +) / 8) < 0.15, "\(agreements)")
  }

  @Test func equalValuesTeachNothingAndBreakNothing() throws {
    var stream = Generator(seed: 5)
    let table = FeatureTable(Self.designs(10, &stream), groups: Self.groups)
    let lesson = try #require(
      GaussianProcess.learn(table, values: Array(repeating: 0.25, count: 10)))
    let process = try #require(
      GaussianProcess(lesson.kernel, table: table, values: Array(repeating: 0.25, count: 10)))
    for prediction in process.predict(table) { #expect(abs(prediction.mean - 0.25) < 1e-9) }
    #expect(GaussianProcess.learn(FeatureTable([], groups: Self.groups), values: []) == nil)
  }

  @Test func lessIsToBeLearntWhereWorkIsUnderWay() throws {
    var stream = Generator(seed: 6)
    let rows = Self.designs(12, &stream)
    let values = rows.map { $0[0] + $0[2] * $0[2] }
    let table = FeatureTable(rows, groups: Self.groups)
    let lesson = try #require(GaussianProcess.learn(table, values: values))
    let process = try #require(GaussianProcess(lesson.kernel, table: table, values: values))
    let pending = [[0.5, 0.5, 0.5]]
    let asked = FeatureTable(
      pending + [[0.52, 0.5, 0.5], [0.05, 0.9, 0.95]], groups: Self.groups)
    let before = process.predict(asked)
    var told = process
    let isTold = told.expect(pending, at: values)
    #expect(isTold)
    let after = told.predict(asked)
    #expect(after[0].deviation < before[0].deviation / 2)
    #expect(after[1].deviation < before[1].deviation)
    for (old, new) in zip(before, after) { #expect(abs(old.mean - new.mean) < 0.02) }
  }

  @Test func whatIsKeptFromTrialToTrialChangesNothing() throws {
    var stream = Generator(seed: 12)
    let rows = Self.designs(30, &stream)
    let values = rows.map { $0[0] - $0[1] * $0[2] }
    let all = FeatureTable(Self.designs(200, &stream), groups: Self.groups)
    let kernel = DesignKernel(groups: Self.groups.count)
    var kept = GaussianProcess(kernel, groups: Self.groups, standing: all)
    // Others come to stand in the middle, and some are left out again.
    for places in [Array(0..<10), Array(0..<11), [0, 1, 2, 20] + Array(3..<12), Array(0..<30)] {
      let table = FeatureTable(places.map { rows[$0] }, groups: Self.groups)
      let seen = places.map { values[$0] }
      let isSeen = kept.see(table, values: seen)
      #expect(isSeen)
      let fresh = try #require(GaussianProcess(kernel, table: table, values: seen))
      #expect(kept.standingPredictions == fresh.predict(all))
    }
  }

  // MARK: - Gains

  @Test func aSureGainIsTheHypervolumes() {
    var stream = Generator(seed: 8)
    for _ in 0..<200 {
      let points = (0..<stream.index(below: 8)).map { _ in
        (accuracy: stream.uniform(), cost: stream.uniform(0..<10))
      }
      let (accuracy, cost) = (stream.uniform(), stream.uniform(0..<12))
      let gain = Staircase(points, end: 10).expectedGain(
        Prediction(mean: accuracy, deviation: 0), cost: cost)
      func volume(_ points: [(accuracy: Double, cost: Double)]) -> Double {
        Hypervolume.value(
          points.map { [$0.accuracy, $0.cost] }, reference: [0, 10],
          directions: [.maximize, .minimize])
      }
      let grown = volume(points + [(accuracy, cost)]) - volume(points)
      #expect(abs(gain - grown) < 1e-12)
    }
  }

  @Test func anUnsureGainIsTheMeanOfMany() {
    var stream = Generator(seed: 9)
    let steps = Staircase([(0.2, 1), (0.5, 3), (0.6, 7)], end: 10)
    for (mean, deviation, cost) in [(0.45, 0.1, 2.0), (0.7, 0.05, 0.5), (0.3, 0.2, 8)] {
      let draws = 40_000
      let sum = (0..<draws).reduce(0) { sum, _ in
        let value = mean + deviation * stream.normal()
        return sum + steps.expectedGain(Prediction(mean: value, deviation: 0), cost: cost)
      }
      let expected = steps.expectedGain(
        Prediction(mean: mean, deviation: deviation), cost: cost)
      #expect(abs(sum / Double(draws) - expected) < 0.02 * expected + 1e-3)
    }
  }
}

/// The searcher that learns.
@Suite struct ModelSearchTests {
  /// A history of the small space, all of whose trials so far have finished.
  private static func history(
    _ objectives: [Metric], value: @Sendable (DetectorDesign, Metric) -> Double, trials: Int = 12
  ) throws -> SearchHistory {
    let plan = try Samples.plan("\"structural\": { \"trials\": 40 }")
    let space = try StructuralSpace(try #require(plan.structural).space)
    var history = SearchHistory(space: space, objectives: objectives) { number in
      let cost = DesignCost(space.design(at: number), classes: 2)
      return [.macs: Double(cost.macs), .parameters: Double(cost.parameters)]
    }
    var stream = Generator(seed: 2)
    for trial in 1...trials {
      let number = try #require(history.draw(&stream))
      history.register(trial: trial, number: number)
      history.observe(
        trial: trial, point: objectives.map { value(space.design(at: number), $0) })
    }
    return history
  }

  private static func sound(_ design: DetectorDesign, _ metric: Metric) -> Double {
    let macs = Double(DesignCost(design, classes: 2).macs)
    return metric.isAccuracy ? 0.4 * macs / (macs + 3e10) : macs / 1e9
  }

  @Test func whatIsExpectedToHelpMostComesFirstAndSaysWhoChoseIt() throws {
    let history = try Self.history([.averagePrecision, .latency], value: Self.sound)
    var stream = Generator(seed: 1)
    let candidates = ModelSearch(initial: 8).propose(history: history, stream: &stream)
    #expect(candidates.count == 4 && Set(candidates.map(\.number)).count == 4)
    #expect(candidates.allSatisfy { history.isFree($0.number) && $0.origin.name == "predicted" })
  }

  @Test func aModelThatOrdersWorseThanChanceIsNotAsked() throws {
    func outlook(_ agreement: Double, trials: Int) throws -> Outlook? {
      let history = try Self.history([.averagePrecision, .macs], value: Self.sound, trials: trials)
      return Outlook(history, reaching: []) { _, table, values, _ in
        GaussianProcess.learn(table, values: values).map {
          GaussianProcess.Lesson(kernel: $0.kernel, agreement: agreement)
        }
      }
    }
    #expect(try outlook(-0.1, trials: 24) == nil)
    #expect(try outlook(0.1, trials: 24) != nil)
    // Few trials do not judge it.
    #expect(try outlook(-0.1, trials: 23) != nil)
  }

  /// Accuracies without rhyme: now and then the model sees that it is of no use, and the paper's evolution has its turn.
  @Test func evolutionTakesItsPlace() throws {
    var places = 0
    for salt in 1...8 {
      let history = try Self.history(
        [.averagePrecision, .latency],
        value: { design, metric in
          Double(StableHash.value(of: "\(salt) \(metric) \(design)") % 1000 + 1) / 2000
        }, trials: 32)
      var stream = Generator(seed: 1)
      let own = ModelSearch(initial: 8).propose(history: history, stream: &stream)
      guard own.map(\.origin.name) != Array(repeating: "predicted", count: own.count) else {
        continue
      }
      #expect(own.count == 1 && ["mutation", "start"].contains(own[0].origin.name))
      places += 1
    }
    #expect(places > 0)
  }

  @Test func threeObjectivesAreSearchedAsWell() throws {
    let history = try Self.history([.averagePrecision, .latency, .parameters]) { design, metric in
      metric == .parameters
        ? Double(DesignCost(design, classes: 2).parameters) : Self.sound(design, metric)
    }
    var stream = Generator(seed: 1)
    let candidates = ModelSearch(initial: 8).propose(history: history, stream: &stream)
    #expect(candidates.count == 4 && candidates.allSatisfy { $0.origin.name == "predicted" })
  }

  /// The same history asked again, by another searcher of the kind, gives the same: what was remembered changes nothing.
  @Test func rememberingChangesNothing() throws {
    let searcher = ModelSearch(initial: 8)
    let history = try Self.history([.averagePrecision, .latency], value: Self.sound)
    let other = try Self.history([.averagePrecision, .latency], value: Self.sound, trials: 20)
    func ask(_ searcher: ModelSearch, _ history: SearchHistory) -> [Candidate] {
      var stream = Generator(seed: 1)
      return searcher.propose(history: history, stream: &stream)
    }
    let first = ask(searcher, history)
    let later = ask(searcher, other)
    #expect(ask(searcher, history) == first)
    #expect(ask(ModelSearch(initial: 8), other) == later)
  }

  // MARK: - Left out

  @Test(arguments: [ModelPart.knownCosts, .separateEffects, .jointEffects, .learning, .uncertainty])
  func whatIsLeftOutOfTheModelChangesWhatItChooses(part: ModelPart) throws {
    let history = try Self.history([.averagePrecision, .latency], value: Self.sound)
    func chosen(_ without: Set<ModelPart>) -> [Int] {
      var stream = Generator(seed: 1)
      let searcher = ModelSearch(initial: 8, without: without)
      return searcher.propose(history: history, stream: &stream).map(\.number)
    }
    #expect(chosen([part]).count == 4 && chosen([part]) != chosen([]))
  }

  @Test func whatIsLeftOutOfTheSearchChangesItToo() throws {
    func first(_ without: Set<ModelPart>) throws -> [Candidate] {
      let history = try Self.history([.averagePrecision, .latency], value: Self.sound, trials: 2)
      var stream = Generator(seed: 5)
      return ModelSearch(initial: 8, without: without).propose(history: history, stream: &stream)
    }
    #expect(try first([.spreadStart]).map(\.number) != first([]).map(\.number))
    var history = try Self.history([.averagePrecision, .latency], value: Self.sound)
    func chosen(_ without: Set<ModelPart>) -> [Int] {
      var stream = Generator(seed: 1)
      let searcher = ModelSearch(initial: 8, without: without)
      return searcher.propose(history: history, stream: &stream).map(\.number)
    }
    let best = try #require(chosen([]).first)
    history.register(trial: 100, number: best)
    #expect(chosen([.trialsUnderWay]) != chosen([]))
  }

  @Test func aKernelWithoutAPartLearnsNothingOfIt() throws {
    let start = DesignKernel(groups: 2, without: [.jointEffects])
    #expect(start.variance == exp(start.separate) + exp(-30))
    let rows = (0..<12).map { [Double($0 % 3) / 2, Double($0 / 3) / 3] }
    let table = FeatureTable(rows, groups: [0..<1, 1..<2])
    let values = rows.map { $0[0] * $0[1] }
    let lesson = try #require(
      GaussianProcess.learn(table, values: values, without: [.jointEffects]))
    #expect(lesson.kernel.joint == start.joint && lesson.kernel.separate != start.separate)
  }

  // MARK: - Spaces that are alike

  /// The space around a pick, with trials drawn at random, numbered on from a first one.
  private static func around(
    _ pick: String, worth: @Sendable (StageCode) -> Double, trials: ClosedRange<Int>
  ) throws -> SearchHistory {
    let space = ModularSpace(pick: try DetectorDesign(text: pick), parts: ModularParts())
    var history = SearchHistory(space: space, objectives: [.averagePrecision, .macs]) { number in
      [.macs: Double(DesignCost(space.design(at: number), classes: 2).macs)]
    }
    var stream = Generator(seed: UInt64(trials.lowerBound))
    for trial in trials {
      let number = try #require(history.draw(&stream))
      history.register(trial: trial, number: number)
      let macs = try #require(history.known(number)[.macs])
      history.observe(trial: trial, point: [try value(number, space, worth), macs])
    }
    return history
  }

  private static func value(
    _ number: Int, _ space: ModularSpace, _ worth: (StageCode) -> Double
  ) throws -> Double {
    guard case .coded(let code) = space.design(at: number).backbone else { return 0 }
    return worth(code)
  }

  @Test func whatIsTrueAroundOnePickIsExpectedAroundAnother() throws {
    @Sendable func worth(_ code: StageCode) -> Double {
      0.3 + 0.01 * Double(code.doubles[2].count) - 0.01 * Double(code.doubles[0].count)
    }
    var own = try Self.around(
      "512x512 | resnet34 | fpn P2-P5 256 | rpn | rcnn", worth: worth, trials: 1...9)
    let other = try Self.around(
      "800x600 | resnet50 | fpn P2-P5 256 | rpn | rcnn", worth: { 0.1 + worth($0) },
      trials: 10...60)
    let space = try #require(own.space as? ModularSpace)
    var stream = Generator(seed: 3)
    let asked = try (0..<100).map { _ in try #require(own.draw(&stream)) }
    let truth = try asked.map { try Self.value($0, space, worth) }

    /// How far the model's expectations are from the truth, on average.
    func error(_ history: SearchHistory) throws -> Double {
      let features = DesignFeatures(history)
      let rows =
        history.finished.compactMap { history[$0] }.map { features.row(of: $0.number) }
        + history.kin.map(features.row)
      let values =
        history.finished.compactMap { history[$0]?.point?[0] } + history.kin.map { $0.point[0] }
      let table = FeatureTable(rows, groups: features.groups)
      let lesson = try #require(GaussianProcess.learn(table, values: values))
      let process = try #require(GaussianProcess(lesson.kernel, table: table, values: values))
      let expected = process.predict(features.table(of: asked))
      return zip(expected, truth).reduce(0) { $0 + abs($1.0.mean - $1.1) } / Double(truth.count)
    }

    let alone = try error(own)
    for trial in other.finished {
      let entry = try #require(other[trial])
      own.adopt(
        .init(
          trial: trial, family: 1, features: other.space.features(of: entry.number),
          known: other.known(entry.number), point: try #require(entry.point)))
    }
    #expect(own.kin.count == 51)
    #expect(try error(own) < alone / 2)
    // And it is asked as ever.
    let candidates = ModelSearch(initial: 8).propose(history: own, stream: &stream)
    #expect(candidates.count == 4 && candidates.allSatisfy { own.isFree($0.number) })
  }

  @Test func kinOfAnotherShapeIsPassedOverAndTheOthersAreInOrder() throws {
    var history = try Self.history([.averagePrecision, .macs], value: Self.sound)
    let features = history.space.features(of: 0)
    for trial in [30, 20, 25] {
      history.adopt(
        .init(trial: trial, family: 2, features: features, known: [:], point: [0.1, 1]))
    }
    history.adopt(.init(trial: 40, family: 2, features: [1], known: [:], point: [0.1, 1]))
    history.adopt(.init(trial: 41, family: 2, features: features, known: [:], point: [0.1]))
    #expect(history.kin.map(\.trial) == [20, 25, 30])
  }
}
