import DetBasics
import DetMetrics
import Foundation
import TestSupport
import Testing

/// Files that mean harm: what they get is an error with a place, in bounded memory and time.
@Suite struct HostileFileTests {
  private static let lists = #""images": [{"id": 1}], "categories": [{"id": 1}], "annotations": []"#

  private func message(truth text: String) -> String {
    message { try COCOTruthFile.read($0, name: "gt.json", threads: 1) }(text)
  }

  private func message(results text: String) -> String {
    message { try COCOResultsFile.read($0, name: "dt.json", threads: 1) }(text)
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
    ("{\"info\": {1: 2}, ", "expected a key in quotes"),
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

  /// What is no JSON, each with what is said of it. simdjson passes over most of them, and over a text that looks like
  /// a key.
  static let noValues: [(String, String)] = [
    ("07", "a number begins with 0"), ("1.", "expected a digit"), ("-", "expected a digit"),
    ("1e", "expected a digit"), (".5", "expected a value"), ("+1", "expected a value"),
    ("tru", "expected a value"), ("NaN", "expected a value"), ("Infinity", "expected a value"),
    (#""\x""#, "a text holds an unknown escape"),
    (#""\u12g4""#, "\\u is not followed by four hexadecimal digits"),
    ("[1 2]", "expected a comma or the end of the list"), ("[1,]", "expected a value"),
    (#"{"a": 1,}"#, "expected a key in quotes"), (#"{"a" 1}"#, "expected a colon after the key"),
    (#"{"a": 1 "b": 2}"#, "expected a comma or the end of the object"),
    (#"{"a": [1}]"#, "expected a comma or the end of the list"), (#""a": 1"#, "expected a comma"),
    ("1 2", "expected a comma"), ("nullnull", "expected a comma"), ("1x", "expected a comma"),
    ("1:", "expected a comma"),
  ]

  static let values = [
    "0", "-0", "-0.5e+10", "1E400", "123456789012345678901234567890", "true", "false", "null",
    "\"\"",
    #""\"\\\/\b\f\n\r\t\u00e9\ud800""#, "\"é\u{800}\u{FFFF}\u{1F600}\u{10FFFF}\"", "[]", "{}",
    #"[ [ ] , { } , {"a":[1,{"b":null}]} ]"#,
  ]

  /// A file with the value under a key that nobody asks for, at each place where one can stand; the last has it where
  /// the scanner passes over it, the others where the parser or the walk between the lists does.
  private func truths(with value: String) -> [String] {
    [
      #"{"info": \#(value), \#(Self.lists)}"#,
      #"{"images": [{"id": 1, "x": \#(value)}], "categories": [{"id": 1}], "annotations": []}"#,
      #"{"images": [{"id": 1}], "categories": [{"x": \#(value), "id": 1}], "annotations": []}"#,
      """
      {"images": [{"id": 1}], "categories": [{"id": 1}], "annotations": [{"segmentation": \(value),
       "id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0}]}
      """,
    ]
  }

  private func results(with value: String) -> String {
    #"[{"image_id": 1, "category_id": 1, "x": \#(value), "bbox": [1, 2, 3, 4], "score": 1}]"#
  }

  @Test(arguments: noValues) func noReaderPassesOverWhatIsNoJSON(value: String, problem: String) {
    for text in truths(with: value) {
      #expect(!message(truth: text).hasPrefix("read "), "\(text)")
      #expect(message(truth: text).contains(problem), "\(message(truth: text))")
    }
    #expect(message(results: results(with: value)).hasPrefix("dt.json:1:"))
    #expect(message(results: results(with: value)).contains(problem))
  }

  @Test(arguments: values) func allJSONIsPassedOver(value: String) {
    for text in truths(with: value) {
      #expect(message(truth: text).hasPrefix("read "), "\(message(truth: text))")
    }
    #expect(message(results: results(with: value)).hasPrefix("read "))
  }

  /// Outlines are gone over in blocks of 64 bytes; one changed byte anywhere must be judged as Foundation judges it.
  @Test func outlinesWithOneChangedByteAreTakenOrRefusedAsFoundationDoes() {
    var generator = Generator(seed: 7)
    let alphabet = Array("0123456789.-,, x[]+\n".utf8)
    var taken = 0
    for _ in 0..<4_000 {
      let numbers = (0...generator.index(below: 40)).map { _ in
        let whole = generator.index(below: 4) == 0 ? "0" : "\(generator.index(below: 1000))"
        let sign = generator.index(below: 6) == 0 ? "-" : ""
        return sign + whole + ["", ".0", ".25", ".5"][generator.index(below: 4)]
      }
      var list = Array(
        ("[[" + numbers.joined(separator: generator.index(below: 2) == 0 ? "," : ", ") + "]]").utf8)
      list[generator.index(below: list.count)] =
        alphabet[generator.index(below: alphabet.count)]
      let value = String(decoding: list, as: UTF8.self)
      let parsed = try? JSONSerialization.jsonObject(with: Data(list), options: .fragmentsAllowed)
      // Foundation takes a comma before the end of a list, which is no JSON.
      let isJSON = parsed != nil && !value.filter { !$0.isWhitespace }.contains(",]")
      let isRead = message(truth: truths(with: value)[3]).hasPrefix("read ")
      #expect(isRead == isJSON, "\(value)")
      taken += isRead ? 1 : 0
    }
    #expect((400..<3_600).contains(taken), "both outcomes must be met, \(taken) were taken")
  }

  /// Found by fuzzing: 7.0 is taken for 7, and 07.0 was.
  @Test func aWholeNumberWithAPointIsJSONToo() {
    let row = #"[{"image_id": 07.0, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 1}]"#
    #expect(
      message(results: row).contains("a number begins with 0, found 07.0"),
      "\(message(results: row))")
    // strchr takes a zero byte for its own end, so that it passed for white space behind the number.
    #expect(
      message(results: row.replacingOccurrences(of: "07.0", with: "7.0\u{0} ")).hasPrefix(
        "dt.json:1:"))
    #expect(message(results: row.replacingOccurrences(of: "07.0", with: "7.0")).hasPrefix("read "))
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

  /// Cut short, overlong, half of a surrogate pair, beyond Unicode, a byte that begins nothing.
  @Test(
    arguments: [
      [0xC3, 0x28], [0xE2, 0x82], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xF0, 0x80, 0x80, 0x80],
      [0xED, 0xA0, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80], [0x80], [0xFF],
    ] as [[UInt8]])
  func bytesThatAreNoUTF8AreAnError(bytes: [UInt8]) {
    func with(_ start: String, _ end: String) -> [UInt8] {
      Array(start.utf8) + bytes + Array(end.utf8)
    }
    let row = with("[{\"image_id\": 1, \"x\": \"", "\"}]")
    #expect(throws: JSONError.self) {
      try row.withUnsafeBytes { try COCOResultsFile.read($0, name: "dt.json", threads: 1) }
    }
    let info = with("{\"info\": \"", "\", \(Self.lists)}")
    #expect(throws: JSONError.self) {
      try info.withUnsafeBytes { try COCOTruthFile.read($0, name: "gt.json", threads: 1) }
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
        try COCOResultsFile.read($0, name: "dt.json", threads: 1)
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
      try COCOResultsFile.read($0, name: "dt.json", threads: 2)
    }
    let read = found.flatMap { [$0.box.x, $0.box.y, $0.box.width, $0.box.height] }
    #expect(read == expected)
  }

  /// Six gigabytes of zero bytes (a sparse file) are judged by their start, in the memory of a few windows.
  @Test func aHugeFileOfNothingIsRefusedAtOnce() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("boxes.json")
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
          _ = try COCOResultsFile.read(path, threads: 1)
        } else {
          _ = try COCOTruthFile.read(path, threads: 1)
        }
      }
      #expect(peakMegabytes() - before < 200)
    }
  }

  @Test func detectionsOfUnknownImagesNameFileAndPlace() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("boxes.json")
    var evaluator = COCOEvaluator(truth: try Scene.truth([(1, 1, [0, 0, 10, 10])]))
    let known = Scene.detection(1, 1, [0, 0, 1, 1], 0.5)
    for (stranger, expected) in [
      (Scene.detection(77, 1, [0, 0, 1, 1], 0.5), "detections[1].image_id: no image of the truth"),
      (Scene.detection(1, 9, [0, 0, 1, 1], 0.5), "detections[1].category_id: no category of the"),
    ] {
      try COCOResultsFile.write([known, stranger], to: path)
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
