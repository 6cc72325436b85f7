import Foundation
import Testing

@testable import DetBasics

struct StrictDecoderTests {
  enum Kind: String, Codable { case voc, coco }

  struct Set: Codable, Equatable {
    var format: Kind
    var images: String
  }

  struct Plan: Codable, Equatable {
    var name: String
    var trials: Int
    var share: Double?
    var sets: [Set] = []
    var limits: [String: Double]?
  }

  func problem(_ text: String) -> String? {
    let error = #expect(throws: JSONError.self) {
      try JSON.decode(Plan.self, from: text, source: "plan.json")
    }
    return error?.description
  }

  @Test func aValueIsReadAsItWasWritten() throws {
    let plan = Plan(
      name: "trees", trials: 24, share: 0.25, sets: [Set(format: .voc, images: "a")],
      limits: ["latency": 20])
    let text = try JSON.text(plan)
    #expect(try JSON.decode(Plan.self, from: text, source: "plan.json") == plan)
    #expect(
      text == #"{"limits":{"latency":20},"name":"trees","sets":[{"format":"voc","images":"a"}],"#
        + #""share":0.25,"trials":24}"#)
  }

  @Test(arguments: [
    (
      #"{"name": "a", "trails": 3, "sets": []}"#,
      "plan.json:1:25: unknown key \"trails\"; did you mean \"trials\"?"
    ),
    (
      #"{"name": "a", "trials": 3, "sets": [{"format": "voc", "images": "", "bogus": 1}]}"#,
      "plan.json:1:78: sets[0]: unknown key \"bogus\"; known keys: format, images"
    ),
    (#"{"trials": 3, "sets": []}"#, "plan.json:1:1: the key \"name\" is missing"),
    (
      #"{"name": "a", "sets": [{"format": "voc"}], "trials": 1}"#,
      "plan.json:1:24: sets[0]: the key \"images\" is missing"
    ),
    (#"[]"#, "plan.json:1:1: expected an object, found a list"),
    (
      #"{"name": 5, "trials": 3, "sets": []}"#,
      "plan.json:1:10: name: expected a text, found the number 5"
    ),
    (
      #"{"name": "a", "trials": "3", "sets": []}"#,
      "plan.json:1:25: trials: expected a whole number, found the text \"3\""
    ),
    (
      #"{"name": "a", "trials": 3.5, "sets": []}"#,
      "plan.json:1:25: trials: expected a whole number from -9223372036854775808 to "
        + "9223372036854775807, found 3.5"
    ),
    (
      #"{"name": "a", "trials": 3, "share": true, "sets": []}"#,
      "plan.json:1:37: share: expected a number, found true or false"
    ),
    (
      #"{"name": "a", "trials": 3, "share": 1e999, "sets": []}"#,
      "plan.json:1:37: share: the number 1e999 is too large"
    ),
    (
      #"{"name": "a", "trials": 3, "sets": {}}"#,
      "plan.json:1:36: sets: expected a list, found an object"
    ),
  ])
  func everyMistakeHasItsPlaceAndCure(text: String, message: String) {
    #expect(problem(text) == message)
  }

  @Test func aWordThatIsNoneOfAnEnumsHasItsPlace() {
    let message = problem(
      #"{"name": "a", "trials": 3, "sets": [{"format": "yolo", "images": ""}]}"#)
    #expect(message?.hasPrefix("plan.json:1:48: sets[0].format: ") == true)
    #expect(message?.contains("yolo") == true)
  }

  @Test func wholeNumbersMayBeSpeltWithAnExponent() throws {
    #expect(try JSON.decode([Int].self, from: "[3.0, 1e3, -0]", source: "a") == [3, 1000, 0])
    #expect(try JSON.decode([UInt64].self, from: "[18446744073709551615]", source: "a") == [.max])
    #expect(throws: JSONError.self) { try JSON.decode([UInt8].self, from: "[256]", source: "a") }
    #expect(throws: JSONError.self) { try JSON.decode([UInt].self, from: "[-1]", source: "a") }
  }

  @Test func aDictionaryTakesAnyKey() throws {
    let value = try JSON.decode([String: Int].self, from: #"{"a b": 1, "": 2}"#, source: "a")
    #expect(value == ["a b": 1, "": 2])
  }

  @Test func nullIsNothingForAnOptional() throws {
    let text = #"{"name": "a", "trials": 1, "share": null, "sets": []}"#
    #expect(try JSON.decode(Plan.self, from: text, source: "a").share == nil)
    #expect(try JSON.decode([Int?].self, from: "[1, null]", source: "a") == [1, nil])
  }

  @Test func aListThatIsTooShortSaysSo() {
    struct Pair: Decodable {
      init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        _ = try list.decode(Int.self)
        _ = try list.decode(Int.self)
      }
    }
    let error = #expect(throws: JSONError.self) {
      try JSON.decode(Pair.self, from: "[1]", source: "a")
    }
    #expect(error?.problem == "the list has 1 elements; more are needed")
  }

  @Test func anyValueIsReadForWhatItIs() throws {
    let text = #"{"a":[null,true,3,-0.5,"x"],"b":{}}"#
    let value = try JSON.decode(JSONValue.self, from: text, source: "a")
    #expect(
      value
        == .object([
          "a": .array([.null, .bool(true), .integer(3), .number(-0.5), .string("x")]),
          "b": .object([:]),
        ]))
    #expect(try JSON.text(value) == text)
    #expect(value["b"] == .object([:]))
    #expect(value["a"]?["b"] == nil)
    let error = #expect(throws: JSONError.self) {
      try JSON.decode(JSONValue.self, from: #"{"a": [1e999]}"#, source: "a")
    }
    #expect(error?.description == "a:1:8: a[0]: the number 1e999 is too large")
  }

  @Test func aValueReadBeforeItsTypeWasKnownIsDecodedLater() throws {
    let text = #"{"name":"a","trials":1.5}"#
    let value = try JSON.decode(JSONValue.self, from: text, source: "a")
    let error = #expect(throws: JSONError.self) {
      try JSON.decode(Plan.self, from: value, source: "b")
    }
    #expect(error?.description == "b: trials: \(error?.problem ?? "")")
    let whole = try JSON.decode(
      JSONValue.self, from: "[18446744073709551615, 0.1, -3]", source: "a")
    #expect(try JSON.decode([Double].self, from: whole, source: "a") == [0x1p64, 0.1, -3])
  }

  @Test func aPartOfATextIsDecodedWithItsPlace() throws {
    let node = try JSON.parse(Data("{\n \"plan\": {\"name\": 3}}".utf8), source: "a")
    let part = try #require(node["plan"])
    let error = #expect(throws: JSONError.self) {
      try JSON.decode(Plan.self, from: part, at: ["plan"], source: "a")
    }
    #expect(error?.description == "a:2:19: plan.name: expected a text, found the number 3")
  }

  @Test func numbersThatAreNotFiniteAreNotWritten() {
    #expect(throws: (any Error).self) { try JSON.text([Double.nan]) }
    #expect(throws: (any Error).self) { try JSON.text([Double.infinity]) }
  }

  @Test func aMissingFileIsNamed() {
    let error = #expect(throws: FileError.self) {
      try JSON.decode(Plan.self, file: "/nowhere/plan.json")
    }
    #expect(error?.description == "/nowhere/plan.json: no such file; check the path")
  }
}
