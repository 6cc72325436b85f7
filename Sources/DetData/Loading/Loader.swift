import DetBasics

/// Turns a data set into batches on a few threads, ahead of whoever uses them.
///
/// The batches of an epoch are a function of configuration, seed and epoch: the same order, the same random
/// changes, the same pixels, whatever the number of threads. Memory is bounded by ``mostBytes``.
///
/// ```swift
/// let loader = Loader(dataset: trees, configuration: .training(input: size, batchSize: 8, seed: 7))
/// let batches = loader.batches(epoch: 0)
/// while let batch = try batches.next() { … }
/// ```
public final class Loader: Sendable {
  /// The images and boxes.
  public let dataset: Dataset
  /// How batches are made.
  public let configuration: LoaderConfiguration
  /// How many threads decode.
  public let threads: Int
  let pool: FloatPool
  let renderer: ImageRenderer
  private let planner: ImagePlanner

  /// A loader; nothing is read before ``batches(epoch:startingAt:)``.
  public init(dataset: Dataset, configuration: LoaderConfiguration, threads: Int = 2) {
    precondition(threads >= 1, "a loader needs at least one thread, not \(threads)")
    precondition(
      configuration.batchSize >= 1 && configuration.prefetch >= 1 && configuration.divisor >= 1,
      "batch size, prefetch and divisor are at least 1")
    self.dataset = dataset
    self.configuration = configuration
    self.threads = threads
    pool = FloatPool(mostKept: configuration.prefetch + 1)
    planner = ImagePlanner(
      input: configuration.input, fitting: configuration.fitting,
      augmentation: configuration.augmentation,
      sizes: dataset.samples.map(\.size))
    renderer = ImageRenderer(
      dataset: dataset, normalisation: configuration.normalisation, layout: configuration.layout,
      limits: configuration.limits,
      cache: PictureCache(
        mostBytes: configuration.cacheBytes, keepsWholeImages: configuration.cachesWholeImages))
  }

  /// The batches of an epoch from number `first` on; an interrupted epoch continues where it stopped.
  public func batches(epoch: Int = 0, startingAt first: Int = 0) -> BatchStream {
    BatchStream(loader: self, plans: plans(epoch: epoch), first: first)
  }

  /// The most memory the loader takes: batches waiting, being made and in use, what its threads decode, the cache.
  ///
  /// Bounded by the configuration and the largest image, not by the number of images: each thread holds one file,
  /// its pixels, and those pixels turned.
  public var mostBytes: Int {
    let input = configuration.padded([configuration.input], frame: configuration.input)
    let batch = configuration.batchSize * 3 * input.area * MemoryLayout<Float>.size
    let largest = dataset.samples.map { $0.imageSize.area }.max() ?? 0
    let image = 3 * 3 * largest
    // One batch more than wait is in the user's hands; past ones are kept for their memory.
    return 2 * (configuration.prefetch + 1) * batch + threads * image + configuration.cacheBytes
  }

  /// How many batches an epoch has.
  public func batchCount(epoch: Int = 0) -> Int {
    EpochOrder(dataset, configuration, epoch: epoch).batches.count
  }

  func plans(epoch: Int) -> EpochPlans {
    EpochPlans(
      order: EpochOrder(dataset, configuration, epoch: epoch), planner: planner,
      generator: Generator(seed: configuration.seed).stream("images", epoch),
      batchSize: configuration.batchSize)
  }
}

/// The plans of an epoch's images, made batch by batch.
struct EpochPlans: Sendable {
  let order: EpochOrder
  let planner: ImagePlanner
  let generator: Generator
  let batchSize: Int

  var count: Int { order.batches.count }

  func plan(ofBatch batch: Int) -> BatchPlan {
    let samples = order.batches[batch]
    let frame = planner.frame(of: samples, generator.stream("frame", batch))
    return BatchPlan(
      frame: frame.size,
      images: samples.enumerated().map { place, sample in
        planner.plan(sample, in: frame, generator.stream("image", batch * batchSize + place))
      })
  }
}

/// The plans of one batch.
struct BatchPlan: Equatable {
  /// What no image exceeds.
  let frame: PixelSize
  let images: [ImagePlan]
}
