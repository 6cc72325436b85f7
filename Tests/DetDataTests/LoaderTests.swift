import Foundation
import TestSupport
import Testing

@testable import DetData

@Suite struct LoaderTests {
  let shapes: Dataset

  init() throws {
    shapes = try Dataset.load(
      .shapes(count: 11, size: PixelSize(width: 96, height: 64), seed: 5))
  }

  func everything(
    _ configuration: LoaderConfiguration, threads: Int, epoch: Int = 0, from first: Int = 0
  ) throws -> [(images: [Batch.Image], pixels: [Float])] {
    let loader = Loader(dataset: shapes, configuration: configuration, threads: threads)
    let stream = loader.batches(epoch: epoch, startingAt: first)
    var result: [(images: [Batch.Image], pixels: [Float])] = []
    while let batch = try stream.next() {
      result.append((batch.images, batch.withPixels { Array($0) }))
    }
    return result
  }

  func busy(seed: UInt64) -> LoaderConfiguration {
    var augmentation = Augmentation(
      flip: 0.5, verticalFlip: 0.5, quarterTurns: true, scale: 0.6...1.6, crop: 0.6)
    augmentation.brightness = 0.2
    augmentation.hue = 0.1
    augmentation.mosaic = 0.4
    return .training(
      input: PixelSize(width: 64, height: 64), batchSize: 3, seed: seed, augmentation: augmentation)
  }

  @Test func samePixelsWithAnyNumberOfThreads() throws {
    let one = try everything(busy(seed: 4), threads: 1)
    for threads in [2, 5] {
      let many = try everything(busy(seed: 4), threads: threads)
      #expect(one.map(\.pixels) == many.map(\.pixels))
      #expect(one.map(\.images) == many.map(\.images))
    }
  }

  @Test func sharesOfBatchesAreTogetherTheWhole() throws {
    var configuration = busy(seed: 4)
    configuration.batchSize = 5
    configuration.padding = .toBatch
    let whole = try everything(configuration, threads: 1)
    let shares = try (0..<2).map { number in
      configuration.share = BatchShare(number, of: 2)
      return try everything(configuration, threads: 2)
    }
    #expect(!whole.isEmpty && shares.allSatisfy { $0.count == whole.count })
    for (batch, (first, second)) in zip(whole, zip(shares[0], shares[1])) {
      #expect(first.images.count == 2 && second.images.count == 3)
      #expect(first.images + second.images == batch.images)
      #expect(first.pixels + second.pixels == batch.pixels)
    }
    configuration.share = BatchShare(1, of: 2)
    let stream = Loader(dataset: shapes, configuration: configuration).batches()
    let batch = try stream.next()
    #expect(batch?.firstImage == 2 && batch?.wholeCount == 5)
  }

  @Test func seedAndEpochDecideTheOrder() throws {
    func ids(_ seed: UInt64, _ epoch: Int) throws -> [Int64] {
      try everything(busy(seed: seed), threads: 2, epoch: epoch).flatMap {
        $0.images.map(\.imageID)
      }
    }
    #expect(try ids(1, 0) == ids(1, 0))
    #expect(try ids(1, 0) != ids(1, 1))
    #expect(try ids(1, 0) != ids(2, 0))
  }

  @Test func anEpochResumesAtAnyBatch() throws {
    let whole = try everything(busy(seed: 9), threads: 2)
    #expect(whole.count == 3)
    let rest = try everything(busy(seed: 9), threads: 3, from: 1)
    #expect(rest.map(\.pixels) == whole.dropFirst().map(\.pixels))
    #expect(try everything(busy(seed: 9), threads: 1, from: 3).isEmpty)
  }

  @Test func lastBatchIsKeptUnlessDropped() throws {
    var configuration = LoaderConfiguration(input: PixelSize(width: 64, height: 64), batchSize: 4)
    #expect(try everything(configuration, threads: 2).map(\.images.count) == [4, 4, 3])
    configuration.dropsLast = true
    #expect(try everything(configuration, threads: 2).map(\.images.count) == [4, 4])
    #expect(Loader(dataset: shapes, configuration: configuration).batchCount() == 2)
  }

  @Test func imagesKeepTheirShapeAndPaddingIsZero() throws {
    let configuration = LoaderConfiguration(
      input: PixelSize(width: 72, height: 72), batchSize: 2)
    let loader = Loader(dataset: shapes, configuration: configuration)
    let batch = try #require(try loader.batches().next())
    #expect(batch.images[0].resized == PixelSize(width: 72, height: 48))
    #expect(batch.width == 96)
    #expect(batch.height == 64)
    #expect(batch.images[0].scaleX == 0.75)
    #expect(batch.value(image: 1, channel: 2, x: 72, y: 0) == 0)
    #expect(batch.value(image: 1, channel: 2, x: 0, y: 48) == 0)
    #expect(batch.value(image: 1, channel: 2, x: 71, y: 47) != 0)
    let box = shapes.samples[0].boxes[0]
    #expect(abs(batch.images[0].boxes[0].x0 - 0.75 * box.x0) < 1e-9)
  }

  @Test func bothLayoutsHoldTheSameNumbers() throws {
    var configuration = LoaderConfiguration(input: PixelSize(width: 60, height: 60), batchSize: 2)
    let planar = try #require(
      try Loader(dataset: shapes, configuration: configuration).batches().next())
    configuration.layout = .channelsLast
    let last = try #require(
      try Loader(dataset: shapes, configuration: configuration).batches().next())
    for (x, y) in [(0, 0), (59, 39), (63, 63), (17, 23)] {
      for channel in 0..<3 {
        #expect(
          planar.value(image: 1, channel: channel, x: x, y: y)
            == last.value(image: 1, channel: channel, x: x, y: y))
      }
    }
  }

  @Test func aBrokenImageFailsOrIsSkippedByName() throws {
    let folder = try TemporaryFolder()
    for index in 0..<4 { try folder.write("\(index).png", try ramp(40, 40).encodePNG()) }
    let path = try folder.write("1.png", try ramp(40, 40).encodePNG().prefix(60))
    let size = PixelSize(width: 40, height: 40)
    let samples = (0..<4).map { index in
      Sample(
        imageID: Int64(index), content: .file("\(folder.path)/\(index).png"), imageSize: size,
        boxes: [LabelledBox(x0: 0, y0: 0, x1: 9, y1: 9, category: 0)])
    }
    let dataset = Dataset(
      name: "t", categories: [Category(id: 1, name: "a")], samples: samples)
    var configuration = LoaderConfiguration(input: PixelSize(width: 32, height: 32), batchSize: 2)
    let failing = Loader(dataset: dataset, configuration: configuration).batches()
    #expect(thrown { try failing.next() }.contains(path))
    #expect(try failing.next()?.images.map(\.imageID) == [2, 3])
    configuration.brokenImages = .skip
    let skipping = Loader(dataset: dataset, configuration: configuration).batches()
    let batch = try #require(try skipping.next())
    #expect(batch.images.map(\.imageID) == [0])
    #expect(batch.skipped.map(\.place) == [path])
  }

  @Test func tilesAreCutFromOneDecodedImage() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.png", try ramp(100, 70).encodePNG())
    try folder.write(
      "a.xml", vocXML("a.png", PixelSize(width: 100, height: 70), [("tree", [11, 11, 20, 20])]))
    var source = DatasetSource(format: .voc, annotations: folder.path)
    source.tiles = Tiling(size: 32, stride: 20)
    let dataset = try Dataset.load(source)
    var configuration = LoaderConfiguration(input: PixelSize(width: 32, height: 32), batchSize: 1)
    configuration.normalisation = .unit
    let stream = Loader(dataset: dataset, configuration: configuration).batches()
    var tiles: [Batch] = []
    while let batch = try stream.next() { tiles.append(batch) }
    #expect(tiles.count == 15)
    let last = try #require(tiles.last)
    #expect(abs(last.value(image: 0, channel: 0, x: 31, y: 31) * 255 - 99) < 1e-3)
    #expect(abs(last.value(image: 0, channel: 1, x: 0, y: 0) * 255 - 38) < 1e-3)
  }

  @Test func groupingKeepsTallAndWideApart() throws {
    let samples = (0..<12).map { index in
      Sample(
        imageID: Int64(index), content: shapes.samples[0].content,
        imageSize: index % 3 == 0
          ? PixelSize(width: 64, height: 96) : PixelSize(width: 96, height: 64))
    }
    let dataset = Dataset(name: "t", categories: [], samples: samples)
    var configuration = busy(seed: 1)
    configuration.groupsByAspect = true
    configuration.batchSize = 5
    configuration.dropsLast = false
    // Eight wide and four tall: one batch of wide ones, and what is left of both.
    let batches = EpochOrder(dataset, configuration, epoch: 0).batches
    #expect(batches.map(\.count) == [5, 5, 2])
    #expect(batches[0].allSatisfy { $0 % 3 != 0 })
    #expect(Set(batches.joined()) == Set(0..<12))
    configuration.batchSize = 4
    for batch in EpochOrder(dataset, configuration, epoch: 0).batches {
      #expect(Set(batch.map { $0 % 3 == 0 }).count == 1)
    }
  }

  private func dataset(objects: Int, empty: Int, onlyIgnored: Int) -> Dataset {
    let box = LabelledBox(x0: 1, y0: 1, x1: 20, y1: 20, category: 0)
    let ignored = LabelledBox(x0: 1, y0: 1, x1: 20, y1: 20, category: 0, isIgnored: true)
    let boxes =
      Array(repeating: [box], count: objects) + Array(repeating: [], count: empty)
      + Array(repeating: [ignored], count: onlyIgnored)
    return Dataset(
      name: "t", categories: [Category(id: 1, name: "tree")],
      samples: boxes.enumerated().map { index, boxes in
        Sample(
          imageID: Int64(index), content: shapes.samples[0].content,
          imageSize: PixelSize(width: 64, height: 64), boxes: boxes)
      })
  }

  /// The count that is said of an epoch is the count it has.
  @Test(arguments: [(0.0, 3), (0.5, 7), (0.3, 5), (1, 11)])
  func anEpochHasTheShareOfImagesWithoutBoxesThatIsAskedFor(share: Double, count: Int) {
    let dataset = dataset(objects: 3, empty: 6, onlyIgnored: 2)
    var configuration = busy(seed: 4)
    configuration.batchSize = 1
    configuration.backgroundShare = share
    #expect(dataset.trainingImages(backgroundShare: share) == count)
    var seen: Set<Int> = []
    for epoch in 0..<30 {
      let images = EpochOrder(dataset, configuration, epoch: epoch).batches.joined()
      #expect(images.count == count && Set(images).isSuperset(of: 0..<3))
      seen.formUnion(images)
    }
    // Drawn anew for each epoch: in thirty each is seen.
    #expect(seen.count == (share > 0 ? 11 : 3))
    configuration.backgroundShare = nil
    #expect(EpochOrder(dataset, configuration, epoch: 0).batches.count == 11)
  }

  /// Two tall images among forty wide ones never fill a batch of their own.
  @Test func fewTallImagesAreSeenThoughOnlyFullBatchesAreUsed() {
    let samples = (0..<42).map { index in
      Sample(
        imageID: Int64(index), content: shapes.samples[0].content,
        imageSize: index < 2
          ? PixelSize(width: 64, height: 96) : PixelSize(width: 96, height: 64))
    }
    let dataset = Dataset(name: "t", categories: [], samples: samples)
    var configuration = LoaderConfiguration.training(
      input: PixelSize(width: 64, height: 64), batchSize: 8, seed: 3)
    configuration.groupsByAspect = true
    var seen: Set<Int> = []
    for epoch in 0..<20 {
      let batches = EpochOrder(dataset, configuration, epoch: epoch).batches
      #expect(batches.map(\.count) == [8, 8, 8, 8, 8])
      seen.formUnion(batches.joined())
    }
    #expect(seen.count == 42)
  }
}
