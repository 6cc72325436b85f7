import Foundation
import Testing

@testable import DetBasics

struct JSONParserTests {
  func parse(_ text: String, comments: Bool = false) throws -> JSONNode {
    try JSON.parse(Data(text.utf8), source: "plan.json", allowsComments: comments)
  }

  func problem(_ text: String, comments: Bool = false) -> String? {
    let error = #expect(throws: JSONError.self) { try parse(text, comments: comments) }
    return error?.description
  }

  @Test func everyKindOfValueIsRead() throws {
    let node = try parse(#" {"a": null, "b": [true, false], "c": -1.50e+2, "d": "x"} "#)
    #expect(node["a"]?.kind == "null")
    #expect(node["b"]?.kind == "a list")
    #expect(node["c"]?.kind == "the number -1.50e+2")
    #expect(node["d"]?.kind == "the text \"x\"")
    #expect(node["e"] == nil)
    #expect(node["a"]?["b"] == nil)
  }

  @Test func placesAreLinesAndByteColumnsFromOne() throws {
    let node = try parse("{\n  \"a\": 1,\n  \"ä\": [2,\n 3]}")
    #expect(node.line == 1 && node.column == 1)
    #expect(node["a"]?.line == 2 && node["a"]?.column == 8)
    guard case .array(let elements)? = node["ä"]?.value else {
      Issue.record("no list")
      return
    }
    #expect(elements.map(\.line) == [3, 4])
    #expect(elements.map(\.column) == [10, 2])
  }

  @Test(arguments: [
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e4\u2028""#, "ä\u{2028}"),
    (#""\ud83d\ude00""#, "😀"), (#""\u0000""#, "\u{0}"), ("\"木\u{7F}\"", "木\u{7F}"),
  ])
  func escapesAreRead(text: String, value: String) throws {
    guard case .string(let read) = try parse(text).value else {
      Issue.record("no text")
      return
    }
    #expect(read == value)
  }

  @Test(arguments: [
    ("", "plan.json:1:1: expected a value, found the end of the text"),
    ("{", "plan.json:1:2: expected a key in double quotes, found the end of the text"),
    ("[1,]", "plan.json:1:4: a comma before the closing bracket; remove it"),
    ("[,]", "plan.json:1:2: expected a value, found \",\""),
    ("[1 2]", "plan.json:1:4: expected \",\" or \"]\", found \"2\""),
    ("{\"a\" 1}", "plan.json:1:6: expected \":\" after the key \"a\", found \"1\""),
    ("{a: 1}", "plan.json:1:2: expected a key in double quotes, found \"a\""),
    ("{\"a\": 1, \"a\": 2}", "plan.json:1:10: the key \"a\" stands twice in one object"),
    ("1 2", "plan.json:1:3: expected the end of the text after the value"),
    ("// c\n1", "plan.json:1:1: expected a value, found \"/\""),
    ("tru", "plan.json:1:1: expected true"),
    ("nul\n", "plan.json:1:1: expected null"),
    ("01", "plan.json:1:1: a number starts with 0; remove the leading zero"),
    ("-", "plan.json:1:2: a digit is missing here"),
    ("1.", "plan.json:1:3: a digit is missing here"),
    ("1e+", "plan.json:1:4: a digit is missing here"),
    ("+1", "plan.json:1:1: expected a value, found \"+\""),
    ("NaN", "plan.json:1:1: expected a value, found \"N\""),
    ("\"a\nb\"", "plan.json:1:3: a control character inside a text; write it as \\u00.."),
    ("\"abc", "plan.json:1:1: the text that starts here has no closing quote"),
    (#""\x""#, "plan.json:1:2: an unknown escape in a text"),
    (#""\u12g4""#, "plan.json:1:2: \\u needs four hexadecimal digits"),
    (#""\u+123""#, "plan.json:1:2: \\u needs four hexadecimal digits"),
    (#""\ud83d""#, "plan.json:1:2: half of a surrogate pair in a text"),
    (#""\ude00""#, "plan.json:1:2: half of a surrogate pair in a text"),
    (#""\ud83d\u0041""#, "plan.json:1:2: half of a surrogate pair in a text"),
  ])
  func whatIsWrongIsSaidWithItsPlace(text: String, message: String) {
    #expect(problem(text) == message)
  }

  @Test func commentsAndTrailingCommasAreReadWhenAllowed() throws {
    let node = try parse("// a\n{\"a\": [1, /* b */ 2,], // c\n}", comments: true)
    #expect(node["a"]?.kind == "a list")
    #expect(
      problem("/* x", comments: true)
        == "plan.json:1:1: the comment that starts here has no end")
    #expect(problem("[1] /x", comments: true) == "plan.json:1:5: expected a comment after \"/\"")
    #expect(
      problem("/*/ 1", comments: true) == "plan.json:1:1: the comment that starts here has no end")
  }

  @Test func nestingEndsAtADepthThatTheStackBears() throws {
    let deep = String(repeating: "[", count: 256) + String(repeating: "]", count: 256)
    #expect(try parse(deep).kind == "a list")
    #expect(
      problem("[" + deep + "]") == "plan.json:1:257: nested deeper than 256 levels")
    #expect(problem(String(repeating: "[", count: 1_000_000)) != nil)
  }

  @Test func textThatIsNotUTF8IsRefused() {
    let error = #expect(throws: JSONError.self) {
      try JSON.parse(Data([0x22, 0xFF, 0x22]), source: "plan.json")
    }
    #expect(error?.description == "plan.json: is not UTF-8 text; save it as UTF-8")
  }

  @Test func aByteOrderMarkIsSteppedOver() throws {
    #expect(try parse("\u{FEFF}1").kind == "the number 1")
  }

  @Test func nineHundredKilobytesOfNumbersKeepTheirSpelling() throws {
    let text = "[" + (0..<100_000).map { "\($0).500" }.joined(separator: ",\n") + "]"
    guard case .array(let elements) = try parse(text).value else {
      Issue.record("no list")
      return
    }
    #expect(elements.count == 100_000)
    #expect(elements.last?.line == 100_000)
    #expect(elements.last?.kind == "the number 99999.500")
  }
}
