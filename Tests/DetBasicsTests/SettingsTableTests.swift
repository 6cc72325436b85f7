import DetBasics
import Foundation
import Testing

@Suite struct SettingsTableTests {
  private struct Speed: Sendable, Equatable {
    var from = 0.5
    var to = 0.25

    static let settings = SettingsTable<Speed> {
      $0.add("from", \.from, "At the start.", .between(0...1))
      $0.add(
        "to", \.to, "At the end.",
        SettingRule("0 to from") { value, speed in value >= 0 && value <= speed.from })
    }
  }

  private enum Colour: String, CaseIterable, Sendable { case red, green }

  private struct Sample: Sendable, Equatable, Codable {
    var count = 3
    var part = 2
    var names: [String] = ["a"]
    var colour = Colour.red
    var range = 1...4
    var speed = Speed()
    var file: String?
    var limit: Int?

    static let settings = SettingsTable<Sample> {
      $0.version(2)
      $0.add("count", \.count, "How many.", .atLeast(1))
      $0.add(
        "part", \.part, "Some of them.",
        fallback: SettingFallback("2, or count when that is less") { min(2, $0.count) })
      $0.add("names", \.names, "What they are called.", .distinct())
      $0.add("colour", \.colour, as: .word, "How they look.")
      $0.add("range", \.range, as: ends, "From where to where.")
      $0.group("speed", \.speed, Speed.settings)
      $0.path("file", \.file, "Where they lie.")
      $0.optional("limit", \.limit, "The most.", .atLeast(1), writesNull: true)
      $0.check { $0.count == 13 ? "13 brings no luck" : nil }
    }

    private static let ends = SettingForm<ClosedRange<Int>, [Int]>(
      write: { [$0.lowerBound, $0.upperBound] },
      read: { ends in
        ends.count == 2 && ends[0] <= ends[1]
          ? .value(ends[0]...ends[1]) : .problem("is \(ends); use two ends, as in [1, 4]")
      })

    init() {}

    init(from decoder: any Decoder) throws {
      try Self.settings.decode(into: &self, from: decoder)
    }

    func encode(to encoder: any Encoder) throws { try Self.settings.write(self, to: encoder) }
  }

  private func read(_ text: String) throws -> Sample {
    try JSON.decode(Sample.self, from: text, source: "sample")
  }

  @Test func aKeyThatIsLeftOutHasItsPropertysValue() throws {
    #expect(try read("{}") == Sample())
    var expected = Sample()
    expected.speed.to = 0.125
    #expect(try read("{\"speed\":{\"to\":0.125}}") == expected)
    #expect(try read("{\"limit\":null,\"count\":null}") == Sample())
  }

  @Test func aDefaultMayFollowFromAKeyBeforeIt() throws {
    #expect(try read("{\"count\":1}").part == 1)
    #expect(try read("{\"count\":1,\"part\":9}").part == 9)
  }

  @Test func whatIsWrittenReadsBackEqual() throws {
    var sample = Sample()
    sample.names = ["b", "c"]
    sample.colour = .green
    sample.range = 2...3
    sample.speed.from = 1
    sample.file = "x"
    let text = try JSON.text(sample)
    #expect(
      text == """
        {"colour":"green","count":3,"file":"x","limit":null,"names":["b","c"],"part":2,"range":[2,3],\
        "speed":{"from":1,"to":0.25},"version":2}
        """)
    #expect(try read(text) == sample)
    // What is absent is left out, unless null is to be written.
    #expect(try !JSON.text(Sample()).contains("file"))
  }

  @Test(arguments: [
    ("{\"cuont\": 1}", "1:11: unknown key \"cuont\"; did you mean \"count\"?"),
    ("{\"speed\": {\"form\": 1}}", "1:20: speed: unknown key \"form\"; did you mean \"from\"?"),
    ("{\"count\": true}", "1:11: count: expected a whole number, found true or false"),
    ("{\"count\":\n  0}", "2:3: count is 0; use 1 or more"),
    ("{\"speed\": {\"from\": 2}}", "1:20: speed.from is 2.0; use 0 to 1"),
    ("{\"speed\": {\"to\": 0.75}}", "1:18: speed.to is 0.75; use 0 to from"),
    // The culprit is another key's value; the place is as near as the text has it.
    ("{\"speed\": {\"from\": 0}}", "1:11: speed.to is 0.25; use 0 to from"),
    ("{\"names\": []}", "1:11: names is an empty list; name at least one"),
    ("{\"names\": [\"a\", \"a\"]}", "1:11: names names a twice; name it once"),
    (
      "{\"colour\": \"gren\"}",
      "1:12: colour is \"gren\"; use one of red, green; did you mean \"green\"?"
    ),
    ("{\"range\": [4, 1]}", "1:11: range is [4, 1]; use two ends, as in [1, 4]"),
    ("{\"limit\": 0}", "1:11: limit is 0; use 1 or more"),
    ("{\"version\": 3}", "1:13: version is 3; this program reads version 2"),
    ("{\"count\": 13}", "1:1: 13 brings no luck"),
  ])
  func aWrongKeyOrValueIsToldWithPlaceAndCure(text: String, message: String) {
    let error = #expect(throws: JSONError.self) { try read(text) }
    #expect(error?.description == "sample:" + message)
  }

  @Test func otherDecodersAreServedToo() throws {
    let data = Data("{\"count\":2,\"speed\":{\"to\":0}}".utf8)
    #expect(try JSONDecoder().decode(Sample.self, from: data).count == 2)
    for wrong in ["{\"cuont\":2}", "{\"count\":0}"] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(Sample.self, from: Data(wrong.utf8))
      }
    }
  }

  private struct Place: Sendable, Equatable, Codable {
    var name = ""
    var file: String?
    var kind: Int?

    static let settings = SettingsTable<Place> {
      $0.required("name", \.name, "What it is called.")
      $0.path("file", \.file, "Where it is.", absent: "the file to read", isRequired: true)
    }

    init() {}

    init(from decoder: any Decoder) throws {
      try Self.settings.decode(into: &self, from: decoder, besides: ["kind"])
    }

    func encode(to encoder: any Encoder) throws { try Self.settings.write(self, to: encoder) }
  }

  @Test(arguments: [
    ("{\"file\":\"a\"}", "the key \"name\" is missing"),
    ("{\"name\":\"a\"}", "the key \"file\" is missing: the file to read"),
    ("{\"name\":\"a\",\"file\":\"b\",\"kidn\":1}", "unknown key \"kidn\"; did you mean \"kind\"?"),
  ])
  func aKeyThatMustBeGivenIsAskedFor(text: String, problem: String) {
    let error = #expect(throws: JSONError.self) {
      try JSON.decode(Place.self, from: text, source: "place")
    }
    #expect(error?.problem == problem)
  }

  @Test func keysOfAnotherTableArePassedOver() throws {
    let place = try JSON.decode(
      Place.self, from: "{\"name\":\"a\",\"file\":\"b\",\"kind\":1}", source: "place")
    #expect(place.kind == nil && place.file == "b")
  }

  @Test func pathsAreChangedAndNothingElse() {
    var sample = Sample()
    sample.file = "a"
    Sample.settings.changePaths(of: &sample) { "/data/" + $0 }
    #expect(sample.file == "/data/a" && sample.names == ["a"])
  }

  @Test func theReferenceSaysWhatEveryKeyTakes() {
    let lines = Sample.settings.reference(Sample()).map {
      "\($0.key) | \($0.form) | \($0.default ?? "-") | \($0.rule) | \($0.meaning)"
    }
    #expect(
      lines == [
        "version | whole number | 2 | 2 | The version of the format.",
        "count | whole number | 3 | 1 or more | How many.",
        "part | whole number | 2, or count when that is less |  | Some of them.",
        "names | list, each a text | [\"a\"] | at least one, none twice | What they are called.",
        "colour | \"red\" | \"green\" | \"red\" |  | How they look.",
        "range | list, each a whole number | [1, 4] |  | From where to where.",
        "speed.from | number | 0.5 | 0 to 1 | At the start.",
        "speed.to | number | 0.25 | 0 to from | At the end.",
        "file | path | none |  | Where they lie.",
        "limit | whole number | none | 1 or more | The most.",
      ])
    #expect(Place.settings.reference(Place()).map(\.default) == [nil, nil])
  }
}
