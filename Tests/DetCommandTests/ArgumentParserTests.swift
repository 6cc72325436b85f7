import DetBasics
import Foundation
import Testing

@testable import DetCommand

struct ArgumentParserTests {
  @Test func answersHaveTheTypesTheirParametersSay() throws {
    let arguments = try SampleVerb.parse(
      "b.png", "--workers", "4", "--seed=18446744073709551615", "--share", "0.25", "--latency",
      "20ms", "--stage", "modular", "--tag=y", "--resume", "--max-trials", "3")
    #expect(arguments[SampleVerb.folder] == "folder")
    #expect(arguments[SampleVerb.images] == ["a.png", "b.png"])
    #expect(arguments[SampleVerb.run] == "r")
    #expect(arguments[SampleVerb.workers] == 4)
    #expect(arguments[SampleVerb.seed] == UInt64.max)
    #expect(arguments[SampleVerb.share] == 0.25)
    #expect(arguments[SampleVerb.latency]?.inMilliseconds == 20)
    #expect(arguments[SampleVerb.stage] == .modular)
    #expect(arguments[SampleVerb.tag] == "y")
    #expect(arguments[SampleVerb.trials] == Count(3))
    #expect(arguments[SampleVerb.resume])
    #expect(!arguments[Flag.json])
  }

  @Test func whatIsNotGivenIsNilOrTheDefault() throws {
    let arguments = try SampleVerb.parse()
    #expect(arguments[SampleVerb.workers] == 1)
    #expect(arguments[SampleVerb.seed] == nil)
    #expect(arguments[SampleVerb.tag] == nil)
    #expect(!arguments[SampleVerb.resume])
  }

  @Test func afterTwoDashesEveryWordStandsForItself() throws {
    let arguments = try SampleVerb.parse("--", "--resume", "-x")
    #expect(arguments[SampleVerb.images] == ["a.png", "--resume", "-x"])
    #expect(!arguments[SampleVerb.resume])
  }

  @Test func negativeNumbersAndTheLoneDashAreWords() throws {
    let arguments = try SampleVerb.parse("-3", "-", "--share", "-0.5")
    #expect(arguments[SampleVerb.images] == ["a.png", "-3", "-"])
    #expect(arguments[SampleVerb.share] == -0.5)
  }

  @Test func anAttachedValueMayStartWithDashes() throws {
    #expect(try SampleVerb.parse("--tag=--odd=1")[SampleVerb.tag] == "--odd=1")
  }

  @Test(arguments: [
    (["--wrokers", "2"], "unknown option --wrokers; did you mean \"--workers\"?"),
    (
      ["--zzzzzzzz"],
      "unknown option --zzzzzzzz; options: --run, --workers, --seed, --share, --latency, --stage, "
        + "--tag, --max-trials, --resume, --json"
    ),
    (["--workers"], "--workers needs a value: --workers N"),
    (["--workers", "--resume"], "--workers needs a value: --workers N"),
    (["--resume=yes"], "--resume takes no value; remove \"=yes\""),
    (["--workers", "two"], "--workers is \"two\": expected a whole number"),
    (["--seed", "-1"], "--seed is \"-1\": expected a whole number from 0 to 18446744073709551615"),
    (["--share", "nan"], "--share is \"nan\": expected a number, as in 0.5"),
    (
      ["--latency", "20"],
      "--latency is \"20\": expected a duration with its unit, as in 20ms, 0.05s, 90min or 1h30min"
    ),
    (
      ["--stage", "modullar"],
      "--stage is \"modullar\": expected structural | modular; did you mean \"modular\"?"
    ),
    (["--max-trials", "0"], "--max-trials is \"0\": expected a whole number of at least 1"),
    (["--tag="], "--tag is \"\": expected a text that is not empty"),
    (["--seed", "1", "--seed", "2"], "--seed is given twice; give it once"),
    (["--run", "s"], "--run is given twice; give it once"),
  ])
  func everyMistakeIsWorded(words: [String], message: String) {
    let error = #expect(throws: UsageError.self) {
      try ArgumentParser.parse(["folder", "a.png", "--run", "r"] + words, SampleVerb.syntax)
    }
    #expect(error?.description == message)
  }

  @Test(arguments: [
    ([], "DIR is missing: the run's folder"),
    (["folder"], "IMAGE is missing: images to look at"),
    (["folder", "a.png"], "--run DIR is missing"),
  ])
  func whatIsMissingIsNamed(words: [String], message: String) {
    let error = #expect(throws: UsageError.self) {
      try ArgumentParser.parse(words, SampleVerb.syntax)
    }
    #expect(error?.description == message)
  }

  @Test func aWordTooManyIsRefused() {
    let syntax = Syntax(Argument<String>("DIR", "a folder"))
    let error = #expect(throws: UsageError.self) { try ArgumentParser.parse(["a", "b"], syntax) }
    #expect(
      error?.description == "unexpected argument \"b\"; put a text with spaces in quotes")
  }

  @Test(arguments: [
    (UsageError.rule("name a design or --trial"), "name a design or --trial"),
    (
      UsageError.unknownVerb("x", known: ["plan", "front"]),
      "there is no verb \"x\"; verbs: plan, front"
    ),
    (UsageError.unknownOption("--x", known: []), "unknown option --x; there are none here"),
  ])
  func everyOtherErrorIsWorded(error: UsageError, message: String) {
    #expect(error.description == message)
  }

  @Test func aSyntaxWithTwoParametersOfOneNameTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = Syntax(Flag("--json", "one"), Flag("--json", "two"))
    }
  }
}
