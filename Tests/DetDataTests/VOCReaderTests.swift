import DetBasics
import DetData
import Foundation
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
    #expect(message { try load { $0.classes = ["treee"] } }.contains("did you mean \"tree\"?"))
  }

  @Test func boxesOutsideAreCutOrLeftOutAndListed() throws {
    try folder.write(
      "a.xml",
      vocXML(
        "a.png", size, [("t", [50, 30, 90, 90]), ("t", [70, 1, 80, 9]), ("t", [9, 9, 8, 20])]))
    let dataset = try load()
    #expect(dataset.samples[0].boxes.map(\.x1) == [60])
    #expect(dataset.repairs.map(\.kind) == [.boxClipped, .boxWithoutArea, .boxWithoutArea])
    #expect(dataset.repairs[1].place.hasSuffix("a.xml:6"))
    #expect(dataset.repairs[1].detail.contains("69 0 80 9 lies outside the image of 60x40"))
  }

  @Test func everyMistakeHasItsMessage() throws {
    func problem(_ xml: String) throws -> String {
      try folder.write("a.xml", xml)
      return message { try load() }
    }
    #expect(try problem("<html></html>").contains("a.xml:1: the root element is <html>"))
    #expect(try problem("<annotation><object>").contains("not well-formed XML, or not whole"))
    #expect(try problem("").contains("not well-formed XML, or not whole"))
    #expect(
      try problem("<!DOCTYPE a [<!ENTITY b \"c\">]><annotation>&b;</annotation>")
        .contains("contains a document type or entities"))
    #expect(try problem(vocXML("../../secret.png", size, [])).contains("leads out of the folder"))
    #expect(try problem(vocXML("/etc/secret.png", size, [])).contains("leads out of the folder"))
    #expect(
      try problem(vocXML("a.png", PixelSize(width: 61, height: 40), []))
        .contains("<size> says 61x40, but"))
    let noBox = "<annotation><object><name>t</name></object></annotation>"
    #expect(try problem(noBox).contains("a.xml:1: the <object> has no <bndbox>"))
    let words = vocXML("a.png", size, [("t", [1, 2, 3, 4])])
      .replacingOccurrences(of: "<xmax>3<", with: "<xmax>wide<")
    #expect(try problem(words).contains("a.xml:3: <xmax> is \"wide\", no number"))
    #expect(try problem(String(repeating: "<a>", count: 99)).contains("nested deeper than 32"))
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

  @Test func encodingsThatHideADocumentTypeAreRefused() throws {
    let bomb = "<!DOCTYPE a [<!ENTITY b \"c\">]><annotation>&b;</annotation>"
    for encoding in [String.Encoding.utf16, .utf16BigEndian, .utf32] {
      let data = try #require(bomb.data(using: encoding))
      try folder.write("a.xml", data)
      #expect(message { try load() }.contains("save it as UTF-8"))
    }
    let hidden = "<?xml version=\"1.0\" encoding=\"UTF-7\"?>+ADwAIQ-DOCTYPE a>"
    try folder.write("a.xml", hidden)
    #expect(message { try load() }.contains("is written in UTF-7; save it as UTF-8"))
    let xml = vocXML("a.png", size, [("t", [1, 1, 5, 5])])
    try folder.write("a.xml", "<?xml version=\"1.0\" encoding='utf-8'?>" + xml)
    #expect(try load().boxCount == 1)
  }

  @Test func numbersThatAreNoneAreRefused() throws {
    for word in ["nan", "inf", "-inf", "1e999", "", "0x", "١"] {
      let xml = vocXML("a.png", size, [("t", [1, 2, 3, 4])])
        .replacingOccurrences(of: "<xmax>3<", with: "<xmax>\(word)<")
      try folder.write("a.xml", xml)
      #expect(message { try load() }.contains("a.xml:3: <xmax> is \"\(word)\", no number"))
    }
  }

  @Test func aMissingImageIsAnErrorOrListed() throws {
    try folder.write("a.xml", vocXML("a.png", size, []))
    try folder.write("c.xml", vocXML("c.jpg", size, []))
    #expect(message { try load() }.contains("c.xml: the image c.jpg is not in"))
    let dataset = try load { $0.skipMissing = true }
    #expect(dataset.samples.count == 1)
    #expect(dataset.repairs.map(\.kind) == [.imageMissing])
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
    #expect(message { try load { $0.annotations = empty.path } }.contains("has no XML files"))
    #expect(
      message { try load { $0.annotations = empty.path + "/x.xml" } }.contains("no such file"))
  }
}
