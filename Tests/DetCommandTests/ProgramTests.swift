import CommandTestSupport
import Foundation
import Testing

@testable import DetCommand

struct ProgramTests {
  let transcript = Transcript()

  @Test func resultsGoToStandardOutputAlone() {
    #expect(transcript.run("sample", "d", "a.png", "--run", "r") == .done)
    #expect(transcript.output == "d [\"a.png\"] 1\n")
    #expect(transcript.log == "")
  }

  @Test func aThrownErrorIsOneMessageAndExitCodeOne() {
    #expect(transcript.run("sample", "broken", "a.png", "--run", "r") == .failed)
    #expect(transcript.output == "")
    #expect(transcript.log == "smnas: run/study.sqlite: the disk is full; free some space\n")
  }

  @Test func anInterruptionIsExitCode130AndAClosedPipeIsNoFailure() {
    #expect(transcript.run("sample", "stopped", "a.png", "--run", "r") == .interrupted)
    #expect(transcript.run("sample", "head", "a.png", "--run", "r") == .done)
    #expect(transcript.log == "")
  }

  @Test func wrongUsageSaysWhatIsWrongAndHowTheVerbIsUsed() {
    #expect(transcript.run("sample", "d", "a.png") == .usage)
    #expect(
      transcript.log == """
        smnas sample: --run DIR is missing
        usage: smnas sample DIR IMAGE… --run DIR [--workers N] [--seed S] [--share X] [--latency TIME]
                            [--stage STAGE] [--tag TAG] [--max-trials N] [--resume] [--json]
        see smnas sample --help

        """)
  }

  @Test func anUnknownVerbGetsTheNearest() {
    #expect(transcript.run("smaple") == .usage)
    #expect(
      transcript.log
        == "smnas: there is no verb \"smaple\"; did you mean \"sample\"?\nsee smnas --help\n")
  }

  @Test func anOptionInPlaceOfAVerbIsUnknown() {
    #expect(transcript.run("--verson") == .usage)
    #expect(
      transcript.log
        == "smnas: unknown option --verson; did you mean \"--version\"?\nsee smnas --help\n")
  }

  @Test(arguments: [["--help"], ["-h"], ["help"], []])
  func helpListsEveryVerb(words: [String]) {
    #expect(Program.run(words, transcript.context, commands: [.own(SampleVerb.self)]) == .done)
    #expect(transcript.output.contains("  sample  prints what it was given\n"))
  }

  @Test(arguments: [
    ["sample", "--help"], ["sample", "d", "--nonsense", "-h"], ["help", "sample"],
  ])
  func helpOfAVerbNamesEveryParameterAndDefault(words: [String]) {
    #expect(Program.run(words, transcript.context, commands: [.own(SampleVerb.self)]) == .done)
    #expect(transcript.output.hasPrefix("usage: smnas sample DIR IMAGE… --run DIR [--workers N]"))
    #expect(transcript.output.contains("  --workers N     trials at a time (default 1)\n"))
    #expect(transcript.output.contains("  --help          this text\n"))
  }

  @Test func theVersionIsPrinted() {
    #expect(transcript.run("--version") == .done)
    #expect(transcript.output == "smnas \(Program.version)\n")
  }

  @Test(arguments: [["train", "x", "--plan", "p"], ["help", "train"], ["train", "--help"]])
  func aVerbOfTheSecondProgramIsHandedOverUnread(words: [String]) {
    let commands: [Command] = [.own(SampleVerb.self), .torch(.train)]
    #expect(Program.run(words, transcript.context, commands: commands) == .done)
    let handed = words[0] == "help" ? ["train", "--help"] : words
    #expect(transcript.handedOver == handed)
    #expect(transcript.output == "" && transcript.log == "")
  }

  @Test func aVerbOfTheSecondProgramIsKnownToHelpAndToSpelling() {
    #expect(transcript.run() == .done)
    #expect(transcript.output.contains("  train   train one design outside a search\n"))
    #expect(transcript.run("trian") == .usage)
    #expect(transcript.log.contains("did you mean \"train\"?"))
  }

  @Test func longHelpIsWrappedAtWords() {
    #expect(Help.wrap("one two three", width: 7) == ["one two", "three"])
    #expect(Help.wrap("indivisible", width: 3) == ["indivisible"])
  }
}
