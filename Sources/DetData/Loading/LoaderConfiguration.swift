/// How a ``Loader`` makes batches.
public struct LoaderConfiguration: Sendable, Equatable {
  /// To which size the images of a batch are padded, on the right and below.
  public enum Padding: Sendable, Equatable {
    /// To the largest of the batch.
    case toBatch
    /// To the input size, lying as the batch's images do: every batch has the same shape, or that shape turned.
    case toInput
  }

  /// What to do about an image that cannot be read.
  public enum BrokenImages: Sendable, Equatable {
    /// `next()` throws.
    case fail
    /// It is left out and listed in ``Batch/skipped``.
    case skip
  }

  /// How an image gets to the input's size.
  public enum Fitting: Sendable, Equatable {
    /// It is resized to fit inside, keeping its shape, so that nothing is lost: for detection.
    case inside
    /// The middle of it fills the input: `share` of the sides of the largest part of the input's shape. For
    /// judging a classifier; 224 of 256 pixels is a share of 0.875.
    case centre(share: Double)
    /// A random part fills the input: its share of the image's area and its width over its height
    /// (before the input's own shape) are drawn from these ranges. For training a classifier (Szegedy et al. 2015).
    case randomPart(area: ClosedRange<Double>, ratio: ClosedRange<Double>)
  }

  /// The size images are brought to, as ``fitting`` says; images that fit inside get its long side along theirs.
  public var input: PixelSize
  /// How an image gets to the input's size.
  public var fitting = Fitting.inside
  /// Images per batch.
  public var batchSize: Int
  /// Seed of order and augmentation.
  public var seed: UInt64 = 0
  /// A new order every epoch; otherwise that of the data set.
  public var shuffles = false
  /// Leaves out the last batch when it is not full.
  public var dropsLast = false
  /// Batches hold wide images or tall ones: less padding. What is left of both at the end of an epoch goes together. With an
  /// input that is not square, batches of images that fit inside do so in any case; see ``separatesOrientations``.
  public var groupsByAspect = false
  /// The share of the images without objects to learn that an epoch has, drawn anew for each; nil for every image.
  public var backgroundShare: Double?
  /// Padding.
  public var padding = Padding.toBatch
  /// Width and height of a batch are multiples of this.
  public var divisor = 32
  /// The order of the numbers.
  public var layout = PixelLayout.planar
  /// The range of the numbers.
  public var normalisation = Normalisation.imageNet
  /// Random changes.
  public var augmentation = Augmentation.none
  /// Images that cannot be read.
  public var brokenImages = BrokenImages.fail
  /// Finished or started batches waiting at most; bounds the memory together with the batch's size.
  public var prefetch = 2
  /// Memory for decoded large images that are used in tiles, and for whole images if wanted.
  public var cacheBytes = 512 << 20
  /// Keeps whole images decoded as well: for data sets that fit into ``cacheBytes``.
  public var cachesWholeImages = false
  /// Seconds in which no image gets ready before a wait for one ends with an error: a file system that does not answer would
  /// otherwise stop a training for ever.
  public var patience = 300.0
  /// How large an image may be.
  public var limits = ImageLimits()

  /// Which part of every batch is made; nil for the whole.
  public var share: BatchShare?

  /// Batches of `batchSize` images that fit into `input`, in the order of the data set.
  public init(input: PixelSize, batchSize: Int) {
    self.input = input
    self.batchSize = batchSize
  }

  /// What training usually wants: shuffled, only full batches, random changes.
  public static func training(
    input: PixelSize, batchSize: Int, seed: UInt64, augmentation: Augmentation = .mirroring
  ) -> LoaderConfiguration {
    var configuration = LoaderConfiguration(input: input, batchSize: batchSize)
    configuration.seed = seed
    configuration.shuffles = true
    configuration.dropsLast = true
    configuration.augmentation = augmentation
    return configuration
  }

  /// What training a classifier usually wants: random parts of shuffled images, mirrored half of the time.
  public static func classification(
    input: PixelSize, batchSize: Int, seed: UInt64
  ) -> LoaderConfiguration {
    var configuration = LoaderConfiguration.training(input: input, batchSize: batchSize, seed: seed)
    configuration.fitting = .randomPart(area: 0.08...1, ratio: 0.75...4.0 / 3)
    configuration.padding = .toInput
    configuration.divisor = 1
    return configuration
  }

  /// What judging a classifier usually wants: the middle of every image, in the order of the data set.
  public static func classificationTest(
    input: PixelSize, batchSize: Int
  ) -> LoaderConfiguration {
    var configuration = LoaderConfiguration(input: input, batchSize: batchSize)
    configuration.fitting = .centre(share: 0.875)
    configuration.padding = .toInput
    configuration.divisor = 1
    return configuration
  }

  /// Whether batches hold wide images or tall ones: where wanted, and where the input is larger one way than the other.
  public var separatesOrientations: Bool {
    groupsByAspect || (fitting == .inside && input.width != input.height)
  }

  /// The size of a batch of images of these sizes, none of which exceeds the frame.
  func padded(_ sizes: [PixelSize], frame: PixelSize) -> PixelSize {
    let width = padding == .toInput ? frame.width : sizes.map(\.width).max() ?? 1
    let height = padding == .toInput ? frame.height : sizes.map(\.height).max() ?? 1
    func rounded(_ length: Int) -> Int { (length + divisor - 1) / divisor * divisor }
    return PixelSize(width: rounded(width), height: rounded(height))
  }
}
