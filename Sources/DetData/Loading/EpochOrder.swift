import DetBasics

/// Which samples make up which batch of an epoch: a function of seed and epoch alone.
struct EpochOrder: Equatable {
  /// Indices of samples, batch by batch.
  let batches: [[Int]]

  init(_ dataset: Dataset, _ configuration: LoaderConfiguration, epoch: Int) {
    var indices = Array(dataset.samples.indices)
    if let share = configuration.backgroundShare {
      let count = dataset.backgroundImages(share: share)
      var generator = Generator(seed: configuration.seed).stream("background", epoch)
      let empty = indices.filter { dataset.samples[$0].isBackground }
      let background = Set(generator.shuffled(empty).prefix(count))
      indices = indices.filter { dataset.samples[$0].hasObject || background.contains($0) }
    }
    if configuration.shuffles {
      var generator = Generator(seed: configuration.seed).stream("order", epoch)
      indices = generator.shuffled(indices)
    }
    batches =
      configuration.shuffles || configuration.dropsLast
      ? Self.grouped(indices, dataset, configuration)
      : Self.inOrder(indices, dataset, configuration)
  }

  /// Batches in the order of the images; one ends where wide images change to tall ones, if they must not mix.
  private static func inOrder(
    _ indices: [Int], _ dataset: Dataset, _ configuration: LoaderConfiguration
  ) -> [[Int]] {
    var batches: [[Int]] = []
    for index in indices {
      let isOpen =
        batches.last.map { batch in
          batch.count < configuration.batchSize
            && (!configuration.separatesOrientations
              || dataset.samples[batch[0]].size.isTall == dataset.samples[index].size.isTall)
        } ?? false
      if isOpen { batches[batches.count - 1].append(index) } else { batches.append([index]) }
    }
    return batches
  }

  /// Batches of wide images and of tall ones, each as soon as it is full, and at the end what is left of both.
  private static func grouped(
    _ indices: [Int], _ dataset: Dataset, _ configuration: LoaderConfiguration
  ) -> [[Int]] {
    let size = configuration.batchSize
    // Whatever its shape, every image is as likely to be left out.
    let dropped = configuration.dropsLast ? indices.count % size : 0
    var open: [Bool: [Int]] = [:]
    var full: [[Int]] = []
    for index in indices.dropLast(dropped) {
      let isTall = configuration.separatesOrientations && dataset.samples[index].size.isTall
      open[isTall, default: []].append(index)
      guard let batch = open[isTall], batch.count == size else { continue }
      full.append(batch)
      open[isTall] = []
    }
    let rest = [open[false] ?? [], open[true] ?? []].filter { !$0.isEmpty }
    // Where batches must be full, or all have one frame, what is left of both goes together; the frame of such a batch is that
    // of most of its images.
    let isSquare = configuration.input.width == configuration.input.height
    guard configuration.dropsLast || isSquare else { return full + rest }
    return full + rest.flatMap { $0 }.parts(of: size)
  }
}

extension Sample {
  /// Whether there is something to learn to find.
  package var hasObject: Bool { boxes.contains { !$0.isIgnored } }
  /// Whether all of it, but for what is ignored, is background, which is learnt as well.
  package var isBackground: Bool { !hasObject }
}

extension Dataset {
  /// How many images an epoch has that trains on a share of those without objects, full batches or not.
  public func trainingImages(backgroundShare share: Double) -> Int {
    samples.count(where: \.hasObject) + backgroundImages(share: share)
  }

  /// How many images without objects that are.
  func backgroundImages(share: Double) -> Int {
    Self.images(ofBackground: samples.count(where: \.isBackground), share: share)
  }

  /// A share of a number of images without objects, in whole images.
  package static func images(ofBackground count: Int, share: Double) -> Int {
    Int((Double(count) * min(max(share, 0), 1)).rounded())
  }
}
