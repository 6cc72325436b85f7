import DetBasics
import DetData
import Foundation
import TestSupport
import Testing

@Suite struct VOCReaderTests {
  let folder: TemporaryFolder
  let size = PixelSize(width: 60, height: 40)

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("a.png", try ramp(60, 40).encodePNG())
    try folder.write("b.png", try ramp(60, 40).encodePNG())
  }

  func load(_ change: (inout DatasetSource) -> Void = { _ in }) throws -> Dataset {
    var source = DatasetSource(format: .voc, annotations: folder.path)
    change(&source)
    return try Dataset.load(source)
  }

  func writeBoth() throws {
    try folder.write(
      "a.xml", vocXML("a.png", size, [("tree", [1, 1, 10, 10]), ("dead", [5, 5, 60, 40])]))
    try folder.write("b.xml", vocXML("b.png", size, [("tree", [11, 21, 30, 30])], difficult: 1))
  }

  @Test func firstPixelIsOneAndTheLastIsIncluded() throws {
    try writeBoth()
    let dataset = try load()
    #expect(dataset.categories.map(\.name) == ["dead", "tree"])
    #expect(dataset.samples.map(\.imageID) == [1, 2])
    let box = dataset.samples[0].boxes[0]
    #expect([box.x0, box.y0, box.x1, box.y1] == [0, 0, 10, 10])
    #expect(box.category == 1)
    #expect(dataset.samples[1].boxes.map(\.id) == [3])
    let fromZero = try load { $0.firstPixel = 0 }
    #expect(fromZero.samples[0].boxes[0].x0 == 1)
    #expect(dataset.repairs.isEmpty)
  }

  @Test func difficultBoxesAreIgnoredWhenTheSourceSaysSo() throws {
    try writeBoth()
    #expect(try load().samples[1].boxes.map(\.isIgnored) == [false])
    let ignoring = try load { $0.ignoreDifficult = true }
    #expect(ignoring.samples[1].boxes.map(\.isIgnored) == [true])
    #expect(ignoring.samples[1].boxes.map(\.isDifficult) == [true])
  }

  @Test func classesCanBeChosenAndTheOthersAreListed() throws {
    try writeBoth()
    let trees = try load { $0.classes = ["tree"] }
    #expect(trees.samples[0].boxes.map(\.category) == [0])
    #expect(trees.repairs.map(\.kind) == [.otherClass])
    #expect(thrown { try load { $0.classes = ["treee"] } }.contains("did you mean \"tree\"?"))
  }

  @Test func boxesOutsideAreCutOrLeftOutAndListed() throws {
    try folder.write(
      "a.xml",
      vocXML(
        "a.png", size, [("t", [50, 30, 90, 90]), ("t", [70, 1, 80, 9]), ("t", [9, 9, 8, 20])]))
    let dataset = try load()
    #expect(dataset.samples[0].boxes.map(\.x1) == [60])
    #expect(
      dataset.repairs.map(\.kind)
        == [.boxClipped, .boxWithoutArea, .boxWithoutArea, .imageWithoutLabels])
    #expect(dataset.repairs[1].place.hasSuffix("a.xml:6"))
    #expect(dataset.repairs[1].detail.contains("69 0 80 9 lies outside the image of 60x40"))
  }

  @Test func cornersAreToldToHundredthsUnlessThatHidesWhy() throws {
    let xml = vocXML("a.png", size, [("t", [1, 1, 9, 9])])
    for (corner, told) in [("61.23456", "0 0 61.23 9"), ("60.0001", "0 0 60.0001 9")] {
      try folder.write("a.xml", xml.replacingOccurrences(of: "<xmax>9<", with: "<xmax>\(corner)<"))
      #expect(try load().repairs.map(\.detail).first?.contains("the box \(told) reaches") == true)
    }
  }

  @Test func everyMistakeHasItsMessage() throws {
    func problem(_ xml: String) throws -> String {
      try folder.write("a.xml", xml)
      return thrown { try load() }
    }
    #expect(try problem("<html></html>").contains("a.xml:1: the root element is <html>"))
    #expect(try problem("<annotation><object>").contains("not well-formed XML, or not whole"))
    #expect(try problem("").contains("not well-formed XML, or not whole"))
    #expect(
      try problem("<!DOCTYPE a [<!ENTITY b \"c\">]><annotation>&b;</annotation>")
        .contains("contains a document type or entities"))
    #expect(
      try problem(vocXML("a.png", PixelSize(width: 61, height: 40), []))
        .contains("a.xml:2: the size is said to be 61x40, but"))
    let noBox = "<annotation><object><name>t</name></object></annotation>"
    #expect(try problem(noBox).contains("a.xml:1: the <object> has no <bndbox>"))
    let words = vocXML("a.png", size, [("t", [1, 2, 3, 4])])
      .replacingOccurrences(of: "<xmax>3<", with: "<xmax>wide<")
    #expect(try problem(words).contains("a.xml:3: <xmax> is \"wide\", no number"))
    #expect(try problem(String(repeating: "<a>", count: 99)).contains("a.xml:1: elements are nest"))
  }

  @Test func twoYearsAreOneDataSet() throws {
    var parts: [DatasetSource] = []
    for (year, name) in [("2007", "000001"), ("2012", "2008_000001")] {
      let root = "VOC\(year)"
      for stem in [name, "\(name)9"] {
        try folder.write("\(root)/JPEGImages/\(stem).jpg", try ramp(60, 40).encodeJPEG())
        try folder.write(
          "\(root)/Annotations/\(stem).xml",
          vocXML("\(stem).jpg", size, [("t\(year)", [1, 1, 5, 5]), ("dog", [2, 2, 9, 9])]))
      }
      var part = DatasetSource(format: .voc, annotations: "\(folder.path)/\(root)/Annotations")
      part.imageSet = try folder.write("\(root)/ImageSets/Main/trainval.txt", "\(name)\n")
      parts.append(part)
    }
    var source = DatasetSource(format: .union)
    source.parts = parts
    let dataset = try Dataset.load(source)
    #expect(dataset.categories.map(\.name) == ["dog", "t2007", "t2012"])
    #expect(dataset.samples.map(\.imageID) == [1, 2])
    #expect(dataset.samples.map { $0.boxes.map(\.category) } == [[1, 0], [2, 0]])
    #expect(dataset.samples.flatMap { $0.boxes.map(\.id) } == [1, 2, 3, 4])
  }

  @Test func noEncodingHidesADocumentType() throws {
    let bomb = "<!DOCTYPE a [<!ENTITY b \"c\">]><annotation>&b;</annotation>"
    for encoding in [String.Encoding.utf8, .utf16, .utf16BigEndian, .utf32] {
      try folder.write("a.xml", try #require(bomb.data(using: encoding)))
      let said = thrown { try load() }
      #expect(
        said.contains("a.xml:1: ") && said.contains(encoding == .utf32 ? "well-formed" : "type"))
    }
    try folder.write("a.xml", "<?xml version=\"1.0\" encoding=\"UTF-7\"?>+ADwAIQ-DOCTYPE a>")
    #expect(thrown { try load() }.contains("is written in UTF-7; save it as UTF-8"))
    try folder.write("a.xml", "<annotation>&b;</annotation>")
    #expect(thrown { try load() }.contains("a.xml:1: is not well-formed XML, or not whole (undef"))
  }

  @Test(arguments: [
    ("UTF-8", String.Encoding.utf8), ("utf-8", .utf8), ("UTF8", .utf8), ("UTF-16", .utf16),
    ("ISO-8859-1", .isoLatin1), ("latin1", .isoLatin1), ("windows-1252", .windowsCP1252),
  ])
  func everyKnownEncodingIsRead(name: String, encoding: String.Encoding) throws {
    // The euro sign is where Windows-1252 is not ISO-8859-1.
    let word = encoding == .isoLatin1 ? "Bäume" : "Bäume €"
    let xml =
      "<?xml version=\"1.0\" encoding='\(name)'?>\n"
      + vocXML("a.png", size, [(word, [1, 2, 3, 4])])
    let annotation = try VOCAnnotation(try #require(xml.data(using: encoding)), place: "a.xml")
    #expect(try annotation.object(0).name == word)
    #expect(try annotation.object(0).place == "a.xml:4")
  }

  @Test func theEuroSignOfLatin9IsRead() throws {
    let head = Data("<?xml version='1.0' encoding='iso-8859-15'?><annotation><object><name>".utf8)
    let tail = Data("</name><bndbox/></object></annotation>".utf8)
    let annotation = try VOCAnnotation(head + [0xA4, 0xBD] + tail, place: "a.xml")
    #expect(thrown { _ = try annotation.object(0) }.contains("the <bndbox> has no <xmin>"))
  }

  /// Found by fuzzing: both ended the program inside FoundationXML.
  @Test func processingInstructionsArePassedOver() throws {
    let bare = Data("<?foo?><annotation><object/><?bar?></annotation>".utf8)
    #expect(try VOCAnnotation(bare, place: "a.xml").objectCount == 1)
    let notUTF8 = Data([0x3C, 0x3F, 0xD9, 0xD9, 0x3F, 0x3E]) + Data("<annotation/>".utf8)
    for broken in [notUTF8, Data("<?xmlIntrsion=\"1.0\"?><annotation/>".utf8)] {
      #expect(
        thrown { _ = try VOCAnnotation(broken, place: "a.xml") }
          .contains("a.xml:1: is not well-formed XML, or not whole (not well-formed (invalid tok"))
    }
  }

  @Test func smallChunksReadAsTheWhole() throws {
    let xml = Data(
      vocXML("bäume.png", size, [("tree", [1, 2, 3, 4]), ("œil", [5, 6, 7, 8])]).utf8)
    let whole = try VOCAnnotation(xml, place: "a.xml")
    for bytes in [1, 2, 3, 7, 64] {
      let pieces = try VOCAnnotation(xml, place: "a.xml", chunkBytes: bytes)
      #expect(pieces.fileName == "bäume.png" && pieces.objectCount == 2)
      for index in 0..<2 { #expect(try pieces.object(index) == whole.object(index)) }
    }
    for count in 0..<xml.count - 1 {
      #expect(
        thrown { _ = try VOCAnnotation(xml.prefix(count), place: "a.xml", chunkBytes: 8) }
          .contains("is not well-formed XML, or not whole"))
    }
  }

  @Test func numbersThatAreNoneAreRefused() throws {
    for word in ["nan", "inf", "-inf", "1e999", "", "0x", "١"] {
      let xml = vocXML("a.png", size, [("t", [1, 2, 3, 4])])
        .replacingOccurrences(of: "<xmax>3<", with: "<xmax>\(word)<")
      try folder.write("a.xml", xml)
      #expect(thrown { try load() }.contains("a.xml:3: <xmax> is \"\(word)\", no number"))
    }
  }

  @Test func aMissingImageIsAnErrorOrListed() throws {
    try folder.write("a.xml", vocXML("a.png", size, []))
    try folder.write("c.xml", vocXML("c.jpg", size, []))
    #expect(thrown { try load() }.contains("c.xml: the image c.jpg is not in"))
    let dataset = try load { $0.skipMissing = true }
    #expect(dataset.samples.count == 1)
    #expect(dataset.repairs.map(\.kind) == [.imageMissing, .imageWithoutLabels])
  }

  @Test func foldersAsInTheOriginalAreFound() throws {
    try folder.write("VOC/JPEGImages/x.jpg", try ramp(60, 40).encodeJPEG())
    try folder.write("VOC/Annotations/x.xml", vocXML("x.jpg", size, [("t", [1, 1, 5, 5])]))
    try folder.write("VOC/Annotations/y.xml", vocXML("y.jpg", size, [("t", [1, 1, 5, 5])]))
    try folder.write("VOC/ImageSets/Main/val.txt", "x  1\n")
    let dataset = try load {
      $0.annotations = folder.path + "/VOC/Annotations"
      $0.imageSet = folder.path + "/VOC/ImageSets/Main/val.txt"
    }
    #expect(dataset.samples.map(\.path) == [folder.path + "/VOC/JPEGImages/x.jpg"])
  }

  @Test func emptyAndMissingFoldersSaySo() throws {
    let empty = try TemporaryFolder()
    #expect(thrown { try load { $0.annotations = empty.path } }.contains("has no XML files"))
    #expect(
      thrown { try load { $0.annotations = empty.path + "/x.xml" } }.contains("no such file"))
  }
}
