import CommandTestSupport
import DetCommand
import DetSpec
import Foundation
import Testing

@testable import DetCLI

/// The list of designs that have names.
struct DesignsVerbTests {
  let transcript = Transcript()

  private func run(_ words: String...) -> ExitCode { Program.run(words, transcript.context) }

  private func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: Data(transcript.output.utf8))
  }

  @Test func presetsAreListedWithHowSureTheyAre() throws {
    #expect(run("designs") == .done)
    let lines = transcript.output.split(separator: "\n")
    let line = try #require(lines.first { $0.hasPrefix("E1 ") })
    #expect(line.contains("a stand-in, and not certain"))
    #expect(lines.contains { $0.hasPrefix("E2 ") && $0.contains("confirmed by its parameters") })
    for name in ["E1", "E4", "E5"] {
      #expect(lines.contains { $0.hasPrefix("\(name) (") && $0.contains("not certain): AP ") })
    }
  }

  @Test func presetsInJSONHaveTheirCosts() throws {
    struct Preset: Decodable {
      let name: String
      let design: String
      let certainty: String
      let parameters: Int
    }
    #expect(run("designs", "--json") == .done)
    let presets = try decoded([Preset].self)
    #expect(presets.count == DesignPreset.all.count)
    #expect(presets.first { $0.name == "E0" }?.parameters == 16_234_180)
    #expect(presets.first { $0.name == "E4" }?.certainty == "inferred")
  }
}
