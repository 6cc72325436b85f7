import CommandTestSupport
import DetBasics
import DetCommand
import Foundation
import TestSupport
import Testing

@testable import DetCLI

/// The reference of the keys, which needs no plan.
struct PlanKeysTests {
  private func run(_ words: String...) throws -> String {
    let transcript = Transcript()
    #expect(Program.run(words, transcript.context) == .done, "\(transcript.log)")
    return transcript.output
  }

  @Test func everyKeyIsToldWithWhatItTakesAndMeans() throws {
    let text = try run("plan", "--keys")
    for line in [
      "  epochs: whole number: 1 to 10000; default 5\n      Passes over the training images.\n",
      "  data: object: with \"train\" and \"validation\"; must be given\n",
      "  initial: whole number: 1 to trials; default 8, or trials when they are fewer\n",
      "data source, format \"voc\"\nPascal VOC: one XML file per image.\n",
      "  learningRate.schedule: \"cosine\" | \"steps\"; default \"cosine\"\n",
    ] {
      #expect(text.contains(line))
    }
  }

  @Test func programsGetSectionsInJSON() throws {
    let value = try JSON.decode(
      JSONValue.self, from: run("plan", "--keys", "--json"), source: "keys")
    guard case .array(let sections)? = value["sections"] else {
      Issue.record("there are no sections")
      return
    }
    #expect(value["version"] == .integer(1))
    #expect(sections.first?["name"] == .string("plan"))
  }

  @Test func theDocumentIsCurrent() throws {
    #expect(
      try Files.text(Checkout.folder("Docs") + "/KEYS.md")
        == run("plan", "--keys", "--markdown"),
      "write it anew: Scripts/check-keys --write")
  }

  @Test func withoutKeysAPlanIsAskedFor() {
    let transcript = Transcript()
    #expect(Program.run(["plan"], transcript.context) == .usage)
    #expect(transcript.log.contains("PLAN is missing: the plan's file"))
  }
}
