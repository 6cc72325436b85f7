import DetBasics

/// Which samples make up which batch of an epoch: a function of seed and epoch alone.
struct EpochOrder: Equatable {
  /// Indices of samples, batch by batch.
  let batches: [[Int]]

  init(_ dataset: Dataset, _ configuration: LoaderConfiguration, epoch: Int) {
    var indices = Array(dataset.samples.indices)
    if configuration.leavesOutEmpty {
      indices = indices.filter { dataset.samples[$0].boxes.contains { !$0.isIgnored } }
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
