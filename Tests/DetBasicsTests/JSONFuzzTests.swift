import Foundation
import Testing

@testable import DetBasics

/// Texts nobody would write: the parser must answer with a value or a JSONError, and agree with Foundation on
/// what is JSON.
struct JSONFuzzTests {
  static func randomValue(_ generator: inout Generator, depth: Int = 0) -> JSONValue {
    switch generator.index(below: depth > 4 ? 5 : 7) {
    case 0: return .null
    case 1: return .bool(generator.chance(0.5))
    case 2: return .integer(Int64(bitPattern: generator.next()) >> generator.index(below: 64))
    case 3: return .number(Double(generator.index(below: 1000)) + 0.5)
    case 4: return .string(randomText(&generator))
    case 5:
      let count = generator.index(below: 5)
      return .array((0..<count).map { _ in randomValue(&generator, depth: depth + 1) })
    default:
      var members: [String: JSONValue] = [:]
      for _ in 0..<generator.index(below: 5) {
        members[randomText(&generator)] = randomValue(&generator, depth: depth + 1)
      }
      return .object(members)
    }
  }

  static func randomText(_ generator: inout Generator) -> String {
    let letters: [Character] = [
      "a", "Z", "\"", "\\", "/", "\n", "\t", "\u{0}", "\u{1F}", "ä", "木", "😀", "\u{2028}", "{", "]",
    ]
    return String((0..<generator.index(below: 8)).compactMap { _ in generator.pick(letters) })
  }

  @Test func whatIsWrittenIsReadBack() throws {
    var generator = Generator(seed: 1)
    for _ in 0..<400 {
      let value = Self.randomValue(&generator)
      let text = try JSON.text(value, pretty: generator.chance(0.5))
      #expect(try JSON.decode(JSONValue.self, from: text, source: "fuzz") == value)
    }
  }

  @Test func mutatedTextsAreReadExactlyWhenFoundationReadsThem() throws {
    var generator = Generator(seed: 2)
    let seeds = [
      #"{"a": [1, -2.5e3, true, null], "b": {"c": "x\u00e4\n"}, "d": []}"#,
      #"[[], {}, "", 0, -0.0, 1E-7, "\ud83d\ude00"]"#,
    ]
    let bytes = Array("{}[]:,\"\\/0123456789-+.eEtrufalsn \n\t\u{1}xä".utf8)
    var refused = 0
    for step in 0..<6000 {
      var text = Array(seeds[step % 2].utf8)
      for _ in 0...generator.index(below: 3) {
        let place = generator.index(below: text.count)
        switch generator.index(below: 3) {
        case 0: text.remove(at: place)
        case 1: text.insert(bytes[generator.index(below: bytes.count)], at: place)
        default: text[place] = bytes[generator.index(below: bytes.count)]
        }
      }
      let isRead = Self.reads(Data(text))
      refused += isRead ? 0 : 1
      // Foundation is more lenient with repeated keys and the like; what it refuses must be refused here.
      let foundation = try? JSONSerialization.jsonObject(
        with: Data(text), options: .fragmentsAllowed)
      if isRead { #expect(foundation != nil, "\(String(decoding: text, as: UTF8.self))") }
    }
    #expect(refused > 1000)
  }

  @Test func randomBytesAreReadOnlyWhenFoundationReadsThem() {
    var generator = Generator(seed: 3)
    var refused = 0
    for _ in 0..<4000 {
      let count = generator.index(below: 40)
      let data = Data((0..<count).map { _ in UInt8(generator.index(below: 256)) })
      guard Self.reads(data) else {
        refused += 1
        continue
      }
      let foundation = try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
      #expect(foundation != nil, "\(Array(data))")
    }
    #expect(refused > 3900)
  }

  @Test func everyTruncationOfATextWithCommentsIsRefused() {
    let text = #"/* c */{"k": ["\ud83d\ude00", 12.5e-3, true], } // end"#
    let end = text.utf8.count - "// end".utf8.count - 1
    for count in 0..<end {
      #expect(!Self.reads(Data(text.utf8.prefix(count)), comments: true), "\(count) bytes")
    }
    #expect(Self.reads(Data(text.utf8), comments: true))
  }

  /// Whether the parser takes the bytes; any error but its own fails the test.
  static func reads(_ data: Data, comments: Bool = false) -> Bool {
    do {
      _ = try JSON.parse(data, source: "fuzz", allowsComments: comments)
      return true
    } catch is JSONError {
      return false
    } catch {
      Issue.record("not a JSONError: \(error)")
      return false
    }
  }
}
