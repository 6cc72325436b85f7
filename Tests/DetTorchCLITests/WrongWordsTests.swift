import CommandTestSupport
import DetCommand
import Testing

@testable import DetTorchCLI

/// What every verb of the second program says to wrong words: exit code 64, the place, and what would be right.
struct WrongWordsTests {
  /// Words that are wrong, and what must be said of them.
  static let cases: [(words: [String], essence: String)] = [
    (["profile", "E9"], "DESIGN is \"E9\": expected a preset (E0 to E5, "),
    (["profile", "E9"], "did you mean \"E0\"?"),
    (
      ["profile", "64x64 | resnet19 8 | fpn P1-P2 16 | rpn | rcnn"],
      "DESIGN is \"64x64 | resnet19 8 | fpn P1-P2 16 | rpn | rcnn\": "
    ),
    (["profile", "E2", "--recipe", "finall"], "did you mean \"final\"?"),
    (["profile", "E2", "--precision", "bfloat61"], "did you mean \"bfloat16\"?"),
    (["profile", "E2", "--classes", "0"], "expected a whole number of at least 1"),
    (["profile", "E2", "--batch", "two"], "--batch is \"two\""),
    (["train", "E9", "--plan", "p", "--output", "o"], "DESIGN is \"E9\""),
    (["train", "E2", "--output", "o"], "--plan PLAN is missing"),
    (train + ["--recipe", "modulal"], "did you mean \"modular\"?"),
    (train + ["--recipe", "plam"], "did you mean \"plan\"?"),
    (
      train + ["--device", "gpu"],
      "--device is \"gpu\": expected a device of this machine, which has cpu"
    ),
    (
      train + ["--device", "cuda:99"], "--device is \"cuda:99\": expected a device of this machine"
    ),
    (train + ["--epochs", "0"], "--epochs is \"0\""),
    (
      train + ["--processes", "1000000"],
      "--processes is \"1000000\": expected a whole number from 1 to"
    ),
    (train + ["--seed", "9007199254740992"], "expected a whole number from 0 to 9007199254740991"),
    (["pretrain", "resnet19", "--data", "d", "--output", "o"], "DESIGN is \"resnet19\": expected"),
    (pretrain + ["--recipe", "pretran"], "did you mean \"pretrain\"?"),
    (pretrain + ["--input", "224"], "--input is \"224\": expected width x height in pixels"),
    (pretrain + ["--least-area", "2"], "--least-area is \"2\": expected a share above 0, up to 1"),
    (pretrain + ["--device", "cpuu"], "did you mean \"cpu\"?"),
    (["weights", "w", "--design", "E9"], "--design is \"E9\""),
    (["weights", "w", "--recipe", "structurel"], "did you mean \"structural\"?"),
    (["weights", "w", "--output", "x"], "--output needs --design"),
    (["weights", "w", "--epsilon", "1"], "--epsilon is 1.0; use 0 up to below 1"),
    (["detect", "w"], "IMAGE is missing"),
    (["detect", "w", "a.png", "--score", "high"], "--score is \"high\": expected a number"),
    (["export", "w"], "--output DIR is missing"),
    (["export", "w", "--output", "o", "--precision", "float61"], "did you mean \"float16\"?"),
    (["export", "w", "--output", "o", "--plan", "p", "--images", "i"], "give one"),
    (["trial"], "JOB.json is missing"),
    (["measurement"], "JOB.json is missing"),
    (["trial", "a", "b"], "unexpected argument \"b\""),
    (["devices", "--speeed"], "did you mean \"--speed\"?"),
    (["devices", "--threads", "none"], "--threads is \"none\""),
    (["trian"], "there is no verb \"trian\"; did you mean \"train\"?"),
  ]
  private static let train = ["train", "E2", "--plan", "p", "--output", "o"]
  private static let pretrain = ["pretrain", "E2", "--data", "d", "--output", "o"]

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
    for verb in TorchVerb.allCases { #expect(tested.contains(verb.rawValue), "\(verb)") }
  }
}
