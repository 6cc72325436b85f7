import DetBasics
import DetMetrics
import Foundation
import Testing

/// Files that mean harm: what they get is an error with a place, in bounded memory and time.
@Suite struct HostileFileTests {
  private static let lists = #""images": [{"id": 1}], "categories": [{"id": 1}], "annotations": []"#

  private func message(truth text: String) -> String {
    message { try CocoTruthFile.read($0, name: "gt.json", threads: 1) }(text)
  }

  private func message(results text: String) -> String {
    message { try CocoResultsFile.read($0, name: "dt.json", threads: 1) }(text)
  }

  private func message<Value>(
    _ read: @escaping (UnsafeRawBufferPointer) throws -> Value
  ) -> (String) -> String {
    { text in
      do {
        let value = try Array(text.utf8).withUnsafeBytes(read)
        return "read \(value)"
      } catch {
        return "\(error)"
      }
    }
  }

  /// Found by fuzzing: strchr takes a zero byte for its own end, and the walk stood still.
  @Test func aZeroByteBetweenValuesDoesNotHang() {
    let text = "{\"info\": \u{0}, \(Self.lists)}"
    #expect(message(truth: text).hasPrefix("gt.json:1:10: expected a value"))
    #expect(message(truth: "{\u{0}}").hasPrefix("gt.json:1:2: expected a text in quotes"))
    #expect(message(results: "[\u{0}]").contains("dt.json:1:2"))
    #expect(message(results: "\u{0}").hasPrefix("dt.json:1:1: expected a list"))
  }

  /// Found by fuzzing: a box without its end took the bracket that was added behind the text, and read on past it.
  @Test func aBoxThatEndsWithTheFileIsNotReadPast() {
    let row = "[{\"image_id\": 1, \"category_id\": 1, \"score\": 1, \"bbox\": [1, 2, 3, 4"
    #expect(message(results: row).hasPrefix("dt.json:1:"))
    let truth = "{\"annotations\": [{\"id\": 1, \"segmentation\": [1, 2"
    #expect(message(truth: truth).hasPrefix("gt.json:1:"))
  }

  @Test(arguments: [
    ("{\"info\": [1, 2}, ", "gt.json:1:15: expected a comma or the end of the list"),
    ("{\"info\": {1: 2}, ", "expected a text in quotes"),
    ("{\"info\": {\"a\" 2}, ", "expected a colon after the key"),
    ("{\"info\": [,], ", "expected a value"),
    ("{\"info\": , ", "expected a value"),
    ("{\"info\": \"\\", "the file ends inside a text"),
    ("{\"info\": [", "the file ends inside a value; is it truncated?"),
  ])
  func valuesPassedOverMustBeJSON(start: String, expected: String) {
    let text = start.hasSuffix(" ") ? start + Self.lists + "}" : start
    #expect(message(truth: text).contains(expected), "\(message(truth: text))")
  }

  /// A hundred thousand brackets are an error at a place, not a stack that overflows.
  @Test(arguments: ["[", "{\"a\":", "[{\"a\":"])
  func deepNestingIsAnError(opening: String) {
    let deep = String(repeating: opening, count: 100_000)
    #expect(message(truth: "{\"info\": \(deep)").contains("the nesting is deeper than 1024"))
    #expect(message(truth: "{\"annotations\": [{\"x\": \(deep)").hasPrefix("gt.json"))
    #expect(message(results: "[{\"x\": \(deep)").hasPrefix("dt.json"))
    #expect(message(results: deep).hasPrefix("dt.json"))
  }

  @Test func bytesThatAreNoUTF8AreAnError() throws {
    let bytes: [UInt8] =
      Array("[{\"image_id\": 1, \"x\": \"".utf8) + [0xC3, 0x28] + Array("\"}]".utf8)
    #expect(throws: JSONError.self) {
      try bytes.withUnsafeBytes { try CocoResultsFile.read($0, name: "dt.json", threads: 1) }
    }
  }

  /// Numbers on every edge come as the nearest double, whichever of the two parsers reads them.
  @Test(arguments: [
    "0", "-0", "-0.5", "0.1", "1e0", "1E+2", "123456789012345678", "0.23608897626399994", "1e-7",
    "1e22",
    "9007199254740993", "0.000000000000000000000012345678901234567", "1.7976931348623157e308",
    "4.9e-324", "2.2250738585072011e-308", "5e-325", "8.41e21", "9.5367431640625e-7", "1e23",
    "1234567890123456789012", "0.30000000000000004", "100000000.12345678", "12345678.87654321",
  ])
  func numbersAreTheNearestDoubles(text: String) throws {
    let expected = try #require(Double(text))
    for other in ["", ", \"extra\": \"\\u0041\""] {
      let row =
        "[{\"image_id\": 1, \"category_id\": 1, \"bbox\": [\(text), 0, 1, 1], "
        + "\"score\": \(text)\(other)}]"
      let found = try Array(row.utf8).withUnsafeBytes {
        try CocoResultsFile.read($0, name: "dt.json", threads: 1)
      }
      #expect(found[0].box.x.bitPattern == expected.bitPattern)
      #expect(found[0].score.bitPattern == expected.bitPattern)
    }
  }

  /// A hundred thousand numbers of every length, written and read back.
  @Test func randomNumbersAreTheNearestDoubles() throws {
    var generator = Generator(seed: 12)
    var rows: [String] = []
    var expected: [Double] = []
    for _ in 0..<25_000 {
      var sides: [String] = []
      for _ in 0..<4 {
        var digits = String(generator.index(below: 1000))
        let decimals = generator.index(below: 20)
        if decimals > 0 {
          digits += "."
          for _ in 0..<decimals { digits += String(generator.index(below: 10)) }
        }
        if generator.index(below: 8) == 0 { digits += "e\(generator.index(below: 80) - 40)" }
        expected.append(try #require(Double(digits)))
        sides.append(digits)
      }
      rows.append(
        "{\"image_id\":1,\"category_id\":1,\"bbox\":[\(sides.joined(separator: ","))],\"score\":0}")
    }
    let text = "[" + rows.joined(separator: ",") + "]"
    let found = try Array(text.utf8).withUnsafeBytes {
      try CocoResultsFile.read($0, name: "dt.json", threads: 2)
    }
    let read = found.flatMap { [$0.box.x, $0.box.y, $0.box.width, $0.box.height] }
    #expect(read == expected)
  }

  /// Six gigabytes of zero bytes (a sparse file) are judged by their start, in the memory of a few windows.
  @Test func aHugeFileOfNothingIsRefusedAtOnce() throws {
    let path = NSTemporaryDirectory() + "detmetrics-\(UUID().uuidString).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    for (start, name) in [
      ("[", "results"), ("[{\"x\": \"", "results"), ("[{\"x\": [", "results"),
      ("{\"info\": ", "truth"),
      ("{\"images\": [", "truth"), ("{\"images\": [{\"id\": 1},", "truth"),
    ] {
      try Data(start.utf8).write(to: URL(fileURLWithPath: path))
      #expect(truncate(path, 6 << 30) == 0)
      let before = peakMegabytes()
      #expect(throws: JSONError.self) {
        if name == "results" {
          _ = try CocoResultsFile.read(path, threads: 1)
        } else {
          _ = try CocoTruthFile.read(path, threads: 1)
        }
      }
      #expect(peakMegabytes() - before < 200)
    }
  }

  @Test func detectionsOfUnknownImagesNameFileAndPlace() throws {
    let path = NSTemporaryDirectory() + "detmetrics-\(UUID().uuidString).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    var evaluator = CocoEvaluator(truth: try Scene.truth([(1, 1, [0, 0, 10, 10])]))
    let known = Scene.detection(1, 1, [0, 0, 1, 1], 0.5)
    for (stranger, expected) in [
      (Scene.detection(77, 1, [0, 0, 1, 1], 0.5), "detections[1].image_id: no image of the truth"),
      (Scene.detection(1, 9, [0, 0, 1, 1], 0.5), "detections[1].category_id: no category of the"),
    ] {
      try CocoResultsFile.write([known, stranger], to: path)
      do {
        try evaluator.add(resultsFile: path)
        Issue.record("a stranger was added")
      } catch {
        #expect("\(error)".hasPrefix(path) && "\(error)".contains(expected), "\(error)")
      }
    }
  }

  private func peakMegabytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
  }
}
