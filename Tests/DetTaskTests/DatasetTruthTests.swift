import DetData
import DetMetrics
import TestSupport
import Testing

@testable import DetTask

/// A data set's boxes as the evaluator takes them.
struct DatasetTruthTests {
  private func dataset(_ boxes: [[LabelledBox]]) -> Dataset {
    let samples = boxes.enumerated().map { number, boxes in
      Sample(
        imageID: Int64(40 + number), content: .file("\(number).png"),
        imageSize: PixelSize(width: 60, height: 40), boxes: boxes)
    }
    let categories = [Category(id: 7, name: "oak"), Category(id: 90, name: "ash")]
    return Dataset(name: "test", categories: categories, samples: samples)
  }

  @Test func imagesAndClassesKeepTheirNumbers() throws {
    let box = LabelledBox(x0: 1, y0: 2, x1: 11, y1: 22, category: 1)
    let truth = try GroundTruth(dataset([[], [box]]))
    #expect(truth.images.map(\.id) == [40, 41])
    #expect(truth.images.map(\.fileName) == ["0.png", "1.png"])
    #expect(
      truth.categories.map(\.id) == [7, 90] && truth.categories.map(\.name) == ["oak", "ash"])
    let annotation = try #require(truth.annotations.first)
    #expect(annotation.imageID == 41 && annotation.categoryID == 90)
    #expect(annotation.box == COCOBox(x: 1, y: 2, width: 10, height: 20))
  }

  @Test func annotationsAreNumberedFromOneAcrossImages() throws {
    let box = LabelledBox(x0: 0, y0: 0, x1: 9, y1: 9, category: 0, id: 99)
    let truth = try GroundTruth(dataset([[box, box], [box]]))
    #expect(truth.annotations.map(\.id) == [1, 2, 3])
  }

  @Test func theStatedAreaDecidesAndElseThatOfTheBox() throws {
    let stated = LabelledBox(x0: 0, y0: 0, x1: 9, y1: 9, category: 0, area: 12.5)
    let plain = LabelledBox(x0: 0, y0: 0, x1: 9, y1: 9, category: 0)
    #expect(try GroundTruth(dataset([[stated, plain]])).annotations.map(\.area) == [12.5, 81])
  }

  @Test func ignoredBoxesAreMarkedAndDifficultOnesThatAreNotIgnoredCount() throws {
    let boxes = [
      LabelledBox(x0: 0, y0: 0, x1: 9, y1: 9, category: 0),
      LabelledBox(x0: 0, y0: 0, x1: 9, y1: 9, category: 0, isCrowd: true),
      LabelledBox(x0: 0, y0: 0, x1: 9, y1: 9, category: 0, isDifficult: true),
      LabelledBox(x0: 0, y0: 0, x1: 9, y1: 9, category: 0, isDifficult: true, isIgnored: true),
    ]
    let annotations = try GroundTruth(dataset([boxes])).annotations
    #expect(annotations.map(\.isIgnored) == [false, true, false, true])
    #expect(annotations.map(\.isCrowd) == [false, true, false, false])
  }

  @Test func theTruthReadsBackAsADataSetInCOCOsFormat() throws {
    let folder = try TemporaryFolder()
    for name in ["0.png", "1.png"] {
      try folder.write(name, PixelImage(width: 60, height: 40).encodePNG())
    }
    let boxes = [
      LabelledBox(x0: 1, y0: 2, x1: 11.5, y1: 22, category: 1, area: 50),
      LabelledBox(x0: 0, y0: 0, x1: 60, y1: 40, category: 0, isCrowd: true),
      LabelledBox(x0: 0, y0: 0, x1: 9, y1: 9, category: 0, isIgnored: true),
    ]
    let written = dataset([boxes, []])
    try COCOTruthFile.write(try GroundTruth(written), to: folder.file("truth.json"))
    let back = try Dataset.load(
      DatasetSource(format: .coco, annotations: folder.file("truth.json")))
    #expect(back.categories == written.categories)
    #expect(back.samples.map(\.imageID) == [40, 41] && back.samples[1].boxes.isEmpty)
    let read = back.samples[0].boxes
    #expect(read.map(\.x1) == [11.5, 60, 9] && read.map(\.area) == [50, 2400, 81])
    #expect(read.map(\.isCrowd) == [false, true, false])
    #expect(read.map(\.isIgnored) == [false, true, true])
  }

  @Test func tilesAreImagesOfTheirOwnNamedByTheirRegion() throws {
    let box = LabelledBox(x0: 2, y0: 2, x1: 12, y1: 12, category: 0)
    let tiled = dataset([[box]]).tiled(Tiling(size: 32, stride: 32))
    let truth = try GroundTruth(tiled)
    #expect(truth.images.count == tiled.samples.count && truth.images.count > 1)
    #expect(Set(truth.images.map(\.id)).count == truth.images.count)
    #expect(truth.images.allSatisfy { $0.fileName.hasPrefix("0.png [") })
  }
}
