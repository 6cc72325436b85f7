import CommandTestSupport
import DetBasics
import DetCommand
import Foundation
import TestSupport
import Testing

@testable import DetCLI

/// What the first program makes of the words for `export` before it hands over.
struct ExportWordsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func handedOver(_ words: [String]) -> (exit: ExitCode, transcript: Transcript) {
    let transcript = Transcript()
    return (Program.run(words, transcript.context), transcript)
  }

  @Test func pathsStayAsTheyAre() {
    let words = [
      "export", "a:b.safetensors", "--output", folder.file("out"), "--licence", "MIT: see x",
    ]
    #expect(handedOver(words).transcript.handedOver == words)
  }

  @Test func aFileWithAColonIsAFile() throws {
    let path = try folder.write("w:1", "weights")
    let words = ["export", path, "--output", "out"]
    #expect(handedOver(words).transcript.handedOver == words)
  }

  @Test func otherVerbsWordsAreNotLookedAt() {
    let words = ["detect", "runs/mine:C0", "a.png"]
    #expect(handedOver(words).transcript.handedOver == words)
  }

  @Test func bestExportsOneThingAtATime() {
    let (exit, transcript) = handedOver(["best", folder.path, "--export", "out", "--json"])
    #expect(exit == .usage && transcript.log.contains("leave --json out"))
  }
}
