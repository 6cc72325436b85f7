import DetBasics
import Foundation
import TestSupport
import Testing

@testable import DetData

/// Which images and annotation files of VOC belong together, and what becomes of the rest.
@Suite struct VOCFilesTests {
  let folder: TemporaryFolder
  let size = PixelSize(width: 60, height: 40)

  init() throws { folder = try TemporaryFolder() }

  func write(images: [String], _ xml: [String: String]) throws {
    for name in images { try folder.write("JPEGImages/\(name)", try ramp(60, 40).encodePNG()) }
    for (name, stated) in xml {
      try folder.write("Annotations/\(name)", vocXML(stated, size, [("tree", [1, 1, 9, 9])]))
    }
  }

  func load(
    _ policy: FaultPolicy = .refuse, _ change: (inout DatasetSource) -> Void = { _ in }
  ) throws -> Dataset {
    var source = DatasetSource(format: .voc, annotations: folder.file("Annotations"))
    change(&source)
    return try Dataset.load(source, faults: policy)
  }

  func images(_ dataset: Dataset) -> [String] {
    dataset.samples.map { String($0.path.dropFirst(folder.file("JPEGImages/").count)) }
  }

  @Test func namesOfOtherMachinesAndWithoutEndingsAreFound() throws {
    try write(
      images: ["photo_a.png", "b.png", "c.png", "d.png"],
      [
        "0001.xml": "photo_a", "b.xml": "/home/user/b.png", "c.xml": "C:\\Users\\me\\c.png",
        "d.xml": "gone.jpg",
      ])
    let dataset = try load()
    #expect(images(dataset) == ["photo_a.png", "b.png", "c.png", "d.png"])
    #expect(
      dataset.repairs.map(\.kind)
        == [.nameEnding, .nameFolder, .nameSeparators, .nameFolder, .nameOfAnnotation])
    #expect(dataset.account.isWhole && dataset.samples.map(\.imageID) == [1, 2, 3, 4])
    #expect(dataset.repairs[1].detail.hasPrefix("names /home/user/b.png; "))
  }

  /// d.xml names no image that is there, and d.png is another file's.
  @Test func theOwnNameIsTakenOnlyWhereNoOtherFileNamesThatImage() throws {
    try write(images: ["d.png"], ["d.xml": "gone.png", "z.xml": "d.png"])
    let dataset = try load(.collect)
    #expect(images(dataset) == ["d.png"])
    #expect(dataset.faults.map(\.kind) == [.imageMissing])
    #expect(dataset.account.isBalanced)
    #expect(
      dataset.account.lines == [
        "2 images found: 1 used, 1 left out (imageMissing 1)",
        "2 label files found: 1 used, 1 left out (imageNotUsed 1)",
        "2 labels found: 1 used, 1 left out (imageNotUsed 1)",
      ])
  }

  @Test func nothingOutsideTheFolderIsEverRead() throws {
    try folder.write("secret.png", try ramp(60, 40).encodePNG())
    try write(images: ["b.png"], ["a.xml": "../secret.png", "b.xml": "b.png"])
    let dataset = try load(.collect)
    #expect(dataset.faults.map(\.kind) == [.pathOutside])
    #expect(images(dataset) == ["b.png"])
    #expect(try load(.refuse) { $0.skipMissing = true }.repairs.map(\.kind) == [.imageMissing])
  }

  @Test func foldersBelowAreReadAndGoTogether() throws {
    try write(
      images: ["day1/e.png", "day2/e.png"], ["day1/e.xml": "e.png", "day2/e.xml": "e.png"])
    let dataset = try load()
    #expect(images(dataset) == ["day1/e.png", "day2/e.png"])
    #expect(dataset.repairs.isEmpty && dataset.account.isWhole)
    // From the folder above as well.
    let root = try load { $0.annotations = folder.path }
    #expect(images(root) == images(dataset) && root.account.isWhole)
    #expect(try DatasetFormat.guess(folder.path) == .voc)
  }

  @Test func aListChoosesAndTheRestIsCounted() throws {
    try write(
      images: ["a.png", "b.png", "c.png"], ["a.xml": "a.png", "b.xml": "b.png", "c.xml": "c.png"])
    let list = try folder.write("ImageSets/Main/val.txt", "\u{FEFF}b  1\r\na -1\r\n\r\nb\r\nz\r\n")
    let dataset = try load(.collect) { $0.imageSet = list }
    #expect(images(dataset) == ["b.png", "a.png"])
    #expect(dataset.repairs.map(\.kind) == [.notListed, .listedTwice, .notListed])
    #expect(dataset.faults.map(\.detail) == ["there is no annotation file for z"])
    #expect(dataset.faults[0].place == "\(list):5")
    #expect(dataset.account[.image].leftOut == [.repair(.notListed): 1])
    #expect(
      dataset.account[.labelFile].leftOut
        == [.repair(.notListed): 1, .fault(.annotationBroken): 1])
    #expect(dataset.account.isBalanced)
    try folder.write("ImageSets/Main/val.txt", "[\"a\", \"b\"]")
    #expect(thrown { try load { $0.imageSet = list } }.contains("val.txt: is JSON, no list"))
  }

  @Test func flagsAreReadHoweverToolsWriteThem() throws {
    for (text, isDifficult) in [
      ("1", true), ("0", false), ("true", true), ("False", false), ("1.0", true), ("", false),
      ("Unspecified", false),
    ] {
      let xml = vocXML("a.png", size, [("tree", [1, 1, 9, 9])])
        .replacingOccurrences(of: "<difficult>0<", with: "<difficult>\(text)<")
      let read = try VOCAnnotation(Data(xml.utf8), place: "a.xml")
      #expect(try read.object(0).isDifficult == isDifficult, "\(text)")
    }
  }

  @Test func aSizeThatIsNoneIsNotStated() throws {
    for (text, stated) in [
      ("-1", false), ("0", false), ("60.0", true), ("60", true), ("null", false), ("1e99", false),
    ] {
      let xml = vocXML("a.png", size, []).replacingOccurrences(
        of: "<width>60<", with: "<width>\(text)<")
      #expect(
        (try VOCAnnotation(Data(xml.utf8), place: "a.xml").size != nil) == stated, "\(text)")
    }
  }

  @Test func filesOfCVATAreNamed() throws {
    try write(images: ["a.png"], ["a.xml": "a.png"])
    try folder.write("Annotations/b.xml", ForeignFormatTests.samples(of: .cvat)[0])
    #expect(
      thrown { try load() }.contains("b.xml: is CVAT's XML, which is not read; export it from CVAT")
    )
    #expect(try load(.collect).faults.map(\.kind) == [.foreignFormat])
  }

  @Test func turnedBoxesAndOutlinesAreTold() throws {
    for element in ["robndbox", "polygon"] {
      let xml = "<annotation><object><name>t</name><\(element)/></object></annotation>"
      #expect(
        thrown { try VOCAnnotation(Data(xml.utf8), place: "a.xml").object(0) }
          .contains("the <object> has a <\(element)> and no <bndbox>"))
    }
  }
}
