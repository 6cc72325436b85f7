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
    let size = configuration.batchSize
    // Whatever its shape, every image is as likely to be left out.
    if configuration.dropsLast { indices.removeLast(indices.count % size) }
    var open: [Bool: [Int]] = [:]
    var full: [[Int]] = []
    for index in indices {
      let sample = dataset.samples[index]
      let isTall = configuration.groupsByAspect && sample.height > sample.width
      open[isTall, default: []].append(index)
      guard let batch = open[isTall], batch.count == size else { continue }
      full.append(batch)
      open[isTall] = []
    }
    // What is left of both kinds goes together.
    let rest = (open[false] ?? []) + (open[true] ?? [])
    full += stride(from: 0, to: rest.count, by: size).map {
      Array(rest[$0..<min($0 + size, rest.count)])
    }
    batches = full
  }
}

extension Sample {
  /// Whether there is something to learn to find.
  package var hasObject: Bool { boxes.contains { !$0.isIgnored } }
  /// Whether all of it is background, which is learnt as well.
  package var isBackground: Bool { boxes.isEmpty }
}

extension Dataset {
  /// How many images an epoch has that trains on a share of those without boxes, full batches or not.
  public func trainingImages(backgroundShare share: Double) -> Int {
    samples.count(where: \.hasObject) + backgroundImages(share: share)
  }

  /// How many images without boxes that are.
  func backgroundImages(share: Double) -> Int {
    Self.images(ofBackground: samples.count(where: \.isBackground), share: share)
  }

  /// A share of a number of images without boxes, in whole images.
  package static func images(ofBackground count: Int, share: Double) -> Int {
    Int((Double(count) * min(max(share, 0), 1)).rounded())
  }
}
