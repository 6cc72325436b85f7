import CommandTestSupport
import DetCommand
import Foundation
import Testing

@testable import DetTorchCLI

/// What holds for every verb of this program.
struct VerbsTests {
  /// A default is shown as the user would write it, not as the program holds it.
  @Test func everyDefaultIsShownAsAWord() {
    for name in TorchVerb.allCases.map(\.rawValue) {
      let transcript = Transcript()
      #expect(Program.run([name, "--help"], transcript.context) == .done)
      #expect(transcript.output.contains("usage: smnas \(name)"))
      for shown in transcript.output.components(separatedBy: "(default ").dropFirst() {
        let word = shown.prefix { $0 != ")" }
        #expect(!word.contains("(") && !word.isEmpty, "\(name): \(word)")
      }
    }
  }

  @Test func aFirstProgramOfAnotherVersionIsToldOf() {
    let transcript = Transcript()
    let context = transcript.context(environment: ["SMNAS_VERSION": "0.0.9"])
    #expect(Program.run(["devices"], context) == .failed)
    #expect(transcript.log.contains("has version \(Program.version), but smnas has version 0.0.9"))
    let same = transcript.context(environment: ["SMNAS_VERSION": Program.version])
    #expect(Program.run(["devices"], same) == .done)
  }
}
