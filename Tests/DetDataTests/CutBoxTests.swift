import Testing

@testable import DetData

/// What an edge cuts off an object, by a crop or a mosaic, is neither object nor background below half.
@Suite struct CutBoxTests {
  private func boxes(cropAt x1: Double, _ box: LabelledBox) -> [LabelledBox] {
    let part = ImagePlan.Part(
      sample: 0, turning: .upright, crop: Rectangle(x0: 0, y0: 0, x1: x1, y1: 10),
      target: PixelRegion(x: 0, y: 0, width: 20, height: 20), isMirrored: false)
    return part.boxes(of: [box], sampleSize: PixelSize(width: 40, height: 10), keep: 0.5)
  }

  private let box = LabelledBox(x0: 10, y0: 0, x1: 20, y1: 5, category: 0)

  @Test(arguments: zip([25.0, 20, 16, 15, 11], [false, false, false, true, true]))
  func halfOrLessIsIgnored(cropAt x1: Double, isIgnored: Bool) {
    let found = boxes(cropAt: x1, box)
    #expect(found.map(\.isIgnored) == [isIgnored])
    #expect(found.allSatisfy { $0.x1 <= 20 })
  }

  @Test func whatIsNotThereIsNotKept() {
    #expect(boxes(cropAt: 10, box).isEmpty)
  }

  @Test func ignoredBoxesStayIgnored() {
    var crowd = box
    crowd.isIgnored = true
    #expect(boxes(cropAt: 19, crowd).map(\.isIgnored) == [true])
  }

  /// Over random crops and mosaics: what is left of a box is an object exactly when it is more than half of it.
  @Test func noPartOfAnObjectBecomesBackground() throws {
    let shapes = try Dataset.load(
      .shapes(count: 6, size: PixelSize(width: 96, height: 64), seed: 5))
    var augmentation = Augmentation(flip: 0.5, quarterTurns: true, scale: 0.6...1.6, crop: 0.4)
    augmentation.mosaic = 0.5
    var configuration = LoaderConfiguration.training(
      input: PixelSize(width: 64, height: 64), batchSize: 2, seed: 3, augmentation: augmentation)
    configuration.dropsLast = false
    let loader = Loader(dataset: shapes, configuration: configuration)
    var counts = [0, 0]
    for epoch in 0..<10 {
      let plans = loader.plans(epoch: epoch)
      for plan in (0..<plans.count).flatMap({ plans.plan(ofBatch: $0).images }) {
        for part in plan.parts {
          let sample = shapes.samples[part.sample]
          let scale = part.target.width * part.target.height
          for own in sample.boxes {
            let found = part.boxes(of: [own], sampleSize: sample.size, keep: plan.keep)
            let turned = own.turned(from: part.turning, in: sample.size)
            let left = turned.mapped(x: -part.crop.x0, y: -part.crop.y0, scaleX: 1, scaleY: 1)
              .clipped(width: part.crop.width, height: part.crop.height)
            #expect(found.isEmpty == !left.hasArea)
            guard let kept = found.first else { continue }
            let share =
              kept.boxArea / Double(scale) * part.crop.width * part.crop.height / own.boxArea
            if abs(share - 0.5) > 1e-6 { #expect(kept.isIgnored == (share < 0.5)) }
            counts[kept.isIgnored ? 1 : 0] += 1
          }
        }
      }
    }
    #expect(counts.allSatisfy { $0 > 10 }, "\(counts)")
  }
}
