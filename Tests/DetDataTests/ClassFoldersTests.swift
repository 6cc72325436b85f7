import DetData
import Foundation
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
    #expect(dataset.repairs[0].detail == "the class with 1 images is left out")
    #expect(
      message { try load { $0.classes = ["n33"] } }.contains(
        "no folder for the class \"n33\"; did you mean \"n3\"?"))
  }

  @Test func nothingIsLeftOutInSilence() throws {
    try folder.write("n1/e.webp", "x")
    try folder.write("stray.jpg", try ramp(9, 9).encodeJPEG())
    let repairs = try load().repairs
    #expect(repairs.map(\.kind) == [.otherFile, .otherFile])
    try folder.write("n1/broken.jpg", "x")
    #expect(message { try load() }.contains("n1/broken.jpg: is neither JPEG nor PNG"))
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
