import DetBasics
import DetData
import Foundation
import TestSupport
import Testing

@Suite struct BDDReaderTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a", "b"] { try folder.write("\(name).jpg", try ramp(60, 40).encodeJPEG()) }
  }

  func load(_ text: String) throws -> Dataset {
    let file = try folder.write("det.json", text)
    return try Dataset.load(DatasetSource(format: .bdd, annotations: file, images: folder.path))
  }

  static let car =
    #"{"id":"1","category":"car","attributes":{"occluded":false},"box2d":{"x1":1.5,"y1":2,"x2":10,"y2":20}}"#

  @Test func newFilesHoldAListOfFrames() throws {
    let dataset = try load(
      #"[{"name":"a.jpg","labels":[\#(Self.car),{"category":"lane","poly2d":[]}]},{"name":"b.jpg","labels":null}]"#
    )
    #expect(dataset.categories.count == 10)
    #expect(dataset.samples.count == 2)
    #expect(dataset.samples[0].boxes.map(\.category) == [2])
    #expect(dataset.samples[0].boxes.map(\.x0) == [1.5])
    #expect(dataset.samples[1].boxes.isEmpty)
  }

  @Test func oldFilesHoldOneImageAndOldNames() throws {
    let text =
      #"{"name":"a","frames":[{"timestamp":1,"objects":[{"category":"person","box2d":{"x1":0,"y1":0,"x2":5,"y2":9}}]}]}"#
    let one = try load(text)
    #expect(one.samples[0].path.hasSuffix("a.jpg"))
    #expect(one.categories[one.samples[0].boxes[0].category].name == "pedestrian")
    let frames = try load(#"{"frames":[{"name":"b.jpg","labels":[\#(Self.car)]}]}"#)
    #expect(frames.samples.count == 1)
    #expect(frames.boxCount == 1)
  }

  @Test func filesOfASequenceNameTheFrameAndItsVideo() throws {
    try folder.write("seq-1/seq-1-0001.jpg", try ramp(60, 40).encodeJPEG())
    try folder.write(
      "labels/seq-1.json",
      #"[{"name":"seq-1-0001.jpg","videoName":"seq-1","frameIndex":0,"labels":[\#(Self.car)]},{"name":"a.jpg","video_name":null}]"#
    )
    try folder.write(
      "labels/seq-2.json",
      #"[{"name":"b.jpg","videoName":"seq-2","labels":[\#(Self.car),{"category":"other vehicle","box2d":{"x1":0,"y1":0,"x2":5,"y2":9}}]}]"#
    )
    let dataset = try Dataset.load(
      DatasetSource(format: .bdd, annotations: "\(folder.path)/labels", images: folder.path))
    #expect(
      dataset.samples.map { ($0.path as NSString).lastPathComponent } == [
        "seq-1-0001.jpg", "a.jpg", "b.jpg",
      ])
    #expect(dataset.samples.map(\.boxes.count) == [1, 0, 2])
    #expect(dataset.categories.count == 11)
    let outside = #"[{"name":"a.jpg","videoName":"../x"}]"#
    #expect(thrown { try load(outside) }.contains("leads out of the folder"))
  }

  @Test func renamedClassesAndLabelsWithoutBoxesAreCounted() throws {
    let person = #"{"category":"person","box2d":{"x1":0,"y1":0,"x2":5,"y2":9}}"#
    let dataset = try load(
      #"[{"name":"a.jpg","labels":[\#(person),\#(person),{"category":"lane","poly2d":[]}]}]"#)
    let repairs = dataset.repairs.filter { $0.kind != .notListed }
    #expect(repairs.map(\.kind) == [.classRenamed, .labelWithoutBox])
    #expect(
      repairs.map(\.detail) == [
        "2 boxes of the class person are counted as pedestrian",
        "1 labels have no box2d and are left out",
      ])
  }

  @Test func mistakesNameLineFrameAndKey() {
    func problem(_ text: String) -> String { thrown { try load(text) } }
    #expect(
      problem(#"[{"labels":[]}]"#).contains("det.json:1:2: frames[0]: the key \"name\" is missing"))
    #expect(problem(#"[{"name":"c.jpg"}]"#).contains("frames[0].name: the image c.jpg is not in"))
    let second = "[{\"name\":\"a.jpg\",\"labels\":[\(Self.car),\n"
    #expect(
      problem(second + #"{"category":"car","box2d":{"x1":1}}]}]"#)
        .contains("det.json:2:27: frames[0].labels[1].box2d: the key \"y1\" is missing"))
    #expect(
      problem(second + #"{"category":"car","box2d":{"x1":"a"}}]}]"#)
        .contains("det.json:2:33: frames[0].labels[1].box2d.x1: expected a finite number, found"))
    #expect(
      problem(second + #"{"box2d":{"x1":1,"y1":1,"x2":2,"y2":2}}]}]"#)
        .contains("det.json:2:1: frames[0].labels[1]: the key \"category\" is missing"))
    #expect(problem(#"{"images":[]}"#).contains("this is no BDD100K file"))
    #expect(problem("7").contains("det.json:1:1: expected a list of frames at the top"))
    #expect(problem(#"[{"name":"a.jpg""#).contains("det.json:1:"))
    #expect(problem(#"[{"name":"a.jpg","name":"b.jpg"}]"#).contains("stands twice"))
    #expect(problem(#"[{"name":"a.jpg"}] 1"#).contains("expected the end of the file"))
  }

  @Test(arguments: [("[", "]"), (#"{"b":"#, "}")])
  func deepNestingIsAnError(open: String, close: String) {
    for (depth, isRead) in [(900, true), (1100, false), (200_000, false)] {
      let deep =
        String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
      let said = thrown { try load(#"[{"name":"a.jpg","other":\#(deep)}]"#) }
      #expect(isRead ? said.isEmpty : said.contains("det.json:1:") && said.contains("nesting"))
    }
  }

  @Test func valuesThatNobodyAsksForAreJSONToo() {
    for broken in [":,", ":]", "\"b\"", ":{\"c\" 1}", ":[1 2]", ":[1,]"] {
      #expect(
        thrown { try load("[{\"name\":\"a.jpg\",\"other\"\(broken)}]") }.contains("det.json:1:"))
    }
  }

  /// Found by fuzzing: such an image was taken, and its path was the folder's.
  @Test(arguments: [
    #"[{"name":"","labels":[]}]"#, #"{"name":"","frames":[]}"#, #"{"frames":[{"name":""}]}"#,
  ])
  func anEmptyNameIsAnError(text: String) {
    #expect(thrown { try load(text) }.contains("name: the text is empty"))
    let ended = text.replacingOccurrences(of: #""name":"""#, with: #""name":"a\u0000b""#)
    #expect(thrown { try load(ended) }.contains("name: the text contains a zero byte"))
  }

  /// Many windows of the reader, whose cuts meet labels, nested lists and frames that do not end with a list.
  @Test(arguments: [("", ""), ("\n    ", "  ")])
  func longFilesAreReadInWindows(line: String, space: String) throws {
    var frames: [String] = []
    for number in 0..<3000 {
      let labels = (0..<number % 7).map { index in
        #"{"category":"car","poly2d":[{"types":"L]},{"}],"box2d":{"x1":\#(index),"y1":2,"x2":10,"y2":20}}"#
      }
      let name = "\"name\":\(space)\"\(number % 2 == 0 ? "a" : "b").jpg\""
      let list = "\"labels\":\(space)[\(labels.joined(separator: ",\(line)"))\(space)]"
      // Every fifth frame has its labels first.
      frames.append("{\(number % 5 == 0 ? "\(list),\(name)" : "\(name),\(list)")\(line)}")
    }
    let text = "[" + frames.joined(separator: ",\(line)") + "]"
    #expect(text.utf8.count > 600_000)
    let dataset = try load(text)
    #expect(dataset.samples.count == 3000)
    #expect(dataset.samples.enumerated().allSatisfy { $1.boxes.count == $0 % 7 })
    let broken = text.replacingOccurrences(of: "}]", with: "}") + " "
    #expect(thrown { try load(broken) }.contains("frames[1]"))
    #expect(thrown { try load(String(text.dropLast(2))) }.contains("det.json:"))
  }
}

@Suite struct YOLOReaderTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a", "b"] {
      try folder.write("images/val/\(name).png", try ramp(60, 40).encodePNG())
    }
  }

  func load(_ text: String) throws -> Dataset {
    try folder.write("labels/val/a.txt", text)
    var source = DatasetSource(format: .yolo, images: folder.path + "/images/val")
    source.classes = ["x", "y"]
    return try Dataset.load(source)
  }

  @Test func sharesOfTheImageBecomePixels() throws {
    let dataset = try load("1 0.5 0.5 0.5 0.25\n\n0 0.25 0.5 0.5 1\n")
    let boxes = dataset.samples[0].boxes
    #expect(boxes[0] == LabelledBox(x0: 15, y0: 15, x1: 45, y1: 25, category: 1, id: 1))
    #expect(boxes[1] == LabelledBox(x0: 0, y0: 0, x1: 30, y1: 40, category: 0, id: 2))
    #expect(dataset.samples[1].boxes.isEmpty)
    #expect(dataset.repairs.isEmpty)
  }

  @Test func mistakesNameTheLine() {
    func problem(_ text: String) -> String { thrown { try load(text) } }
    #expect(problem("0 0.5 0.5 0.1 0.1\n2 0.5 0.5 0.1 0.1").contains("a.txt:2: the class is \"2\""))
    #expect(problem("0 0.5 0.5 0.1").contains("a.txt:1: the line has 4 words"))
    #expect(problem("0 0.5 nan 0.1 0.1").contains("\"nan\" is no share of the image"))
    #expect(problem("0 30 20 10 10").contains("\"30\" is no share of the image"))
  }

  @Test func classesCanStandInAFileAndOtherFilesAreListed() throws {
    try folder.write("images/val/c.webp", "picture")
    try folder.write("labels/val/a.txt", "1 0.5 0.5 0.5 0.25\n")
    var source = DatasetSource(format: .yolo, images: folder.path + "/images/val")
    source.classFile = try folder.write("classes.txt", "x\n\n y \n")
    let dataset = try Dataset.load(source)
    #expect(dataset.categories.map(\.name) == ["x", "y"])
    #expect(dataset.repairs.map(\.kind) == [.otherFile])
    source.classes = ["x"]
    #expect(thrown { try Dataset.load(source) }.contains("give one of them"))
    source.classes = nil
    try folder.write("classes.txt", "x\nx\n")
    #expect(thrown { try Dataset.load(source) }.contains("classes.txt: classes names \"x\" twice"))
  }

  @Test func labelsOfOtherImagesAreRefused() throws {
    try folder.write("labels/val/z.txt", "0 0.5 0.5 0.1 0.1")
    #expect(thrown { try load("") }.contains("z.txt: there is no image of that name"))
  }
}
