import DetData
import DetModel
import DetSpec
import TestSupport
import Testing

@testable import DetTraining

/// What detections on a data set are worth, and what a detector finds there.
struct ValidationTests {
  private func box(_ x: Double, category: Int = 0, isIgnored: Bool? = nil) -> LabelledBox {
    LabelledBox(
      x0: x, y0: 10, x1: x + 20, y1: 30, category: category, isIgnored: isIgnored)
  }

  private func found(_ x: Float, label: Int = 0, score: Float = 0.9) -> Detection {
    Detection(box: Box(x0: x, y0: 10, x1: x + 20, y1: 30), label: label, score: score)
  }

  private func validation(
    _ boxes: [[LabelledBox]], detectionsPerImage: Int = 100
  ) throws -> Validation {
    let samples = boxes.enumerated().map { number, boxes in
      Sample(
        imageID: Int64(number + 1), content: .file("unread.png"),
        imageSize: PixelSize(width: 100, height: 50), boxes: boxes)
    }
    let dataset = Dataset(
      name: "test", categories: [Category(id: 3, name: "oak"), Category(id: 9, name: "ash")],
      samples: samples)
    return try Validation(
      dataset: dataset, input: InputSize(text: "64x64"), detectionsPerImage: detectionsPerImage)
  }

  /// A recipe that keeps 400 detections an image is judged by 400; the name of the recall says so.
  @Test func everyDetectionThatTheRecipeKeepsIsJudged() throws {
    let places = (0..<160).map { Double($0) * 30 }
    let boxes = [places.map { box($0) }]
    let detections = [places.map { found(Float($0)) }]
    let all = try validation(boxes, detectionsPerImage: 400).metrics(of: detections)
    #expect(all["AP"] == 1 && all["AR400"] == 1 && all["AR100"] == nil)
    let few = try validation(boxes).metrics(of: detections)
    #expect(abs(try #require(few["AR100"]) - 100.0 / 160) < 1e-12 && few["AR400"] == nil)
    let less = try validation(boxes, detectionsPerImage: 5).metrics(of: detections)
    #expect(less["AR100"] != nil)
  }

  @Test func exactDetectionsAreWorthOneAndNumbersWithoutTruthAreLeftOut() throws {
    let metrics = try validation([[box(10), box(40, category: 1)], []]).metrics(
      of: [[found(10), found(40, label: 1)], []])
    // All boxes are small.
    #expect(
      metrics.keys.sorted() == ["AP", "AP50", "AP75", "APsmall", "AR1", "AR10", "AR100", "ARsmall"])
    #expect(metrics.values.allSatisfy { abs($0 - 1) < 1e-12 })
  }

  @Test func detectionsOnAnImageWithoutBoxesAreWrong() throws {
    let metrics = try validation([[box(10)], []]).metrics(
      of: [[found(10, score: 0.5)], [found(10, score: 0.9)]])
    #expect(abs(try #require(metrics["AP"]) - 0.5) < 1e-6)
  }

  /// A VOC data set's `ignoreDifficult`, COCO's `ignore`: "neither learnt from nor counted".
  @Test func ignoredBoxesAreNeitherMissedNorWrongToFind() throws {
    let validation = try validation([[box(10), box(60, isIgnored: true)]])
    for detections in [[found(10)], [found(10), found(60)], [found(60, score: 1), found(10)]] {
      let metrics = try validation.metrics(of: [detections])
      #expect(abs(try #require(metrics["AP"]) - 1) < 1e-12, "\(detections)")
      #expect(abs(try #require(metrics["AR100"]) - 1) < 1e-12, "\(detections)")
    }
  }

  @Test func withoutAnythingToFindThereIsNoNumber() throws {
    #expect(try validation([[]]).metrics(of: [[found(10)]]).isEmpty)
  }

  @Test func noImagesAreRefused() {
    #expect(thrown { try validation([]) }.contains("the validation set has no images"))
  }

  @Test func detectionsAreInPixelsOfTheDataSetsImages() throws {
    let dataset = try Dataset.load(
      .shapes(
        count: 2, size: PixelSize(width: 160, height: 80), seed: 1, classes: ["circle", "square"]))
    let design = try DetectorDesign(text: "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn")
    let detector = try Detector(
      design, classes: 2, recipe: RecipePreset.small.recipe, seed: 5)
    let result = try Validation(dataset: dataset, input: design.input).evaluate(detector)
    #expect(result.detections.count == 2)
    let boxes = result.detections.flatMap { $0.map(\.box) }
    #expect(boxes.allSatisfy { $0.x0 >= 0 && $0.x1 <= 160.01 && $0.y0 >= 0 && $0.y1 <= 80.01 })
    // In the network the image is 64 pixels wide and 32 high.
    #expect(boxes.contains { $0.x1 > 64 && $0.y1 > 32 })
  }
}
