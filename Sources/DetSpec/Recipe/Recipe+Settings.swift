package import DetBasics

extension Recipe {
  /// The key under which a recipe names the preset it departs from.
  static let presetKey = "extends"

  private static var presets: String {
    RecipePreset.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " | ")
  }

  /// The keys of a recipe.
  package static let settings = SettingsTable<Recipe> {
    $0.extra(
      presetKey, form: presets, default: "\"structural\"",
      "The preset from which the recipe departs; its values are the defaults.")
    $0.add("epochs", \.epochs, "Passes over the training images.", .between(1...10_000))
    $0.add("batch", \.batch, "Images per optimisation step.", .between(1...4096))
    $0.optional(
      "microBatch", \.microBatch,
      "Images computed at once: gradients of several such parts add up to the batch's, so that a small device can have a "
        + "large batch. With group norm that is the same; batch statistics are those of a part.",
      SettingRule("1 to batch") { value, recipe in value >= 1 && value <= recipe.batch },
      absent: "batch, at most 8; for classifiers batch")
    $0.group("learningRate", \.learningRate, LearningRate.settings)
    $0.add(
      "optimizer", \.optimizer,
      "What takes the steps: stochastic gradient descent, or AdamW, whose rates are far lower (1e-4 rather than 0.02)."
    )
    $0.leaveUnwritten(\.optimizer, at: .sgd)
    $0.add(
      "momentum", \.momentum,
      "How much of the last step, or in AdamW of the mean gradient, is kept.",
      SettingRule("0 up to below 1") { value, _ in value >= 0 && value < 1 })
    $0.add(
      "weightDecay", \.weightDecay,
      "Decay of convolution and linear weights; in AdamW apart from the gradient.", .atLeast(0))
    $0.add(
      "decaysNorms", \.decaysNorms,
      "Whether the weights of norms and all biases decay, too, as in torchvision's and mmdetection's training."
    )
    $0.leaveUnwritten(\.decaysNorms, at: false)
    $0.add(
      "clipNorm", \.clipNorm, "Gradients are scaled down to this global norm.",
      SettingRule("0 (off) or more") { value, _ in value >= 0 })
    $0.add(
      "norm", \.norm,
      "Normalisation of the backbone, and of the convolutions of neck and head when it is \"group\"."
    )
    $0.add(
      "groupChannels", \.groupChannels,
      "The fewest channels of a group where norm is \"group\", in layers of fewer than 64 channels or of no multiple of 32; others have 32 groups.",
      .between(1...64))
    $0.leaveUnwritten(\.groupChannels, at: 4)
    $0.add(
      "weightStandardization", \.weightStandardization,
      "Whether convolutions standardise their weights.")
    $0.path(
      "pretrained", \.pretrained,
      "Weights the backbone starts from; in a plan, relative to its folder.",
      absent: "none: from scratch")
    $0.optional(
      "frozenStages", \.frozenStages,
      "Leading stages of the backbone that stay as loaded: 0 none, 1 the first with the stem, and so on.",
      .between(0...StageCode.stageCount), absent: "1 where training starts from weights, else 0")
    $0.optional(
      "fixedStatistics", \.fixedStatistics,
      "Whether statistics of batch norms stay as loaded, while their scales and shifts are trained.",
      SettingRule("left out where norm is \"group\"") { _, recipe in recipe.norm != .group },
      absent: "where training starts from weights")
    $0.add(
      "weightAverage", \.weightAverage,
      "The average of weights over steps that is evaluated: 0 turns it off, 0.998 averages about 500 steps.",
      SettingRule("0 up to below 1") { value, _ in value >= 0 && value < 1 })
    $0.add(
      "keeps", \.keeps,
      "The weights that a training leaves: those after its last epoch, or the best of the epochs that are evaluated, which the validation images choose."
    )
    $0.leaveUnwritten(\.keeps, at: .last)
    $0.add(
      "groupsByAspect", \.groupsByAspect,
      "Whether batches hold wide images or tall ones, padded to their largest instead of to the whole input; without it batches mix them where the input is square."
    )
    $0.add(
      "backgroundShare", \.backgroundShare,
      "The share of the images without objects that an epoch trains on.", .between(0...1))
    $0.leaveUnwritten(\.backgroundShare, at: 1)
    $0.group("augmentation", \.augmentation, AugmentationSettings.settings)
    $0.group("detection", \.detection, DetectionSettings.settings)
    $0.add(
      "evaluateEvery", \.evaluateEvery,
      "Epochs between evaluations on the validation images; the last epoch is always evaluated.",
      .between(1...1_000_000))
    $0.add("precision", \.precision, "Arithmetic; bfloat16 keeps 32-bit weights.")
    $0.group("latency", \.latency, LatencySettings.settings)
  }
}

extension Recipe: SettingValue {
  package static var form: String { "recipe: a preset's name or an object" }

  /// The preset's name, where it is one.
  package var shown: String {
    let preset = RecipePreset.allCases.first { $0.recipe == self }
    return preset.map { "\"\($0.rawValue)\"" } ?? "as its keys say"
  }
}

extension Recipe.ScheduleShape: SettingValue {}
extension Recipe.Norm: SettingValue {}
extension Recipe.Optimizer: SettingValue {}
extension Recipe.KeptWeights: SettingValue {}
extension Recipe.Precision: SettingValue {}

extension Recipe.LearningRate {
  static let settings = SettingsTable<Self> {
    $0.add(
      "from", \.written, "Learning rate after warm-up, for the batch that `atBatch` names.",
      SettingRule("a number above 0, at most 100") { value, _ in value > 0 && value <= 100 })
    $0.add(
      "to", \.to, "Learning rate at the end.",
      SettingRule("0 to learningRate.from") { value, rate in value >= 0 && value <= rate.from })
    $0.optional(
      "atBatch", \.atBatch,
      "The images per step that the rates were found at; they are scaled linearly to `batch`.",
      .between(1...65_536), absent: "where `from` is given: the recipe's own batch")
    $0.add(
      "schedule", \.schedule,
      "Between them: half a cosine, or `from` divided by ten at two thirds and at eleven twelfths.")
    $0.add(
      "warmupSteps", \.warmupSteps,
      "Steps of linear rise from near 0; they are part of the training.",
      .between(0...1_000_000_000))
  }
}

extension LatencySettings {
  static let settings = SettingsTable<Self> {
    $0.add(
      "warmupRuns", \.warmupRuns, "Single-image runs before any is timed.", .between(0...1_000_000))
    $0.add("runs", \.runs, "Single-image runs that are timed.", .between(1...1_000_000))
  }
}

extension AugmentationSettings {
  static let settings = SettingsTable<Self> {
    $0.add("horizontalFlip", \.horizontalFlip, "Probability of a left-right flip.", .between(0...1))
    $0.add(
      "verticalFlip", \.verticalFlip,
      "Probability of a top-bottom flip; for aerial and microscope images.", .between(0...1))
    $0.add(
      "quarterTurns", \.quarterTurns,
      "Whether images are turned by 0, 90, 180 or 270 degrees; for aerial and microscope images.")
    $0.add(
      "scaleFrom", \.scaleFrom,
      "Images are resized by a random factor, at least this, before they are cropped or padded.",
      SettingRule("0.05 to scaleTo") { value, scales in value >= 0.05 && value <= scales.scaleTo })
    $0.add("scaleTo", \.scaleTo, "The largest such factor.", .between(0.05...20))
    $0.add(
      "crop", \.crop,
      "The least share of each side of the image that a random part of it has.",
      SettingRule("0.05 to 1 (the whole image)") { value, _ in value >= 0.05 && value <= 1 })
    $0.add(
      "colour", \.colour, "Strength of random brightness, contrast and saturation.", .between(0...1)
    )
    $0.add("mosaic", \.mosaic, "Probability of four images in one.", .between(0...1))
  }
}

extension DetectionSettings {
  static let settings = SettingsTable<Self> {
    $0.add(
      "anchorScale", \.anchorScale, "Anchor side in strides of the level.",
      SettingRule("a number above 0") { value, _ in value > 0 })
    $0.add(
      "anchorRatios", \.anchorRatios, "Height over width of the anchors.",
      SettingRule("at least one, each above 0") { ratios, _ in
        !ratios.isEmpty && ratios.allSatisfy { $0 > 0 }
      })
    $0.add(
      "proposalSamples", \.proposalSamples,
      "Anchors sampled per image for the losses of proposals.",
      count)
    $0.add(
      "headSamples", \.headSamples, "Proposals sampled per image for the head's losses.", count)
    $0.add(
      "trainProposals", \.trainProposals, "Proposals kept per image while training.", count)
    $0.add("testProposals", \.testProposals, "Proposals kept per image at inference.", count)
    $0.add(
      "headWidth", \.headWidth,
      "Width of the head's fully connected layers, where a design does not say it.", count)
    $0.add("scoreFloor", \.scoreFloor, "Detections below this score are dropped.", .between(0...1))
    $0.add(
      "suppressionIoU", \.suppressionIoU,
      "Detections that overlap a better one of their class by more than this IoU are dropped.",
      .between(0...1))
    $0.add("detectionsPerImage", \.detectionsPerImage, "Detections kept per image.", count)
    $0.add(
      "alignsRegions", \.alignsRegions,
      "Whether RoIAlign puts pixel centres at whole coordinates; torchvision's own detectors do not."
    )
  }

  private static let count = SettingRule<Self, Int>.between(1...100_000)
}
