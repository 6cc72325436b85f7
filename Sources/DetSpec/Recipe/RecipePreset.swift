/// The recipes that a plan can name.
public enum RecipePreset: String, CaseIterable, Sendable {
  /// Stage one of the paper: 5 epochs from ImageNet weights, batch statistics, cosine 0.04 → 0.0001 at batch 32.
  case structural
  /// Stage two of the paper: 9 epochs from scratch, GN + WS, cosine 0.24 → 0.0001 at batch 64.
  case modular
  /// The paper's final training: 24 epochs, steps from 0.04 at batch 32, flip and scale jitter.
  case final
  /// Classification of images by a backbone, as ResNets are trained on ImageNet: 90 epochs, cosine 0.1 → 0.
  case pretrain
  /// From scratch on a small data set and a machine without an accelerator: GN + WS, small heads.
  case small

  /// The recipe.
  public var recipe: Recipe {
    var recipe = Recipe.paper
    switch self {
    case .structural: break
    case .modular:
      recipe.epochs = 9
      recipe.learningRate.from = 0.24
      recipe.learningRate.atBatch = 64
      recipe.norm = .group
      recipe.weightStandardization = true
    case .final:
      recipe.epochs = 24
      recipe.learningRate.schedule = .steps
      recipe.augmentation.scaleFrom = 0.8
      recipe.augmentation.scaleTo = 1.25
    case .pretrain:
      recipe.epochs = 90
      recipe.batch = 256
      recipe.learningRate = .init(
        from: 0.1, to: 0, atBatch: 256, schedule: .cosine, warmupSteps: 2500)
      recipe.clipNorm = 0
    case .small: Self.shrink(&recipe)
    }
    return recipe
  }

  private static func shrink(_ recipe: inout Recipe) {
    recipe.epochs = 10
    recipe.learningRate = .init(
      from: 0.04, to: 0.0004, atBatch: 8, schedule: .cosine, warmupSteps: 40)
    recipe.clipNorm = 10
    recipe.norm = .group
    recipe.weightStandardization = true
    recipe.evaluateEvery = 2
    recipe.detection.proposalSamples = 128
    recipe.detection.headSamples = 64
    recipe.detection.trainProposals = 200
    recipe.detection.testProposals = 200
    recipe.detection.headWidth = 128
    recipe.latency = LatencySettings(warmupRuns: 5, runs: 30)
  }
}

extension Recipe {
  /// Stage one of the paper, from which the other presets depart.
  public static let paper = Recipe()
}
