/// How a design is trained: one value that, with the design, the data and the seed, fixes the result.
///
/// Every member has a default, which is stage one's of the paper; from it the presets of ``RecipePreset`` depart. What the
/// keys of its JSON mean and which values they take is declared in `Recipe.settings`.
public struct Recipe: Hashable, Sendable {
  /// Passes over the training images.
  public var epochs = 5
  /// Images per optimisation step.
  public var batch = 8
  /// Images computed at once, of which the gradients add up to the batch's; nil for the batch, and at most 8 of a detector's.
  public var microBatch: Int?
  /// Learning rate at the start (after warm-up) and at the end of training, for the batch it was found at.
  public var learningRate = LearningRate()
  /// What takes the steps.
  public var optimizer = Optimizer.sgd
  /// How much of the last step, or in AdamW of the mean gradient, is kept.
  public var momentum = 0.9
  /// Decay of convolution and linear weights; in AdamW apart from the gradient.
  public var weightDecay = 0.0001
  /// Whether the weights of norms and all biases decay, too, as in torchvision's and mmdetection's training.
  public var decaysNorms = false
  /// Gradients are scaled down to this global norm; 0 turns it off.
  public var clipNorm = 35.0
  /// Normalisation of the backbone, and of the convolutions of neck and head when it is `group`.
  public var norm = Norm.batch
  /// The fewest channels that a group of group normalisation has in layers of fewer than 64 channels, or of no multiple of 32; in
  /// others there are 32 groups, as published.
  public var groupChannels = 4
  /// Whether convolutions standardise their weights (Qiao et al. 2019).
  public var weightStandardization = false
  /// Path of weights the backbone starts from; nil trains from scratch.
  public var pretrained: String?
  /// The leading stages of the backbone that stay as they were loaded: 0 nothing, 1 the stem and the first stage, 2 the
  /// second, too …; nil: 1 where training starts from weights, else 0.
  public var frozenStages: Int?
  /// Whether the statistics of batch norms stay as they were loaded, while their scales and shifts are trained; nil: where
  /// training starts from weights.
  public var fixedStatistics: Bool?
  /// The average of weights over steps that is evaluated: 0 turns it off, 0.998 averages about 500 steps.
  public var weightAverage = 0.0
  /// Which weights a training leaves.
  public var keeps = KeptWeights.last
  /// Whether batches hold wide images or tall ones and are padded to their largest, as in the paper's code base, rather
  /// than to the whole input. Where the input is not square, batches of either kind are kept apart in any case.
  ///
  /// Less to compute, and norms see less padding, of which there is none at inference: on 160 images of 240x160 and
  /// 160x240 pixels in an input of 240x240, AP50 on the same images after 8 epochs is 0.34 instead of 0.23, in 0.7 of
  /// the time.
  public var groupsByAspect = true
  /// The share of the images without objects that an epoch trains on, drawn anew for each epoch: background to tell objects
  /// from; what their ignored boxes hold is neither. 0 leaves them out, as the paper's code base does.
  public var backgroundShare = 1.0
  /// How images vary while training.
  public var augmentation = AugmentationSettings()
  /// Samples, thresholds and widths of proposals and heads.
  public var detection = DetectionSettings()
  /// Epochs between evaluations on the validation images; the last epoch is always evaluated.
  public var evaluateEvery = 1
  /// Computation in `float32` or, where the device is fast at it, `bfloat16`.
  public var precision = Precision.float32
  /// How long a latency measurement takes.
  public var latency = LatencySettings()

  /// The learning rate as a function of progress.
  ///
  /// A rate belongs to a batch: the mean over more images is surer, and bears a larger step. So rates are scaled linearly from the batch
  /// they were found at to the one that is used (Goyal et al. 2017, section 2.1); see ``Recipe/usedRates``.
  public struct LearningRate: Hashable, Sendable {
    /// After warm-up.
    public var from = 0.04
    /// At the end.
    public var to = 0.0001
    /// The images per step that `from` and `to` were found at; nil where they are meant for the recipe's own batch.
    public var atBatch: Int? = 32
    /// Between them.
    public var schedule = ScheduleShape.cosine
    /// Steps of linear rise from near 0 to `from`; they count as part of the training.
    public var warmupSteps = 500
  }

  /// The shape of the learning rate over progress 0 … 1.
  public enum ScheduleShape: String, Hashable, Sendable, WordCodable {
    /// Half a cosine from `from` to `to`.
    case cosine
    /// `from`, divided by ten at two thirds and at eleven twelfths (the 1x and 2x schedules).
    case steps
  }

  /// What takes steps down the gradients.
  public enum Optimizer: String, Hashable, Sendable, WordCodable {
    /// Stochastic gradient descent with momentum, as in the paper.
    case sgd
    /// Adam with weight decay apart from the gradient (Loshchilov & Hutter 2019); its rates are far lower than those of `sgd`.
    case adamW
  }

  /// Which weights of a training are its result.
  public enum KeptWeights: String, Hashable, Sendable, WordCodable {
    /// Those after the last epoch, as in the paper.
    case last
    /// Those of the evaluated epoch with the best accuracy. The validation images choose it, so its accuracy on them is a little
    /// better than it will be on others.
    case best
  }

  /// Normalisation layers.
  public enum Norm: String, Hashable, Sendable, WordCodable {
    /// Batch statistics, trained (Ioffe & Szegedy 2015).
    case batch
    /// Batch statistics, scales and shifts as loaded, never trained: for fine-tuning with small batches.
    case frozenBatch
    /// Group statistics, independent of the batch (Wu & He 2018).
    case group
  }

  /// Arithmetic.
  public enum Precision: String, Hashable, Sendable, WordCodable {
    /// 32-bit.
    case float32
    /// 16-bit with 32-bit weights.
    case bfloat16
  }
}

/// How images and boxes vary while training.
public struct AugmentationSettings: Hashable, Sendable {
  /// Probability of a left-right flip.
  public var horizontalFlip = 0.5
  /// Probability of a top-bottom flip; for aerial and microscope images.
  public var verticalFlip = 0.0
  /// Whether images are turned by 0, 90, 180 or 270 degrees, each as likely; for aerial and microscope images.
  public var quarterTurns = false
  /// Images are resized by a random factor in this range before they are cropped or padded.
  public var scaleFrom = 1.0
  /// See ``scaleFrom``.
  public var scaleTo = 1.0
  /// The least share of each side of the image that a random part of it has; 1 uses all of it.
  public var crop = 1.0
  /// Strength 0 … 1 of random brightness, contrast and saturation.
  public var colour = 0.0
  /// Probability of four images in one (Bochkovskiy et al. 2020).
  public var mosaic = 0.0
}

/// Samples, thresholds and widths of proposals and heads (defaults: those of the paper's code base).
public struct DetectionSettings: Hashable, Sendable {
  /// Anchor side per level, in strides of the level, for the RPN.
  public var anchorScale = 8.0
  /// Height over width of the anchors.
  public var anchorRatios = [0.5, 1, 2]
  /// Anchors sampled per image for the RPN's losses.
  public var proposalSamples = 256
  /// Proposals sampled per image for the head's losses.
  public var headSamples = 512
  /// Proposals kept per image while training.
  public var trainProposals = 2000
  /// Proposals kept per image at inference.
  public var testProposals = 1000
  /// Width of the head's fully connected layers, where a design does not say it.
  public var headWidth = 1024
  /// Detections below this score are dropped.
  public var scoreFloor = 0.05
  /// Detections that overlap a better one of their class by more than this IoU are dropped.
  public var suppressionIoU = 0.5
  /// Detections kept per image.
  public var detectionsPerImage = 100
  /// Whether RoIAlign puts pixel centres at whole coordinates; torchvision's own detectors do not.
  public var alignsRegions = true
}

/// How long latency is measured.
public struct LatencySettings: Hashable, Sendable {
  /// Single-image runs before any is timed.
  public var warmupRuns = 10
  /// Single-image runs that are timed.
  public var runs = 100

  /// The defaults.
  public init() {}

  /// A measurement of that many runs.
  public init(warmupRuns: Int, runs: Int) {
    self.warmupRuns = warmupRuns
    self.runs = runs
  }
}
