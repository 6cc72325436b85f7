import DetBasics
import Testing

@testable import DetData

/// An input means a long and a short side, whichever way an image lies.
@Suite struct ImageFrameTests {
  static let input = PixelSize(width: 1333, height: 800)

  private func dataset(_ sizes: [PixelSize]) -> Dataset {
    Dataset(
      name: "t", categories: [],
      samples: sizes.enumerated().map { index, size in
        Sample(imageID: Int64(index), content: .file("\(index).png"), imageSize: size)
      })
  }

  private func plans(
    _ sizes: [PixelSize], _ configuration: LoaderConfiguration, epoch: Int = 0
  ) -> [BatchPlan] {
    let plans = Loader(dataset: dataset(sizes), configuration: configuration).plans(epoch: epoch)
    return (0..<plans.count).map { plans.plan(ofBatch: $0) }
  }

  private static let wide = PixelSize(width: 640, height: 480)
  private static let tall = PixelSize(width: 480, height: 640)
  private static let square = PixelSize(width: 500, height: 500)

  @Test(arguments: [
    (wide, PixelSize(width: 1067, height: 800)), (tall, PixelSize(width: 800, height: 1067)),
    (square, PixelSize(width: 800, height: 800)),
    (PixelSize(width: 300, height: 1000), PixelSize(width: 400, height: 1333)),
  ])
  func theLongSideGoesAlongTheLongerSide(image: PixelSize, resized: PixelSize) {
    for input in [Self.input, Self.input.turned] {
      let batches = plans([image], LoaderConfiguration(input: input, batchSize: 1))
      #expect(batches.map { $0.images.map(\.size) } == [[resized]])
    }
  }

  @Test func aSquareInputTakesEveryImageAsItLies() {
    let input = PixelSize(width: 512, height: 512)
    let batches = plans([Self.wide, Self.tall], LoaderConfiguration(input: input, batchSize: 2))
    #expect(batches.count == 1)
    #expect(
      batches[0].images.map(\.size)
        == [PixelSize(width: 512, height: 384), PixelSize(width: 384, height: 512)])
  }

  /// Whatever a batch holds, it is no larger than the input, upright or lying; and there are as many as images fill.
  @Test(arguments: [false, true], [LoaderConfiguration.Padding.toBatch, .toInput])
  func aBatchNeverExceedsTheInput(grouping: Bool, padding: LoaderConfiguration.Padding) {
    var augmentation = Augmentation(flip: 0.5, scale: 0.5...1.5, crop: 0.6)
    augmentation.mosaic = 0.3
    var configuration = LoaderConfiguration.training(
      input: Self.input, batchSize: 4, seed: 5, augmentation: augmentation)
    configuration.groupsByAspect = grouping
    configuration.padding = padding
    let sizes = (0..<23).map { [Self.wide, Self.tall, Self.square][$0 * $0 % 3] }
    for quarterTurns in [false, true] {
      configuration.augmentation.quarterTurns = quarterTurns
      var mixed = 0
      for epoch in 0..<8 {
        let batches = plans(sizes, configuration, epoch: epoch)
        #expect(batches.map(\.images.count) == [4, 4, 4, 4, 4])
        for batch in batches {
          let padded = configuration.padded(batch.images.map(\.size), frame: batch.frame)
          #expect([padded, padded.turned].contains { $0.width <= 1344 && $0.height <= 800 })
          if padding == .toInput { #expect(max(padded.width, padded.height) == 1344) }
          let lying = Set(batch.images.map { sizes[$0.parts[0].sample].isTall })
          mixed += lying.count - 1
        }
      }
      #expect(mixed <= 8, "at most the last batch of an epoch is mixed")
    }
  }

  /// Turned images lie as their batch does, so that none of them loses pixels.
  @Test func quarterTurnsTurnWholeBatches() {
    var configuration = LoaderConfiguration.training(
      input: Self.input, batchSize: 3, seed: 1, augmentation: Augmentation(quarterTurns: true))
    configuration.groupsByAspect = true
    let batches = plans(Array(repeating: Self.wide, count: 60), configuration)
    #expect(batches.allSatisfy { Set($0.images.map(\.size)).count == 1 })
    #expect(
      Set(batches.flatMap(\.images).map(\.size))
        == [PixelSize(width: 1067, height: 800), PixelSize(width: 800, height: 1067)])
    let turns = Set(batches.flatMap(\.images).map { $0.parts[0].turning })
    #expect(turns == [.upright, .turnedLeft, .turnedRight, .turnedHalf])
  }

  @Test func imagesInOrderStayInOrder() {
    let sizes = [Self.wide, Self.wide, Self.wide, Self.tall, Self.wide, Self.tall, Self.tall]
    let configuration = LoaderConfiguration(input: Self.input, batchSize: 2)
    let batches = EpochOrder(dataset(sizes), configuration, epoch: 0).batches
    #expect(batches == [[0, 1], [2], [3], [4], [5, 6]])
  }

  @Test func whatIsLeftOfBothStaysApartWhereBatchesNeedNotBeFull() {
    var configuration = LoaderConfiguration(input: Self.input, batchSize: 4)
    configuration.shuffles = true
    let sizes = [Self.wide, Self.wide, Self.tall, Self.wide, Self.wide, Self.wide, Self.tall]
    let batches = EpochOrder(dataset(sizes), configuration, epoch: 0).batches
    #expect(batches.map(\.count) == [4, 1, 2])
    #expect(Set(batches[2]) == [2, 6])
  }

  @Test func classifiersFillTheInputAsItIs() {
    let input = PixelSize(width: 96, height: 64)
    let batches = plans(
      [Self.wide, Self.tall], .classificationTest(input: input, batchSize: 2))
    #expect(batches.map(\.frame) == [input])
    #expect(batches[0].images.map(\.size) == [input, input])
  }
}
