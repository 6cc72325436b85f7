import DetData
import Foundation
import TestSupport
import Testing

@Suite struct ClassFoldersTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for (name, size) in [("n2/a.JPEG", 40), ("n2/deep/b.JPEG", 50), ("n1/c.JPEG", 60)] {
      try folder.write(name, try ramp(size, 30).encodeJPEG())
    }
    try folder.write("n3/d.png", try ramp(20, 30).encodePNG())
  }

  func load(_ change: (inout DatasetSource) -> Void = { _ in }) throws -> Dataset {
    var source = DatasetSource(format: .folders, images: folder.path)
    change(&source)
    return try Dataset.load(source)
  }

  @Test func everyFolderIsAClass() throws {
    let dataset = try load()
    #expect(dataset.categories.map(\.name) == ["n1", "n2", "n3"])
    #expect(dataset.samples.map(\.label) == [0, 1, 1, 2])
    #expect(dataset.samples.map(\.width) == [60, 40, 50, 20])
    #expect(dataset.boxCount == 0 && dataset.repairs.isEmpty)
    let report = DatasetDoctor(dataset).examine()
    #expect(report.classes.map(\.images) == [1, 2, 1])
    #expect(report.emptyImages == 0 && report.findings.isEmpty)
  }

  @Test func aListChoosesAndNamesTheClasses() throws {
    let list = try folder.write("list.txt", "n3 tench, Tinca tinca\nn2\n")
    let dataset = try load { $0.classFile = list }
    #expect(dataset.categories.map(\.name) == ["tench, Tinca tinca", "n2"])
    #expect(dataset.samples.map(\.label) == [0, 1, 1])
    #expect(dataset.repairs.map(\.kind) == [.otherClass])
    #expect(dataset.repairs[0].detail == "the class with 1 image is left out")
    #expect(
      thrown { try load { $0.classes = ["n33"] } }.contains(
        "no folder for the class \"n33\"; did you mean \"n3\"?"))
  }

  @Test func nothingIsLeftOutInSilence() throws {
    try folder.write("n1/e.webp", "x")
    try folder.write("stray.jpg", try ramp(9, 9).encodeJPEG())
    let repairs = try load().repairs
    #expect(repairs.map(\.kind) == [.otherFile, .imageWithoutLabels])
    try folder.write("n1/broken.jpg", "x")
    #expect(thrown { try load() }.contains("n1/broken.jpg: is neither JPEG nor PNG"))
  }

  /// Three images in one folder, with a file of labels.
  func flat(_ labels: String, classes: [String]? = nil) throws -> Dataset {
    for (number, width) in [30, 40, 50].enumerated() {
      let name = "flat/ILSVRC2012_val_0000000\(number + 1).JPEG"
      try folder.write(name, try ramp(width, 30).encodeJPEG())
    }
    var source = DatasetSource(format: .folders, images: "\(folder.path)/flat")
    source.annotations = try folder.write("labels.txt", labels)
    source.classes = classes
    return try Dataset.load(source)
  }

  @Test(arguments: [
    "n2\nn1\nn2\n", "2\r\n1\r\n2\r\n",
    """
    ILSVRC2012_val_00000003.JPEG n2
    ILSVRC2012_val_00000001.JPEG\tn2

    ILSVRC2012_val_00000002.JPEG n1
    """,
    """
    ImageId,PredictionString
    ILSVRC2012_val_00000002,n1 85 1 499 272 n1 3 4 5 6
    ILSVRC2012_val_00000003,n2 1 2 3 4
    ILSVRC2012_val_00000001,n2 1 2 3 4
    """,
  ])
  func imagesInOneFolderHaveTheirClassesInAFile(labels: String) throws {
    let dataset = try flat(labels, classes: ["n1 tench, Tinca tinca", "n2"])
    #expect(dataset.samples.map(\.label) == [1, 0, 1])
    #expect(dataset.samples.map(\.width) == [30, 40, 50])
    #expect(dataset.categories.map(\.name) == ["n1 tench, Tinca tinca", "n2"])
    if !labels.hasPrefix("2") {
      let found = try flat(labels)
      #expect(found.categories.map(\.name) == ["n1", "n2"])
      #expect(found.samples.map(\.label) == [1, 0, 1])
    }
  }

  @Test func everyLabelHasAnImageAndAClass() throws {
    func problem(_ labels: String, _ classes: [String]? = ["n1", "n2"]) -> String {
      thrown { try flat(labels, classes: classes) }
    }
    let name = "ILSVRC2012_val_0000000"
    #expect(problem("n1\nn2\n").contains("has 2 labels, and the folder 3 images"))
    #expect(
      problem("n1\nn2\nm2").contains("labels.txt:3: \"m2\" is none of the 2 classes; did you"))
    #expect(problem("1\n2\n3").contains("labels.txt:3: \"3\" is none of the 2 classes"))
    #expect(
      problem("\(name)1 n1\n\(name)9 n1").contains("labels.txt:2: the image \(name)9 is not in"))
    #expect(
      problem("\(name)1 n1\n\(name)1 n1").contains("labels.txt:2: the image \(name)1.JPEG has a"))
    #expect(problem("\(name)1 n1\n\(name)3 n1").contains("has no label for \(name)2.JPEG"))
    #expect(problem("\(name)1 0").contains("a number beside an image may count from 0 or 1"))
    #expect(problem("\n").contains("has no labels in it"))
  }

  @Test func aUnionJoinsLabelsByName() throws {
    let part = DatasetSource(format: .folders, images: folder.path)
    var other = part
    other.classes = ["n3", "n1"]
    let joined = try load {
      $0 = DatasetSource(format: .union)
      $0.parts = [other, part]
    }
    #expect(joined.categories.map(\.name) == ["n3", "n1", "n2"])
    #expect(joined.samples.map(\.label) == [0, 1, 1, 2, 2, 0])
  }

  @Test func batchesCarryLabelsAndFillTheInput() throws {
    let dataset = try load()
    let input = PixelSize(width: 24, height: 24)
    var configuration = LoaderConfiguration.classification(input: input, batchSize: 2, seed: 3)
    configuration.normalisation = .unit
    func labels(threads: Int) throws -> ([[Int]], [Float]) {
      let stream = Loader(dataset: dataset, configuration: configuration, threads: threads)
        .batches(epoch: 1)
      var labels: [[Int]] = []
      var pixels: [Float] = []
      while let batch = try stream.next() {
        #expect(batch.width == 24 && batch.height == 24)
        #expect(batch.images.allSatisfy { $0.resized == input })
        labels.append(batch.labels)
        pixels += batch.withPixels { Array($0) }
      }
      return (labels, pixels)
    }
    let one = try labels(threads: 1)
    #expect(one == (try labels(threads: 3)))
    #expect(one.0.flatMap { $0 }.sorted() == [0, 1, 1, 2])
  }

  @Test func theMiddleIsWhatATestLooksAt() throws {
    // 60 x 30: the middle 30 x 30, of that 7/8: from 16.875 to 43.125 across.
    let dataset = try load { $0.classes = ["n1"] }
    var configuration = LoaderConfiguration.classificationTest(
      input: PixelSize(width: 21, height: 21), batchSize: 1)
    configuration.normalisation = .unit
    let image = try #require(
      try Loader(dataset: dataset, configuration: configuration)
        .batches().next())
    let left = image.value(image: 0, channel: 0, x: 0, y: 10) * 255
    let right = image.value(image: 0, channel: 0, x: 20, y: 10) * 255
    #expect(abs(left - 17) < 3 && abs(right - 42) < 3)
    #expect(image.labels == [0])
  }
}
