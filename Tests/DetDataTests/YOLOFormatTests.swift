import DetBasics
import Foundation
import TestSupport
import Testing

@testable import DetData

/// Lines, label files and folders of YOLO's text as tools write them.
@Suite struct YOLOFormatTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: Lines

  /// The box "x0 y0 x1 y1" of shares with the kinds of repair, or the error.
  func read(_ line: String, classCount: Int = 3) -> String {
    do {
      let words = line.split(whereSeparator: \.isWhitespace)
      let read = try YOLOLine(words, classCount: classCount, place: "a.txt:1")
      let box = read.edges.map { "\(($0 * 100).rounded() / 100)" }.joined(separator: " ")
      return (["\(read.category): \(box)"] + read.repairs.map(\.kind.rawValue)).joined(
        separator: " ")
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [
    ("1 0.5 0.5 0.5 0.25", "1: 0.25 0.38 0.75 0.63"),
    ("1.0 0.5 0.5 0.5 0.5", "1: 0.25 0.25 0.75 0.75 numberForm"),
    ("1 0,5 0,5 0,5 0,5", "1: 0.25 0.25 0.75 0.75 numberForm"),
    ("1 5e-1 0.5 .5 0.5", "1: 0.25 0.25 0.75 0.75"),
    ("0 0.5 0.5 0.5 0.5 0.93", "0: 0.25 0.25 0.75 0.75 valuesLeftOut"),
    ("0 0.5 0.5 0.5 0.5 17", "0: 0.25 0.25 0.75 0.75 valuesLeftOut"),
    ("0 0.1 0.2 0.6 0.2 0.6 0.9", "0: 0.1 0.2 0.6 0.9 outlineBoxed"),
    ("0 0.1 0.2 0.6 0.1 0.7 0.8 0.2 0.9", "0: 0.1 0.1 0.7 0.9 outlineBoxed"),
    ("0 0.5 0.5 0.5 0.5 0.3 0.3 2 0.6 0.6 1 0 0 0", "0: 0.25 0.25 0.75 0.75 valuesLeftOut"),
    ("0 0.9 0.5 0.4 0.5", "0: 0.7 0.25 1.1 0.75"),
  ])
  func whatToolsWriteIsReadWhereItIsPlain(line: String, box: String) {
    #expect(read(line) == box)
  }

  @Test(arguments: [
    ("3 0.5 0.5 0.1 0.1", "the class is \"3\"; it is a number from 0 to 2"),
    ("-1 0.5 0.5 0.1 0.1", "the class is \"-1\""),
    ("1.5 0.5 0.5 0.1 0.1", "the class is \"1.5\""),
    ("tree 0.5 0.5 0.1 0.1", "the class is \"tree\""),
    ("0 0.5 nan 0.1 0.1", "\"nan\" is no share"), ("0 0.5 inf 0.1 0.1", "\"inf\" is no share"),
    ("0 0.5 0.5 0.1", "the line has 4 words"),
    ("0 20 15 10 10", "\"20\" is no share of the image; the values look like pixels; divide x and"),
    ("0 1 1 2 2", "the values look like pixels"), ("0 0.5 0.5 3.5 0.5", "\"3.5\" is no share"),
    ("0,0.5,0.5,0.1,0.1", "put blanks between the words, not commas"),
    ("0 0.5 0.5 0.1 0.1 45.5", "the sixth word is 45.5"),
    ("0 0.5 0.5 0.1 0.1 0.3 0.3 7", "the line has 8 words"),
    ("0 10 10 60 10 60 90", "the values look like pixels"), ("0", "the line has 1 word"),
  ])
  func whatIsNotPlainIsOneMessageWithTheCure(line: String, message: String) {
    #expect(read(line).hasPrefix("a.txt:1: ") && read(line).contains(message), "\(read(line))")
  }

  // MARK: Which label files are whose

  func write(_ images: [String], _ labels: [String: String]) throws {
    for name in images { try folder.write(name, try ramp(60, 40).encodePNG()) }
    for (name, text) in labels { try folder.write(name, text) }
  }

  func load(
    _ images: String = "images", annotations: String? = nil, _ policy: FaultPolicy = .refuse
  ) throws -> Dataset {
    var source = DatasetSource(format: .yolo, images: folder.file(images))
    source.annotations = annotations.map(folder.file)
    source.classes = ["x", "y"]
    return try Dataset.load(source, faults: policy)
  }

  private static let box = "0 0.5 0.5 0.5 0.5\n"

  @Test func labelsBesideTheImagesCountAsThoseInTheirFolder() throws {
    try write(
      ["images/a.png", "images/b.png", "images/c.png", "images/d.png"],
      [
        "images/a.txt": Self.box, "images/b.txt": Self.box, "labels/c.txt": Self.box,
        "labels/d.txt": Self.box,
      ])
    let dataset = try load()
    #expect(dataset.samples.map(\.boxes.count) == [1, 1, 1, 1])
    #expect(
      dataset.account.lines == [
        "4 images found: all used", "4 label files found: all used", "4 labels found: all used",
      ])
  }

  @Test func namesAreComparedInOneUnicodeForm() throws {
    try write(
      ["images/b\u{E4}r.png", "images/d.png"],
      ["labels/ba\u{308}r.txt": Self.box, "labels/D.txt": Self.box])
    let dataset = try load()
    #expect(dataset.boxCount == 2)
    #expect(dataset.repairs.map(\.kind) == [.nameForm, .nameForm])
  }

  @Test func picturesInSubfoldersAreRead() throws {
    let labels = ["labels/a.txt": Self.box, "labels/day2/c.txt": Self.box]
    try write(["images/a.png", "images/day2/c.png"], labels)
    #expect(try load().samples.map(\.boxes.count) == [1, 1])
    for path in ["images", "images/", "./images", "."] {
      let whole = path == "." ? folder.path : folder.file(path)
      #expect(try DatasetFormat.guess(whole) == .yolo)
    }
    // From the folder above as well, and with images in subfolders alone.
    #expect(try load(".").boxCount == 2)
    #expect(try load("images/day2").boxCount == 1)
    try FileManager.default.removeItem(atPath: folder.file("images/a.png"))
    try FileManager.default.removeItem(atPath: folder.file("labels/a.txt"))
    #expect(try DatasetFormat.guess(folder.file("images")) == .yolo)
    #expect(try load().boxCount == 1)
  }

  @Test func aFolderOfLabelsThatIsNamedIsTheOnlyOne() throws {
    try write(
      ["images/a.png", "images/b.png"],
      ["images/a.txt": Self.box + Self.box, "better/a.txt": Self.box, "labels/b.txt": Self.box])
    let dataset = try load(annotations: "better", .collect)
    #expect(dataset.samples.map(\.boxes.count) == [1, 0])
    #expect(dataset.faults.map(\.kind) == [.unknownImage])
    #expect(dataset.account.isBalanced && dataset.account[.labelFile].used == 1)
  }

  @Test func twoImagesOfOneStemAndLabelsThatDifferAreToldNotGuessed() throws {
    try write(["images/a.png"], ["labels/a.txt": Self.box, "images/a.txt": ""])
    try folder.write("images/b.png", try ramp(9, 9).encodePNG())
    try folder.write("images/b.jpg", try ramp(9, 9).encodeJPEG())
    try folder.write("labels/b.txt", Self.box)
    let dataset = try load(.collect)
    #expect(dataset.samples.isEmpty)
    #expect(dataset.faults.map(\.kind) == [.labelsUnclear, .labelsUnclear])
    #expect(dataset.faults[0].detail.contains("b.jpg or "))
    #expect(dataset.faults[1].detail.contains("label files that differ: "))
    #expect(thrown { try load() }.contains("labels/b.txt: may belong to "))
    #expect(dataset.account.isBalanced)
  }

  func load(_ policy: FaultPolicy) throws -> Dataset {
    try load("images", annotations: nil, policy)
  }

  @Test func listsAndNotesAmongTheLabelsAreNoLabels() throws {
    try write(["images/a.png"], ["labels/a.txt": Self.box])
    for name in ["labels/classes.txt", "images/README.dataset.txt", "labels/train.txt"] {
      try folder.write(name, "tree\n")
    }
    try folder.write("labels.cache", "x")
    let dataset = try load()
    #expect(dataset.account.isWhole && dataset.repairs.isEmpty)
    try folder.write("labels/z.txt", "")
    #expect(thrown { try load() }.contains("z.txt: there is no image of that name"))
  }

  @Test func outlinesAmongTheLinesGiveTheBoxAroundThem() throws {
    try write(
      ["images/a.png"], ["labels/a.txt": Self.box + "1 0.1 0.1 0.6 0.1 0.7 0.8 0.2 0.9\n"])
    let dataset = try load()
    let box = try #require(dataset.samples[0].boxes.last)
    #expect([box.x0, box.y0, box.x1, box.y1] == [6, 4, 42, 36])
    #expect(dataset.repairs.map(\.kind) == [.outlineBoxed])
    #expect(dataset.repairs[0].place.hasSuffix("labels/a.txt:2"))
  }

  @Test func textInUTF16AndWithAMarkIsRead() throws {
    try write(["images/a.png", "images/b.png"], [:])
    try folder.write("labels/a.txt", Data([0xEF, 0xBB, 0xBF]) + Data("0 0.5 0.5 0.5 0.5\r\n".utf8))
    let wide = "1 0.5 0.5 0.5 0.5".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    try folder.write("labels/b.txt", Data([0xFF, 0xFE] + wide))
    #expect(try load().samples.map { $0.boxes.map(\.category) } == [[0], [1]])
    try folder.write("labels/b.txt", Data(wide))
    #expect(thrown { try load() }.contains("b.txt: is no UTF-8 text; save it as UTF-8"))
  }

  @Test func kittiAmongTheLabelsIsNamed() throws {
    let kitti = ForeignFormatTests.samples(of: .kitti)[0]
    try write(["images/a.png"], ["labels/a.txt": kitti])
    #expect(thrown { try load() }.contains("labels/a.txt: is KITTI's text, which is not read; "))
  }
}
