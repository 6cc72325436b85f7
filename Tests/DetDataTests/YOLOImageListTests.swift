import DetBasics
import Foundation
import TestSupport
import Testing

@testable import DetData

/// Lists of images as YOLO's tools and Darknet write them, and Darknet's data file.
@Suite struct YOLOImageListTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func image(_ name: String) throws {
    try folder.write(name, try ramp(60, 40).encodePNG())
  }

  private func load(
    _ images: String, labels: String? = nil, skipMissing: Bool? = nil,
    _ policy: FaultPolicy = .refuse
  ) throws -> Dataset {
    var source = DatasetSource(format: .yolo, images: folder.file(images))
    source.classes = ["a", "b"]
    source.skipMissing = skipMissing
    source.annotations = labels.map(folder.file)
    let dataset = try Dataset.load(source, faults: policy)
    #expect(dataset.account.isBalanced, "\(dataset.account.lines)")
    return dataset
  }

  private func names(_ dataset: Dataset) -> [String] {
    dataset.samples.map { FilePath.name(of: $0.path) }
  }

  private static let box = "1 0.5 0.5 0.5 0.5\n"

  /// Images and labels in folders beside each other, the list above them: Ultralytics' layout.
  private func ultralytics() throws {
    for name in ["a", "b", "c", "d"] {
      try image("set/images/train/\(name).png")
      try folder.write("set/labels/train/\(name).txt", Self.box)
    }
  }

  @Test(arguments: [
    ["./images/train/b.png", "./images/train/a.png"], ["images/train/b.png", "images/train/a.png"],
    ["set/images/train/b.png", "set/images/train/a.png"],
    ["images\\train\\b.png", "images\\train\\a.png"],
    ["/content/set/images/train/b.png", "C:\\data\\set\\images\\train\\a.png"],
  ])
  func pathsAreFoundAsTheyAreMeant(lines: [String]) throws {
    try ultralytics()
    try folder.write("set/train.txt", "\u{FEFF}" + lines.joined(separator: "\r\n") + "\r\n\n")
    let dataset = try load("set/train.txt")
    #expect(names(dataset) == ["b.png", "a.png"], "in the order of the list")
    #expect(dataset.samples.allSatisfy { $0.boxes.count == 1 && $0.boxes[0].category == 1 })
    // The two that are not listed are counted with their labels.
    #expect(dataset.account[.image].leftOut == [.repair(.notListed): 2])
    #expect(dataset.account[.labelFile].leftOut == [.imageNotUsed: 2])
    #expect(dataset.account[.label].used == 2 && dataset.account[.label].found == 4)
    #expect(dataset.repairs.filter { $0.kind == .notListed }.count == 1)
  }

  @Test func absolutePathsAreTakenWhereverTheyLead() throws {
    try ultralytics()
    try folder.write("elsewhere/train.txt", folder.file("set/images/train/c.png") + "\n")
    let dataset = try load("elsewhere/train.txt")
    #expect(names(dataset) == ["c.png"] && dataset.boxCount == 1)
  }

  @Test func whatIsNotThereOrThereTwiceIsTold() throws {
    try ultralytics()
    try folder.write(
      "set/train.txt", "images/train/a.png\nimages/train/zz.png\n./images/train/a.png\n")
    #expect(
      thrown { try load("set/train.txt") }.contains("train.txt:2: the image images/train/zz.png"))
    let dataset = try load("set/train.txt", skipMissing: true)
    #expect(names(dataset) == ["a.png"])
    #expect(dataset.account[.image].leftOut == [.repair(.imageMissing): 1, .repair(.notListed): 3])
    #expect(
      dataset.repairs.filter { $0.kind == .listedTwice }.map { FilePath.name(of: $0.place) } == [
        "train.txt:3"
      ])
    let listed = try load("set/train.txt", .collect)
    #expect(listed.faults.map(\.kind) == [.imageMissing])
  }

  @Test func labelsMayLieInAFolderThatIsNamed() throws {
    try image("pictures/day/a.png")
    try image("pictures/night/a.png")
    try folder.write("boxes/day/a.txt", Self.box)
    try folder.write(
      "boxes/night/a.txt", Self.box + Self.box.replacingOccurrences(of: "1 ", with: "0 "))
    try folder.write("list.txt", "pictures/day/a.png\npictures/night/a.png\n")
    let dataset = try load("list.txt", labels: "boxes")
    #expect(dataset.samples.map(\.boxes.count) == [1, 2])
  }

  /// Of two images with one name but for the ending, the label file is that of the one that is listed.
  @Test func imagesThatAreNotListedMakeNothingUnclear() throws {
    try image("a.png")
    try folder.write("a.jpg", try ramp(60, 40).encodeJPEG())
    try folder.write("a.txt", Self.box)
    try folder.write("list.txt", "a.png\n")
    let dataset = try load("list.txt")
    #expect(names(dataset) == ["a.png"] && dataset.boxCount == 1)
  }

  // MARK: - Darknet

  private func darknet(_ text: String) throws -> String {
    for name in ["a", "b", "c"] {
      try image("darknet/data/obj/\(name).png")
      try folder.write("darknet/data/obj/\(name).txt", Self.box)
    }
    try folder.write("darknet/data/train.txt", "data/obj/a.png\ndata/obj/b.png\n")
    try folder.write("darknet/data/test.txt", "data/obj/c.png\n")
    try folder.write("darknet/data/obj.names", "tree\npalm\n")
    return try folder.write("darknet/data/obj.data", text)
  }

  private static let plain =
    "classes= 2\ntrain  = data/train.txt\nvalid  = data/test.txt # ours\nnames = data/obj.names\nbackup = backup/\n"

  @Test func aDataFileGivesBothSidesAndTheClasses() throws {
    let file = try darknet(Self.plain)
    let data = try YOLODataFile(file)
    #expect(data.names == ["tree", "palm"])
    #expect(data.has(.train) && data.has(.validation) && !data.has(.test))
    for (side, count) in [(YOLODataFile.Side.train, 2), (.validation, 1)] {
      let dataset = try Dataset.load(try data.source(side))
      #expect(dataset.samples.count == count && dataset.boxCount == count)
      #expect(dataset.categories.map(\.name) == ["tree", "palm"])
      #expect(dataset.account.isBalanced)
    }
    #expect(try ListFile.classes(file) == ["tree", "palm"])
    #expect(try DatasetFormat.guess(folder.file("darknet/data/train.txt")) == .yolo)
    #expect(try DatasetFormat.guess(folder.file("darknet/data/obj.names")) == nil)
  }

  @Test(arguments: [
    ("classes=3", "obj.data:1: classes is 3, and "),
    ("names data/obj.names", "is no \"key = value\""),
    ("classes = 2\nclasses = 2", "obj.data:2: the key \"classes\" stands twice"),
    ("names = gone.names", "obj.data:1: there is no "),
    ("train = data/train.txt", "there is no key \"names\""),
  ])
  func whatIsWrongInADataFileIsToldWithItsLine(text: String, message: String) throws {
    let own = text.hasPrefix("classes=3") ? text + "\nnames = data/obj.names" : text
    let file = try darknet(own)
    let said = thrown { try YOLODataFile(file) }
    #expect(said.contains(message), "\(said)")
  }
}
