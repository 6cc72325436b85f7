import CommandTestSupport
import DetCommand
import Foundation
import Testing

@testable import DetCLI

/// What holds for every verb of this program.
struct VerbsTests {
  /// A default is shown as the user would write it, not as the program holds it.
  @Test func everyDefaultIsShownAsAWord() {
    for case .own(let verb) in Verbs.all {
      let name = verb.name
      let transcript = Transcript()
      #expect(Program.run([name, "--help"], transcript.context) == .done)
      #expect(transcript.output.contains("usage: smnas \(name)"))
      for shown in transcript.output.components(separatedBy: "(default ").dropFirst() {
        let word = shown.prefix { $0 != ")" }
        #expect(!word.contains("(") && !word.isEmpty, "\(name): \(word)")
      }
    }
  }

  @Test func everyVerbHasItsOwnNameAndASummaryWithoutFullStop() {
    let names = Verbs.all.map { $0.name }
    #expect(Set(names).count == names.count)
    #expect(Verbs.all.allSatisfy { !$0.summary.hasSuffix(".") && !$0.summary.isEmpty })
  }

  @Test func everyVerbOfTheSecondProgramIsInTheList() {
    let names = Verbs.all.map(\.name)
    #expect(TorchVerb.allCases.allSatisfy { names.contains($0.rawValue) })
  }
}
