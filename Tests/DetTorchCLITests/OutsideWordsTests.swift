import CommandTestSupport
import DetBasics
import DetCommand
import DetData
import DetSpec
import DetTensor
import Foundation
import TestSupport
import Testing

@testable import DetTorchCLI

/// Whatever word stands anywhere on the command line of the second program: no trap, no hang, and the user's files stay.
@Suite(.serialized) struct OutsideWordsTests {
  private let sandbox: Sandbox
  private let walk: WordWalk
  private static let design = "64x64 | resnet18 8 | fpn P1-P2 16 | none | retinanet"

  init() throws {
    sandbox = try Sandbox()
    let plan =
      """
      { "name": "tiny", "seed": 3,
        "data": {
          "train": { "format": "shapes", "count": 2, "size": "64x64", "seed": 1, "classes": ["circle"] },
          "validation": { "format": "shapes", "count": 1, "size": "64x64", "seed": 2, "classes": ["circle"] } },
        "structural": { "trials": 2, "initial": 2,
          "recipe": { "extends": "small", "epochs": 1, "batch": 2, "latency": { "warmupRuns": 0, "runs": 1 } },
          "space": { "inputs": ["64x64"], "backbones": ["resnet18 8"], "necks": ["fpn P1-P2 16"],
                     "proposals": ["none"], "heads": ["retinanet"] } } }
      """
    try sandbox.write("plan.json", plan)
    try sandbox.write("walked.json", plan.replacing("\"batch\": 2", with: "\"batch\": 3"))
    let image = PixelImage(
      width: 64, height: 64, pixels: [UInt8](repeating: 90, count: 64 * 64 * 3))
    try image.encodePNG().write(to: URL(fileURLWithPath: sandbox.file("a.png")))
    for place in 0..<24 {
      let name = "classes/\(place % 2)/\(place).png"
      try sandbox.write(name, "")
      try image.encodePNG().write(to: URL(fileURLWithPath: sandbox.file(name)))
    }
    try DetectVerbTests.writeWeights(to: sandbox.file("w.safetensors"))
    // An export is proven before it is written, and is carried out hundreds of times here.
    try ExportVerbTests.writeWeights(
      to: sandbox.file("small.safetensors"),
      "64x64 | basicblock 8 1-1-1-1 | fpn P3-P4 8 | none | retinanet")
    walk = WordWalk(sandbox, executable: BuiltProgram.path) { Program.run($0, $1) }
    let setup = Transcript()
    let trained = Program.run(
      [
        "train", Self.design, "--plan", sandbox.file("plan.json"), "--recipe", "plan", "--output",
        sandbox.file("trained"),
      ],
      setup.context)
    #expect(trained == .done, "\(setup.log)")
    try sandbox.seal()
  }

  /// A command line of every verb that is right, but that the images of trainings do not fill a batch, which is found when all
  /// else is done: nobody waits for them.
  private func right(_ verb: TorchVerb) -> [String] {
    switch verb {
    case .train:
      [
        Self.design, "--plan", sandbox.file("walked.json"), "--recipe", "plan", "--output",
        sandbox.file("new"),
      ]
    case .pretrain:
      [
        "resnet18 8", "--data", sandbox.file("classes"), "--output", sandbox.file("new"), "--batch",
        "64", "--epochs", "1",
      ]
    case .trial, .measurement: [sandbox.file("trained/job.json")]
    case .detect:
      [sandbox.file("w.safetensors"), sandbox.file("a.png"), "--output", sandbox.file("drawn")]
    case .export:
      [
        sandbox.file("small.safetensors"), "--images", sandbox.file("a.png"), "--output",
        sandbox.file("exported"),
      ]
    case .profile: [Self.design]
    case .weights: [sandbox.file("w.safetensors"), "--design", Self.design, "--classes", "1"]
    case .devices: ["--speed"]
    }
  }

  @Test(.timeLimit(.minutes(5)), arguments: TorchVerb.allCases)
  func noWordEndsTheProgramOrTouchesAFile(word: TorchVerb) throws {
    let threads = Torch.threads
    defer { Torch.threads = threads }
    try walk.walk(word.implementation, right: right(word))
  }

  @Test(.timeLimit(.minutes(5)))
  func noWordEndsTheProgramThatTrainsAllBackbonesOfAPlan() throws {
    let threads = Torch.threads
    defer { Torch.threads = threads }
    try walk.walk(
      PretrainVerb.self,
      right: [
        "--plan", sandbox.file("plan.json"), "--data", sandbox.file("classes"), "--output",
        sandbox.file("new"), "--batch", "64", "--epochs", "1",
      ])
  }

  @Test func weightsAreNotWrittenOverAFile() throws {
    let transcript = Transcript()
    let words = right(.weights) + ["--output", sandbox.file("text.txt")]
    #expect(Program.run(["weights"] + words, transcript.context) == .failed)
    #expect(
      transcript.log.contains(
        "\(sandbox.file("text.txt")): is there already, and is not overwritten"))
    #expect(try sandbox.damage().isEmpty)
  }

  @Test func aTrialThatIsFinishedIsNotDoneAgain() throws {
    let transcript = Transcript()
    #expect(
      Program.run(["trial", sandbox.file("trained/job.json")], transcript.context) == .failed)
    #expect(transcript.output.contains("holds a finished training, which is not changed"))
    #expect(try sandbox.damage().isEmpty)
  }
}
