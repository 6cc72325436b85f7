import DetBasics
import Foundation
import TestSupport
import Testing

@testable import DetData

/// Lists of classes, and the data files of YOLO's tools.
@Suite struct ClassListTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func classes(_ text: String, _ name: String = "classes.txt") throws -> [String] {
    try ListFile.classes(try folder.write(name, text))
  }

  @Test func aListIsTakenLineByLine() throws {
    #expect(try classes("tree\n palm \r\n\n  \nold shrub\t") == ["tree", "palm", "old shrub"])
    #expect(
      try classes("\u{FEFF}n01440764 tench, Tinca tinca\n") == ["n01440764 tench, Tinca tinca"])
    let wide = "é\r\nb".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    #expect(try ListFile.classes(folder.write("w.txt", Data([0xFE, 0xFF] + wide))) == ["é", "b"])
  }

  @Test(arguments: [
    ("[\"tree\", \"palm\"]", "is JSON, no list"), ("{\"names\": []}", "is JSON, no list"),
    ("<annotation/>", "is XML, no list"), ("item {\n  id: 1\n}", "is a label map of TensorFlow"),
    ("# label:color_rgb:parts:actions\ntree:0,0,0::", "is a label map of CVAT"),
  ])
  func otherStructuresAreNeverTakenLineByLine(text: String, message: String) {
    #expect(thrown { try classes(text) }.contains(message))
  }

  @Test(arguments: [
    "train: ../train/images\nval: ../valid/images\nnc: 2\nnames: ['peach', 'plum']\n",
    "names:\n  0: peach\n  1: plum\n", "names:\n- peach\n- plum\nnc: 2",
    "# COCO\r\nnames:\r\n  - peach # first\r\n  - \"plum\"\r\n",
    "---\nnames: {1: plum, 0: peach}\n",
    "names: [\n  'peach',\n  'plum',\n]\nroboflow:\n  workspace: me\n  version: 1\n  url: https://a.b/c#d\n",
    "download: |\n  from x import y\n  # not: a [comment\n  y(['a'])\n\nnames: [peach, plum]\n",
    "names: [\"pe\\u0061ch\", plum]\nnc: 2 # two\nkpt_shape: [17, 3]\n",
    "nc: 2\n\n\nnames:\n\n  0: 'peach'\n\n  1: 'plum'\n",
  ])
  func namesOfADataFileAreRead(text: String) throws {
    #expect(try classes(text, "data.yaml") == ["peach", "plum"])
    #expect(try classes(text, "renamed.txt") == ["peach", "plum"])
  }

  @Test(arguments: [
    ("nc: 3\nnames: [a, b]", "data.yaml:1: nc is not 2"),
    (
      "names:\n  0: a\n  2: b",
      "data.yaml:3: the class is \"2\"; 2 classes are numbered from 0 to 1"
    ),
    ("names:\n  zero: a", "data.yaml:2: the class is \"zero\""),
    ("train: x", "there is no key \"names\""), ("names: 5", "neither a list nor a mapping"),
    ("names: [a, [b]]", "no text"),
    ("names: [a, b", "data.yaml:1: a bracket or quote is not closed"),
    ("names: &n [a]", "data.yaml:1: begins with \"&\""), ("names: !!seq [a]", "begins with \"!\""),
    ("names: [a]\nnames: [b]", "data.yaml:2: the key \"names\" stands twice"),
    ("names:\n\t- a", "data.yaml:2: is indented by a tab"), ("tree\npalm", "data.yaml:2: "),
    ("names: [a]\n---\nnames: [b]", "data.yaml:2: \"---\" begins or ends a document"),
    ("names:\n  0: a\n 1: b", "data.yaml:3: "), ("path: a: b\nnames: [x]", "put it into quotes"),
    ("names: {0: a 1: b}", "data.yaml:1: "), ("? a\n: b", "data.yaml:2: "),
    ("a: b\ntree", "data.yaml:2: \"tree\" is no \"key: value\""),
    ("<<: *a\nnames: [b]", "data.yaml:1: begins with \"*\""),
  ])
  func whatIsBeyondThatIsRefusedWithItsLine(text: String, message: String) {
    let said = thrown { try classes(text, "data.yaml") }
    #expect(said.contains(message), "\(said)")
  }

  @Test func nestingAndLengthHaveBounds() {
    for open in ["[", "{a: "] {
      #expect(
        !thrown { try classes("names: " + String(repeating: open, count: 3000), "a.yaml") }.isEmpty)
    }
    let deep = (0..<40).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n")
    #expect(thrown { try classes(deep, "a.yaml") }.contains("is nested deeper than"))
    #expect(
      thrown { try classes(String(repeating: "- ", count: 500) + "a", "a.yaml") }.contains("nested")
    )
  }

  // MARK: Sides

  @Test func aDataFileGivesImagesLabelsClassesAndSides() throws {
    for side in ["train", "valid"] {
      try folder.write("set/\(side)/images/a.png", try ramp(60, 40).encodePNG())
      try folder.write("set/\(side)/labels/a.txt", "1 0.5 0.5 0.5 0.5\n")
    }
    // As Roboflow writes it: the paths lead one folder too high.
    let file = try folder.write(
      "set/data.yaml",
      "train: ../train/images\nval: ../valid/images\ntest: ../test/images\nnames: [a, b]\n")
    let data = try YOLODataFile(file)
    for side in [YOLODataFile.Side.train, .validation] {
      let dataset = try Dataset.load(try data.source(side))
      #expect(dataset.categories.map(\.name) == ["a", "b"] && dataset.boxCount == 1)
    }
    #expect(thrown { try data.source(.test) }.contains("data.yaml:3: there is no "))
    let both = try folder.write(
      "both.yaml",
      "path: set\ntrain:\n  - train/images\n  - valid/images\nval: list.txt\nnames: [a, b]\n")
    #expect(try Dataset.load(try YOLODataFile(both).source(.train)).samples.count == 2)
    #expect(thrown { try YOLODataFile(both).source(.test) }.contains("has no key \"test\""))
    try folder.write("set/list.txt", "train/images/a.png\n")
    #expect(try Dataset.load(try YOLODataFile(both).source(.validation)).boxCount == 1)
    try folder.write("set/list.txt", "trees\n")
    #expect(
      thrown { try YOLODataFile(both).source(.validation) }
        .contains("list.txt: is neither a folder of images nor a list of them"))
    #expect(
      YOLODataFile.classFile(near: folder.file("set/train/images"))?.hasSuffix("data.yaml") == true)
  }
}
