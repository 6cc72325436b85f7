import DetNN
import DetSpec
import DetTensor
import TestSupport
import Testing

@testable import DetTraining

/// Every optimizer that a recipe can name, on a store with w = [1, 2], which decays, and b = [3], which does not.
struct RecipeOptimizerKindsTests {
  private func store() -> (store: ParameterStore, w: Tensor, b: Tensor) {
    let store = ParameterStore(seed: 7)
    let w = store.root.parameter("w", shape: [2], .constant(1))
    let b = store.root.parameter("b", shape: [1], .constant(3), decays: false)
    withoutGradient { w.copy_(Tensor([1, 2])) }
    return (store, w, b)
  }

  private func recipe(_ kind: Recipe.Optimizer) -> Recipe {
    var recipe = RecipePreset.small.recipe
    recipe.optimizer = kind
    recipe.epochs = 2
    recipe.learningRate.warmupSteps = 0
    return recipe
  }

  @Test(arguments: [Recipe.Optimizer.sgd, .adamW])
  func restoredAfterAnEpochItStepsAsIfItHadNeverStopped(kind: Recipe.Optimizer) throws {
    func epoch(_ number: Int, _ optimizer: RecipeOptimizer, _ w: Tensor, _ b: Tensor) throws {
      for step in 0..<2 {
        _ = try optimizer.add(w.pow(2).sum() + b.sum(), epoch: number, step: step)
        try optimizer.step(epoch: number, step: step)
      }
    }
    let (store, w, b) = store()
    let first = RecipeOptimizer(store, recipe: recipe(kind), stepsPerEpoch: 2)
    try epoch(0, first, w, b)
    let saved = Dictionary(
      uniqueKeysWithValues: first.state.map { ($0.name, $0.tensor.detached().cloned()) })
    try epoch(1, first, w, b)
    let (other, ownW, ownB) = self.store()
    let second = RecipeOptimizer(other, recipe: recipe(kind), stepsPerEpoch: 2, finishedSteps: 2)
    try second.restore(saved)
    try epoch(1, second, ownW, ownB)
    #expect(ownW.floats() == w.floats() && ownB.floats() == b.floats())
  }

  @Test(arguments: [Recipe.Optimizer.sgd, .adamW]) func biasesDecayOnDemand(kind: Recipe.Optimizer)
    throws
  {
    func bias(decaysNorms: Bool) throws -> Float {
      let (store, _, b) = store()
      var recipe = recipe(kind)
      recipe.weightDecay = 0.5
      recipe.decaysNorms = decaysNorms
      let optimizer = RecipeOptimizer(store, recipe: recipe, stepsPerEpoch: 2)
      _ = try optimizer.add(b.sum() * 0 + 1, epoch: 0, step: 0)
      try optimizer.step(epoch: 0, step: 0)
      return b.floats()[0]
    }
    #expect(try bias(decaysNorms: false) == 3)
    #expect(try bias(decaysNorms: true) < 3)
  }
}
