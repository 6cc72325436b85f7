import DetNN
import DetSpec
import DetTensor
import TestSupport
import Testing

@testable import DetTraining

/// What a recipe does with a loss, on a store with w = [1, 2].
struct RecipeOptimizerTests {
  private let store = ParameterStore(seed: 7)
  private let w: Tensor

  init() {
    w = store.root.parameter("w", shape: [2], .constant(1))
    withoutGradient { w.copy_(Tensor([1, 2])) }
  }

  /// Two epochs of two steps, at a rate that falls from 0.4 to 0, without momentum, decay, clipping or average.
  private func recipe(_ change: (inout Recipe) -> Void = { _ in }) -> Recipe {
    var recipe = RecipePreset.small.recipe
    recipe.epochs = 2
    recipe.learningRate = rate(from: 0.4, .cosine)
    (recipe.momentum, recipe.weightDecay, recipe.clipNorm, recipe.weightAverage) = (0, 0, 0, 0)
    change(&recipe)
    return recipe
  }

  private func rate(
    from: Double, _ schedule: Recipe.ScheduleShape, warmupSteps: Int = 0
  ) -> Recipe.LearningRate {
    var rate = RecipePreset.small.recipe.learningRate
    (rate.from, rate.to, rate.schedule, rate.warmupSteps) = (from, 0, schedule, warmupSteps)
    return rate
  }

  private func optimizer(_ recipe: Recipe, finishedSteps: Int = 0) -> RecipeOptimizer {
    RecipeOptimizer(store, recipe: recipe, stepsPerEpoch: 2, finishedSteps: finishedSteps)
  }

  @Test func aStepReturnsTheLossAndGoesDownItsGradient() throws {
    #expect(try optimizer(recipe()).step((w * Tensor([1, 2])).sum(), epoch: 0, step: 0) == 5)
    expectClose(w.floats(), [1 - 0.4, 2 - 0.8])
  }

  @Test func theRateFollowsTheScheduleOverTheWholeTraining() throws {
    let optimizer = optimizer(recipe())
    var rates: [Float] = []
    for (epoch, step) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
      let before = w.floats()[0]
      _ = try optimizer.step(w.sum(), epoch: epoch, step: step)
      rates.append(before - w.floats()[0])
    }
    // Half a cosine at progress 0, 1/4, 1/2 and 3/4.
    expectClose(rates, [0.4, 0.2 * (1 + 0.707107), 0.2, 0.2 * (1 - 0.707107)])
  }

  @Test func theRateIsThatOfTheBatchThatIsUsed() throws {
    // Found at 8 images, used at 2: a quarter.
    let optimizer = optimizer(recipe { $0.batch = 2 })
    _ = try optimizer.step((w * Tensor([1, 2])).sum(), epoch: 0, step: 0)
    expectClose(w.floats(), [1 - 0.1, 2 - 0.2])
  }

  @Test func warmUpTakesAFifthOfTheTrainingAtMost() {
    let rate = rate(from: 1, .steps, warmupSteps: 1000)
    let short = rate.schedule(steps: 100)
    #expect(short(0) == 0.01 && abs(short(0.1) - 0.505) < 1e-12 && short(0.2) == 1)
    let long = rate.schedule(steps: 100_000)
    #expect(long(0) == 0.01 && long(0.01) == 1 && long(0.5) == 1)
  }

  @Test func aRateInStepsFallsAtTwoThirdsAndElevenTwelfths() {
    let rate = rate(from: 1, .steps)
    let schedule = rate.schedule(steps: 12)
    expectClose([0.66, 0.67, 0.91, 0.92].map(schedule.callAsFunction), [1, 0.1, 0.1, 0.01])
  }

  @Test func aGradientAboveTheRecipesNormIsScaledDownToIt() throws {
    let optimizer = optimizer(recipe { $0.clipNorm = 1 })
    _ = try optimizer.step((w * Tensor([3, 4])).sum(), epoch: 0, step: 0)
    expectClose(w.floats(), [1 - 0.4 * 0.6, 2 - 0.4 * 0.8])
  }

  @Test func aLossThatIsNotFiniteIsNamedAndChangesNothing() {
    let optimizer = optimizer(recipe())
    #expect(throws: TrainingError.diverged(epoch: 2, step: 1, what: "the loss")) {
      try optimizer.step((w * .infinity).sum(), epoch: 1, step: 0)
    }
    #expect(w.floats() == [1, 2] && w.gradient == nil)
  }

  @Test func aGradientThatIsNotFiniteIsNamedAndChangesNothing() {
    let optimizer = optimizer(recipe())
    #expect(throws: TrainingError.diverged(epoch: 1, step: 2, what: "the gradient")) {
      // The root of 0 is 0, and infinitely steep.
      try optimizer.step((w - 1).sqrt().sum(), epoch: 0, step: 1)
    }
    #expect(w.floats() == [1, 2])
  }

  @Test func withoutAnAverageTheWeightsThemselvesAreFinal() {
    optimizer(recipe()).withFinalWeights {
      #expect(w.floats() == [1, 2] && store.mode == .evaluation)
    }
  }

  @Test func theAverageIsFinalAndTheWeightsComeBack() throws {
    let optimizer = optimizer(recipe { $0.weightAverage = 0.5 })
    _ = try optimizer.step(w.sum(), epoch: 0, step: 0)
    // The first decay is 2 / 11, below the limit.
    optimizer.withFinalWeights {
      expectClose(w.floats(), [1 - 0.4 * 9 / 11, 2 - 0.4 * 9 / 11])
    }
    expectClose(w.floats(), [0.6, 1.6])
  }

  @Test func whatWasKeptAsTheBestIsTheFinalWeightsOfThatMoment() throws {
    let optimizer = optimizer(recipe { ($0.weightAverage, $0.keeps) = (0.5, .best) })
    _ = try optimizer.step(w.sum(), epoch: 0, step: 0)
    optimizer.keepBest()
    _ = try optimizer.step(w.sum(), epoch: 0, step: 1)
    let now = w.floats()
    optimizer.withBestWeights { expectClose(w.floats(), [1 - 0.4 * 9 / 11, 2 - 0.4 * 9 / 11]) }
    #expect(w.floats() == now)
    #expect(optimizer.state.map(\.name).contains("w.best"))
  }

  @Test func restoredAfterAnEpochItStepsAsIfItHadNeverStopped() throws {
    let recipe = recipe { ($0.momentum, $0.weightAverage) = (0.9, 0.5) }
    let first = optimizer(recipe)
    for step in 0..<2 { _ = try first.step(w.pow(2).sum(), epoch: 0, step: step) }
    let saved = Dictionary(
      uniqueKeysWithValues: first.state.map { ($0.name, $0.tensor.detached().cloned()) })
    #expect(saved.keys.sorted() == ["w", "w.average", "w.momentum"])
    func lastEpoch(_ optimizer: RecipeOptimizer) throws -> [[Float]] {
      for step in 0..<2 { _ = try optimizer.step(w.pow(2).sum(), epoch: 1, step: step) }
      return [w.floats(), optimizer.withFinalWeights { w.floats() }]
    }
    let expected = try lastEpoch(first)
    let second = optimizer(recipe, finishedSteps: 2)
    try second.restore(saved)
    #expect(try lastEpoch(second) == expected)
  }

  @Test func aStateThatLacksATensorOrHasAnotherShapeIsRefused() {
    let optimizer = optimizer(recipe())
    #expect(
      thrown { try optimizer.restore(["w": w]) }
        == "the checkpoint lacks \"w.momentum\"; train afresh")
    let other = ["w": Tensor.zeros([3]), "w.momentum": Tensor.zeros([2])]
    #expect(
      thrown { try optimizer.restore(other) }.contains(
        "has the shape [3] in the checkpoint and [2]"))
  }
}

extension RecipeOptimizer {
  /// A step down one loss.
  fileprivate func step(_ loss: Tensor, epoch: Int, step: Int) throws -> Double {
    let values = try add(loss, values: [("loss", loss.item())], epoch: epoch, step: step)
    try self.step(epoch: epoch, step: step)
    return values[0].1
  }
}
