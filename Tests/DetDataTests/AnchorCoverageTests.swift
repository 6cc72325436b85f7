import DetBasics
import TestSupport
import Testing

@testable import DetData

@Suite struct AnchorCoverageTests {
  let anchors = AnchorRule.plain.anchors(AnchorRule.plain.usual)

  func dataset(_ boxes: [LabelledBox], _ size: PixelSize) -> Dataset {
    let sample = Sample(imageID: 1, content: .file("a.png"), imageSize: size, boxes: boxes)
    return Dataset(name: "t", categories: [Category(id: 1, name: "a")], samples: [sample])
  }

  @Test func aBoxLikeAnAnchorIsCoveredByItsLevelAlone() {
    // Stride 16 has squares of 128 pixels around multiples of 16.
    let box = LabelledBox(x0: 16, y0: 32, x1: 144, y1: 160, category: 0)
    let size = PixelSize(width: 256, height: 256)
    let coverage = AnchorCoverage(dataset([box], size), input: size, anchors: anchors)
    #expect(coverage.recall70 == 1 && coverage.meanOverlap == 1)
    #expect(coverage.levels.map(\.share) == [0, 0, 1, 0, 0, 0])
    #expect(coverage.levels.map(\.recall50) == [0, 0, 1, 0, 0, 0])
    #expect(coverage.tinyShare == 0)
    // At a quarter of the size it belongs two levels further down.
    let small = AnchorCoverage(
      dataset([box], size), input: PixelSize(width: 64, height: 64), anchors: anchors)
    #expect(small.levels.map(\.share) == [1, 0, 0, 0, 0, 0])
  }

  @Test func theNearestCentreIsTheBestOfAll() {
    var generator = Generator(seed: 4)
    let input = PixelSize(width: 130, height: 97)
    for _ in 0..<60 {
      let x = generator.uniform(0..<120)
      let y = generator.uniform(0..<90)
      let box = LabelledBox(
        x0: x, y0: y, x1: x + generator.uniform(1..<100), y1: y + generator.uniform(1..<100),
        category: 0)
      for level in anchors.proposals + anchors.dense {
        let fast = AnchorCoverage.overlap(box, level, input: input)
        #expect(abs(fast - slowest(box, level)) < 1e-12)
      }
    }
  }

  /// Every anchor of a map over 160 x 128 pixels, which is what 130 x 97 is padded to.
  private func slowest(
    _ box: LabelledBox, _ level: DetectorAnchors.Level
  ) -> Double {
    var most = 0.0
    for row in Swift.stride(from: 0, to: 128, by: level.stride) {
      for column in Swift.stride(from: 0, to: 160, by: level.stride) {
        for half in level.halves {
          let anchor = LabelledBox(
            x0: Double(column) - half.width, y0: Double(row) - half.height,
            x1: Double(column) + half.width, y1: Double(row) + half.height, category: 0)
          most = max(most, anchor.overlap(with: box))
        }
      }
    }
    return most
  }
}

@Suite struct DatasetAdviceTests {
  func dataset(
    _ size: PixelSize, side: Double, ratio: Double = 1, spread: Double = 1
  ) -> Dataset {
    var generator = Generator(seed: 1)
    let samples = (0..<8).map { index in
      let boxes = (0..<20).map { _ in
        let side = side * generator.uniform(1 / spread..<spread + 1e-9)
        let x = generator.uniform(0..<Double(size.width) - side * ratio)
        let y = generator.uniform(0..<Double(size.height) - side)
        return LabelledBox(x0: x, y0: y, x1: x + side * ratio, y1: y + side, category: 0)
      }
      return Sample(
        imageID: Int64(index), content: .file("\(index).png"), imageSize: size, boxes: boxes)
    }
    return Dataset(name: "t", categories: [Category(id: 1, name: "a")], samples: samples)
  }

  @Test func hugeImagesOfSmallObjectsAreCutIntoTiles() {
    let advice = DatasetAdvice(
      dataset(PixelSize(width: 6000, height: 4000), side: 30), rule: .plain)
    #expect(advice.tiles == Tiling(size: 256, stride: 224))
    #expect(advice.inputs.last == PixelSize(width: 256, height: 256))
  }

  @Test func ordinaryImagesAreUsedWhole() {
    let advice = DatasetAdvice(
      dataset(PixelSize(width: 640, height: 480), side: 90, spread: 3), rule: .plain)
    #expect(advice.tiles == nil)
    #expect(advice.inputs.last == PixelSize(width: 640, height: 480))
    #expect(advice.inputs.count == 4)
    #expect(advice.anchorsAreUsual)
    #expect(advice.inputs.allSatisfy { $0.width % 32 == 0 && $0.height % 32 == 0 })
  }

  @Test func theMachineBoundsTheInput() {
    let set = dataset(PixelSize(width: 1920, height: 1080), side: 200)
    let advice = DatasetAdvice(set, rule: .plain, mostPixels: 320 * 320)
    #expect(advice.inputs.allSatisfy { $0.area <= 110_000 })
    #expect(advice.tiles == nil)
  }

  @Test func anchorsFollowTheShapeOfTheBoxes() {
    let advice = DatasetAdvice(
      dataset(PixelSize(width: 640, height: 480), side: 20, ratio: 4), rule: .plain)
    #expect(!advice.anchorsAreUsual)
    let usual = AnchorCoverage(
      dataset(PixelSize(width: 640, height: 480), side: 20, ratio: 4),
      input: advice.inputs[3], anchors: AnchorRule.plain.anchors(AnchorRule.plain.usual))
    #expect(advice.coverage.meanOverlap > usual.meanOverlap)
  }
}

@Suite struct FormatGuessTests {
  @Test func formatsAreKnownByTheirFiles() throws {
    let folder = try TemporaryFolder()
    let coco = try folder.write("a.json", #"{"info": {}, "images": [], "annotations": []}"#)
    let bdd = try folder.write("b.json", #" [{"name": "x.jpg", "labels": []}]"#)
    let frame = try folder.write("bdd/x.json", #"{"name": "x", "frames": [{"objects": []}]}"#)
    try folder.write("voc/x.xml", "<annotation/>")
    try folder.write("folders/cat/x.jpg", "")
    try folder.write("data/images/x.jpg", "")
    try folder.write("data/labels/x.txt", "")
    try folder.write("flat/x.jpg", "")
    let other = try folder.write("c.json", "7")
    func guess(_ name: String) throws -> DatasetFormat? {
      try DatasetFormat.guess(name.hasPrefix("/") ? name : "\(folder.path)/\(name)")
    }
    #expect(try guess(coco) == .coco)
    #expect(try guess(bdd) == .bdd)
    #expect(try guess(frame) == .bdd)
    #expect(try guess("bdd") == .bdd)
    #expect(try guess("voc") == .voc)
    #expect(try guess("folders") == .folders)
    #expect(try guess("data/images") == .yolo)
    #expect(try guess("flat") == nil)
    try folder.write("nested/images/day2/x.jpg", "")
    try folder.write("nested/labels/day2/x.txt", "0 0.5 0.5 0.1 0.1")
    for name in ["nested/images", "nested/images/", "nested/./images/.", "nested"] {
      #expect(try guess(name) == .yolo, "\(name)")
    }
    try folder.write("VOC/Annotations/x.xml", "<annotation/>")
    try folder.write("VOC/JPEGImages/x.jpg", "")
    #expect(try guess("VOC") == .voc)
    for format in ForeignFormat.allCases {
      let text = try #require(ForeignFormatTests.samples(of: format).first)
      guard !text.hasPrefix("{"), !text.hasPrefix("[") else { continue }
      try folder.write("foreign/\(format)/x.\(text.hasPrefix("<") ? "xml" : "txt")", text)
      #expect(try guess("foreign/\(format)") == nil, "\(format)")
      #expect(ForeignFormat.told(at: "\(folder.path)/foreign/\(format)")?.format == format)
    }
    #expect(try guess(other) == nil)
  }
}
