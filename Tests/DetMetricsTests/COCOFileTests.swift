import DetBasics
import DetMetrics
import Foundation
import TestSupport
import Testing

private func truth(_ text: String, threads: Int = 1) throws -> GroundTruth {
  try Array(text.utf8).withUnsafeBytes {
    try COCOTruthFile.read($0, name: "gt.json", threads: threads)
  }
}

private func results(_ text: String, threads: Int = 1) throws -> [DetectionEntry] {
  try Array(text.utf8).withUnsafeBytes {
    try COCOResultsFile.read($0, name: "dt.json", threads: threads)
  }
}

private func detection(_ change: String = "", _ with: String = "") -> String {
  let text = #"{"image_id": 1, "category_id": 2, "bbox": [1, 2.5, 3e1, 4], "score": 0.5}"#
  return change.isEmpty ? text : text.replacingOccurrences(of: change, with: with)
}

@Suite struct COCOResultsFileTests {
  @Test func numbersComeAsWritten() throws {
    let found = try results(" [\n\(detection()) ,\(detection("0.5", "-1"))]\n")
    #expect(found.count == 2)
    #expect(found[0].box == COCOBox(x: 1, y: 2.5, width: 30, height: 4))
    #expect(found.map(\.score) == [0.5, -1])
  }

  @Test func otherKeysAndTheirOrderDoNotMatter() throws {
    let text = """
      [{"score": 1, "segmentation": {"size": [1, 2], "counts": "},{"}, "bbox": [0,0,1,1],
        "extra": [{"a": 1},{"b": [[]]}], "category\\u005fid": 7.0, "image_id": 9007199254740993}]
      """
    let found = try results(text)
    #expect(found.map(\.imageID) == [9_007_199_254_740_993])
    #expect(found.map(\.categoryID) == [7])
  }

  @Test(arguments: [
    ("", "dt.json:1:1: the file ends where a list of detections at the top is needed"),
    ("{}", "dt.json:1:1: expected a list of detections at the top, found an object"),
    ("[", "the file ends inside the list; is it truncated?"),
    ("[\(detection())", "the file ends inside the list; is it truncated?"),
    ("[\(detection()),]", "dt.json:1:76: [1]: expected an object in curly brackets"),
    ("[\(detection())] x", "expected the end of the file after the list"),
    ("[\(detection())}]", "this is not JSON"),
    ("[\(detection("\"bbox\"", "\"category_id\" \"bbox\""))]", "this is not JSON"),
    ("[7]", "dt.json:1:2: [0]: expected an object in curly brackets"),
    ("[\n\n  {\"image_id\": 1}]", "dt.json:3:3: [0]: the key \"category_id\" is missing"),
    ("[\(detection("0.5", "\"high\""))]", "[0].score: expected a finite number, found the text"),
    ("[\(detection("0.5", "NaN"))]", "[0].score: expected a finite number, found NaN"),
    ("[\(detection("0.5", "-Infinity"))]", "[0].score: expected a finite number, found -Infinity"),
    ("[\(detection("0.5", "1e999"))]", "[0].score: expected a finite number, found 1e999"),
    ("[\(detection("0.5", "0.5x"))]", "[0].score: expected a finite number"),
    ("[\(detection("3e1", "-3"))]", "[0].bbox[2]: the width is negative"),
    ("[\(detection(", 4]", "]"))]", "[0].bbox: expected four numbers x, y, width, height, found 3"),
    ("[\(detection(", 4]", ", 4, 5]"))]", "[0].bbox: expected four numbers"),
    ("[\(detection("[1, 2.5, 3e1, 4]", "null"))]", "[0].bbox: expected four numbers"),
    ("[\(detection("1,", "1.5,"))]", "[0].image_id: expected a whole number, found 1.5"),
    ("[\(detection("1,", "true,"))]", "[0].image_id: expected a whole number, found true"),
    ("[\(detection("1,", "92233720368547758080,"))]", "[0].image_id: the number 9223"),
    ("[\(detection("\"score\"", "\"image_id\""))]", "[0].image_id: the key stands twice"),
  ])
  func aBadFileIsRefusedWithItsPlace(text: String, message: String) {
    do {
      let found = try results(text)
      Issue.record("read \(found) from \(text)")
    } catch {
      #expect("\(error)".contains(message), "\(error)")
    }
  }

  @Test func aMissingFileIsNamed() {
    #expect(throws: FileError.self) { try COCOResultsFile.read("/no/such/file.json") }
    #expect(throws: FileError.self) { try COCOResultsFile.read("/") }
  }

  /// Enough text for many windows, with texts and nested lists that look like the seams between elements.
  @Test(arguments: [1, 2, 3])
  func windowsGiveWhatTheWholeFileHolds(threads: Int) throws {
    var rows: [String] = []
    for row in 0..<12_000 {
      let noise = row % 7 == 0 ? #", "x": "},{\"", "y": [{"a": 1}, {"b": 2}]"# : ""
      rows.append(
        "{\"image_id\": \(row), \"category_id\": 1, \"bbox\": [\(row), 0, 1, 1], \"score\": 0.25\(noise)}"
      )
    }
    let text = "[" + rows.joined(separator: ",\n") + "]"
    let found = try results(text, threads: threads)
    #expect(found.map(\.imageID) == (0..<12_000).map { Int64($0) })
    let broken = text.replacingOccurrences(of: "\"bbox\": [9999,", with: "\"bbox\": [oops,")
    do {
      _ = try results(broken, threads: threads)
      Issue.record("a broken file was read")
    } catch {
      #expect("\(error)".contains("dt.json:10000:"), "\(error)")
      #expect("\(error)".contains("[9999].bbox[0]: expected a finite number, found oops"))
    }
  }

  /// The fuzzer's find: behind an element as large as a window, the list's end was a window of its own, and the comma
  /// before it went unnoticed.
  @Test func aCommaBeforeTheEndIsRefusedHoweverLargeTheElement() throws {
    for count in [10, 300_000, 600_000] {
      let note = String(repeating: "x", count: count)
      let element = detection("\"score\"", "\"note\": \"\(note)\", \"score\"")
      #expect(try results("[\(element),\n\(element)]").count == 2)
      #expect(throws: JSONError.self) { try results("[\(element),\n ]") }
      #expect(throws: JSONError.self) { try results("[\(element),\n ") }
    }
  }

  @Test func whatIsWrittenReadsBack() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("boxes.json")
    let written = [
      Scene.detection(1 << 40, 3, [0.1, 1e-7, 1.0 / 3, 12345678.9], 0.1 + 0.2),
      Scene.detection(-5, 1, [0, 0, 0, 0], -0.0),
    ]
    try COCOResultsFile.write(written, to: path)
    #expect(try COCOResultsFile.read(path) == written)
    try COCOResultsFile.write([], to: path)
    #expect(try COCOResultsFile.read(path) == [])
    #expect(throws: MetricsError.self) {
      try COCOResultsFile.write([Scene.detection(1, 1, [0, 0, 1, 1], .nan)], to: path)
    }
  }
}

@Suite struct COCOTruthFileTests {
  private static let good = """
    {"info": {"a": ["]", {"b": null}]}, "licenses": [],
     "annotations": [{"id": 1, "image_id": 7, "category_id": 3, "bbox": [1, 2, 3, 4], "area": 5,
                      "iscrowd": 1, "segmentation": [[1, 2]]},
                     {"id": 2, "image_id": 7, "category_id": 3, "bbox": [1, 2, 3, 4], "ignore": true}],
     "images": [{"id": 7, "width": 640, "height": 480, "file_name": "a\\u00e9.jpg"}, {"id": 8}],
     "categories": [{"id": 3, "name": "cat"}, {"id": 90, "name": "dog"}]}
    """

  @Test func listsComeInAnyOrder() throws {
    let read = try truth(Self.good)
    #expect(read.images.map(\.fileName) == ["aé.jpg", ""])
    #expect(read.images.map(\.width) == [640, 0])
    #expect(read.categories.map(\.id) == [3, 90])
    #expect(read.annotations.map(\.area) == [5, 12])
    #expect(read.annotations.map(\.isCrowd) == [true, false])
    #expect(read.annotations.map(\.isIgnored) == [false, true])
  }

  @Test func whatIsWrittenReadsBackAndRepairsAreCounted() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("boxes.json")
    let read = try truth(Self.good)
    try COCOTruthFile.write(read, to: path)
    let again = try COCOTruthFile.readCountingRepairs(path)
    #expect(again.truth == read)
    #expect(again.repairs.isEmpty)
    try AtomicFile.write(Self.good, to: path)
    let repairs = try COCOTruthFile.readCountingRepairs(path).repairs
    #expect(repairs.missingAreas == 1 && repairs.missingCrowdFlags == 1 && repairs.zeroIDs == 0)
  }

  @Test(arguments: [
    ("[]", "", "expected an object with images, annotations and categories at the top"),
    (#""images""#, #""pictures""#, "the key \"images\" is missing"),
    (#""licenses""#, #""images""#, "images: the key stands twice in one object"),
    (#"{"id": 8}"#, #"{"id": 7}"#, "images[1].id: the id 7 is also that of images[0]"),
    (#""id": 90"#, #""id": 3"#, "categories[1].id: the id 3 is also that of categories[0]"),
    (#""image_id": 7"#, #""image_id": 9"#, "annotations[0].image_id: no image of the truth"),
    (#""category_id": 3"#, #""category_id": 4"#, "the truth's ids are 3, 90"),
    (#""area": 5"#, #""area": -5"#, "annotations[0].area: the area is negative"),
    (#""iscrowd": 1"#, #""iscrowd": 2"#, "annotations[0].iscrowd: expected 0 or 1, found 2"),
    (#""width": 640"#, #""width": -2"#, "images[0].width: the size is negative"),
    (#""dog"}]}"#, #""dog"}]} {"#, "expected the end of the file after the object"),
    (#""dog"}]}"#, #""dog"}]"#, "the file ends where a comma or the end of the object is needed"),
    (#""name": "dog"}]}"#, #""name": "do"#, "the file ends inside a text; is it truncated?"),
  ])
  func aBadFileIsRefusedWithItsPlace(change: String, with: String, message: String) {
    var text = change == "[]" ? "[]" : Self.good
    if let place = text.range(of: change), change != "[]" {
      text.replaceSubrange(place, with: with)
    }
    do {
      let read = try truth(text)
      Issue.record("read \(read) from \(text)")
    } catch {
      #expect("\(error)".contains(message), "\(error)")
      #expect("\(error)".hasPrefix("gt.json"))
    }
  }

  @Test func everyTruncationIsAnErrorAndNoneACrash() {
    let bytes = Array(Self.good.utf8)
    for length in 0..<bytes.count {
      #expect(throws: JSONError.self) {
        try bytes.prefix(length).withUnsafeBytes {
          try COCOTruthFile.read($0, name: "gt.json", threads: 1)
        }
      }
    }
  }

  /// Random damage: every outcome is a truth or an error with a place, never a crash.
  @Test func damagedBytesNeverCrash() {
    var generator = Generator(seed: 3)
    let pieces = Array("{}[],:\"\\0-9e.ntf \u{1}".utf8)
    for _ in 0..<3000 {
      var bytes = Array(Self.good.utf8)
      for _ in 0...generator.index(below: 4) {
        let place = generator.index(below: bytes.count)
        switch generator.index(below: 3) {
        case 0: bytes[place] = pieces[generator.index(below: pieces.count)]
        case 1: bytes.remove(at: place)
        default: bytes.insert(pieces[generator.index(below: pieces.count)], at: place)
        }
      }
      do {
        _ = try bytes.withUnsafeBytes { try COCOTruthFile.read($0, name: "gt.json", threads: 2) }
      } catch {
        #expect(error is JSONError)
      }
    }
  }
}
