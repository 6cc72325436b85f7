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
    var open: [Bool: [Int]] = [:]
    var full: [[Int]] = []
    for index in indices {
      let isTall =
        configuration.groupsByAspect && dataset.samples[index].height > dataset.samples[index].width
      open[isTall, default: []].append(index)
      guard let batch = open[isTall], batch.count == configuration.batchSize else { continue }
      full.append(batch)
      open[isTall] = []
    }
    if !configuration.dropsLast {
      full += [open[false], open[true]].compactMap { $0 }.filter { !$0.isEmpty }
    }
    batches = full
  }
}
