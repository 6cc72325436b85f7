import CommandTestSupport
import DetBasics
import DetCommand
import Foundation
import TestSupport
import Testing

@testable import DetCLI

/// What `search --forecast` says of the hours that a plan asks for.
struct ComputeHoursTests {
  private let temporary: TemporaryFolder

  init() throws {
    temporary = try TemporaryFolder()
    let worker = try temporary.write(
      "worker.sh", "echo '{\"event\":\"finished\",\"metrics\":{\"AP\":0.5,\"latency\":3}}'\n")
    for (name, slurm) in [
      ("here", ""), ("cards", ", \"slurm\": { \"options\": [\"--gres=gpu:4\"], \"tasks\": 8 }"),
    ] {
      try temporary.write(
        "\(name).json",
        """
        { "name": "fake", "seed": 3, "data": { "train": {}, "validation": {} },
          "structural": { "trials": 6, "initial": 2,
            "space": { "inputs": ["256x256", "128x128"], "backbones": ["resnet18 16", "resnet34 16"],
                       "necks": ["none", "fpn P1-P4 32"], "proposals": ["rpn"], "heads": ["rcnn"] } },
          "runner": { "command": ["/bin/sh", "\(worker)"], "timeoutSeconds": 1800 \(slurm) } }
        """)
    }
  }

  private func run(_ words: String...) -> (code: ExitCode, output: String, log: String) {
    let transcript = Transcript()
    let code = Program.run(words, transcript.context)
    return (code, transcript.output, transcript.log)
  }

  @Test func beforeAnyTrialOnlyThePlansLimitIsKnownOfAnotherProgram() {
    let told = run(
      "search", temporary.file("cards.json"), "--run", temporary.file("run"), "--forecast")
    #expect(told.code == .done, "\(told.log)")
    #expect(
      told.output.contains(
        "jobs: 6 trials, at most 3 h 00 min by timeoutSeconds; how long one takes is not known yet")
    )
    #expect(told.output.contains("4 graphics cards each: at most 12.0 GPU hours"))
    #expect(!FileManager.default.fileExists(atPath: temporary.file("run")), "nothing is searched")
  }

  @Test func aRunsTrialsSayHowLongTheRestTakes() throws {
    let folder = temporary.file("run")
    #expect(
      run("search", temporary.file("here.json"), "--run", folder, "--max-trials", "3").code == .done
    )
    let told = run("search", "--run", folder, "--forecast", "--json")
    #expect(told.code == .done, "\(told.log)")
    let hours = try JSON.decode(JSONValue.self, from: told.output, source: "hours")
    #expect(hours["basis"] == .string("trials") && hours["trials"] == .integer(6))
    #expect(hours["cards"] == .integer(0))
  }
}
