import CommandTestSupport
import DetCommand
import Testing

@testable import DetCLI

/// What every verb of the first program says to wrong words: exit code 64, the place, and what would be right.
struct WrongWordsTests {
  /// Words that are wrong, and what must be said of them.
  static let cases: [(words: [String], essence: String)] = [
    (["plan"], "PLAN is missing: the plan's file"),
    (["plan", "p", "--designs", "0"], "--designs is \"0\": expected a whole number of at least 1"),
    (["search", "p"], "--run DIR is missing"),
    (["search", "p", "--run", "r", "--workers", "-1"], "--workers is \"-1\""),
    (
      ["search", "p", "--run", "r", "--seed", "9007199254740992"],
      "--seed is \"9007199254740992\": expected a whole number from 0 to 9007199254740991"
    ),
    (["search", "p", "--run", "r", "--stage", "modullar"], "did you mean \"modular\"?"),
    (["search", "p", "--run", "r", "--max-trials", "0"], "--max-trials is \"0\""),
    (["status"], "DIR is missing: the run's folder"),
    (["trials", "r", "--stage", "both"], "--stage is \"both\": expected structural | modular"),
    (["front", "r", "--stage", "structual"], "did you mean \"structural\"?"),
    (["measure", "r", "--threads", "none"], "--threads is \"none\""),
    (["best", "r", "--latency", "20"], "--latency is \"20\": expected a duration with its unit"),
    (["best", "r", "--macs", "5Q"], "--macs is \"5Q\": expected an amount above 0"),
    (["best", "r", "--parameters", "0"], "--parameters is \"0\": expected an amount above 0"),
    (["best", "r", "--latancy", "20ms"], "did you mean \"--latency\"?"),
    (["task"], "WAVE is missing: the wave's folder, RUN/slurm/waves/N"),
    (["finals"], "DIR is missing: the run's folder"),
    (["compare", "a"], "B is missing: the same for what it is compared with"),
    (["compare", "a", "b", "--images", "0"], "--images is \"0\""),
    (["proxy", "p"], "--run DIR is missing"),
    (["report", "a", "b"], "unexpected argument \"b\""),
    (["serve", "a", "--port", "-1"], "--port is \"-1\": expected a port from 0"),
    (["trials", "r", "--epochs"], "--epochs belongs to --json"),
    (["simulate", "p", "--faults", "2"], "--faults is \"2\""),
    (["simulate", "p", "--table", "t", "--seed", "x"], "--seed is \"x\""),
    (["evaluate", "--truth", "t"], "--detections DT.json is missing"),
    (evaluate + ["--metric", "coc"], "did you mean \"coco\"?"),
    (evaluate + ["--iou", "2"], "--iou is \"2\": expected 1 to 64 overlaps from 0 to 1"),
    (evaluate + ["--max-dets", "0"], "--max-dets is \"0\""),
    (evaluate + ["--confidence", "2"], "expected a confidence between 0 and 1"),
    (evaluate + ["--metric", "voc", "--errors"], "--errors belongs to COCO's AP"),
    (["designs", "--classes", "all"], "--classes is \"all\""),
    (["doctor", "--html", "a.html"], "name one with --data"),
    (["doctor", "--data", "d", "--format", "cocoo"], "did you mean \"coco\"?"),
    (["init"], "--train PATH is missing"),
    (["init", "--train", "t", "--share", "1"], "--share lies between 0 and 1"),
    (["init", "--train", "t", "--hours", "0"], "--hours must be above 0"),
    (["serach"], "there is no verb \"serach\"; did you mean \"search\"?"),
    (["pretrian"], "there is no verb \"pretrian\"; did you mean \"pretrain\"?"),
  ]
  private static let evaluate = ["evaluate", "--truth", "t", "--detections", "d"]

  @Test(arguments: cases.indices)
  func wrongWordsEndWith64AndTheCure(index: Int) {
    let (words, essence) = Self.cases[index]
    let transcript = Transcript()
    #expect(Program.run(words, transcript.context) == .usage, "\(words)")
    #expect(transcript.log.contains(essence), "\(transcript.log)")
    #expect(transcript.output == "")
  }

  @Test func everyVerbHasACase() {
    let tested = Set(Self.cases.compactMap(\.words.first))
    for case .own(let verb) in Verbs.all { #expect(tested.contains(verb.name), "\(verb.name)") }
  }
}
