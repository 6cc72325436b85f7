import CommandTestSupport
import DetBasics
import DetCommand
import DetExecution
import DetSearch
import Foundation
import TestSupport
import Testing

@testable import DetCLI

/// What users see of a search that pauses, and of a run on a place that may only be read.
struct SearchPauseTests {
  private let temporary: TemporaryFolder
  private var path: String { temporary.path }
  private var plan: String { "\(path)/plan.json" }

  init() throws {
    temporary = try TemporaryFolder()
    let worker = try temporary.write(
      "worker.sh",
      """
      design=$(sed -n 's/.*"design" : "\\(.*\\)",/\\1/p' "$1")
      h=$(printf %s "$design" | cksum | cut -d' ' -f1)
      number=$(basename "$(dirname "$1")")
      if [ -e "\(temporary.path)/fault" ] && [ "$number" -ge 3 ]; then cat "\(temporary.path)/fault"; exit 1; fi
      ap=$((h % 800 + 100))
      echo "{\\"event\\":\\"finished\\",\\"metrics\\":{\\"AP\\":0.$ap,\\"latency\\":$((ap / 10))}}"
      """)
    try temporary.write(
      "plan.json",
      """
      { "name": "fake", "seed": 3, "data": { "train": {}, "validation": {} },
        "structural": { "trials": 8, "initial": 4,
          "space": { "inputs": ["256x256", "128x128"], "backbones": ["resnet18 16", "resnet34 16"],
                     "necks": ["none", "fpn P1-P4 32"], "proposals": ["rpn"], "heads": ["rcnn"] } },
        "runner": { "command": ["/bin/sh", "\(worker)"], "timeoutSeconds": 20 } }
      """)
  }

  private func run(_ words: String...) -> (code: ExitCode, output: String, log: String) {
    let transcript = Transcript()
    let code = Program.run(words, transcript.context)
    return (code, transcript.output, transcript.log)
  }

  @Test func aFaultIsToldWithPlaceAndCureAndTheSearchGoesOnWhenItIsMended() throws {
    try temporary.write(
      "fault", "{\"event\":\"failed\",\"reason\":\"out/x.bin: No room\",\"kind\":\"diskFull\"}\n")
    let folder = "\(path)/run"
    let paused = run("search", plan, "--run", folder)
    #expect(paused.code == .failed)
    for words in [
      "the search pauses: there is no room on the disk\n  trial 3: out/x.bin: No room",
      "2 trials that ended are kept in \(folder); no design is charged with it: trial 3 will be done again",
      "Free some space, then go on with: smnas search \(plan) --run \(folder) --resume",
    ] {
      #expect(paused.log.contains(words), "\(words)")
    }
    let json = run("search", plan, "--run", folder, "--resume", "--json")
    #expect(json.code == .failed)
    for words in ["\"end\" : \"paused\"", "\"fault\" : \"diskFull\"", "\"open\" : 1"] {
      #expect(json.output.contains(words), "\(words)")
    }
    #expect(run("status", folder).output.contains("trial 3 interrupted"))
    try FileManager.default.removeItem(atPath: "\(path)/fault")
    let done = run("search", plan, "--run", folder, "--resume")
    #expect(done.code == .done)
    #expect(done.log.contains("8 of 8 trials"))
    #expect(!done.log.contains("without a result"))
  }

  @Test func equalFailuresPauseAndAreDoneAgainWhenAsked() throws {
    try temporary.write("fault", "{\"event\":\"failed\",\"reason\":\"no such module\"}\n")
    let folder = "\(path)/run"
    let paused = run("search", plan, "--run", folder)
    #expect(paused.code == .failed)
    #expect(
      paused.log.contains(
        "the search pauses: 5 designs in a row ended in the same way\n  trial 7: no such module"))
    #expect(
      paused.log.contains("To do them again: smnas search \(plan) --run \(folder) --retry-failed"))
    try FileManager.default.removeItem(atPath: "\(path)/fault")
    let again = run("search", plan, "--run", folder, "--retry-failed")
    #expect(again.code == .done)
    #expect(again.log.contains("5 trials without a result are done again"))
    #expect(run("trials", folder).output.components(separatedBy: "finished").count == 9)
  }

  @Test(.enabled(if: SmallDisk.isPossible, "this user may not mount a file system"))
  func aRunThatMayOnlyBeReadIsLookedAtAsAnyOther() throws {
    let disk = try SmallDisk(mebibytes: 16)
    let folder = "\(disk.path)/run"
    #expect(run("search", plan, "--run", folder).code == .done)
    let plotly = try temporary.write("plotly.js", "var Plotly = {};")
    func look() throws -> [String] {
      try [
        ["status"], ["trials"], ["trials", "--json"], ["front"], ["front", "--json"], ["best"],
      ].map {
        words in
        let transcript = Transcript()
        #expect(Program.run([words[0], folder] + words.dropFirst(), transcript.context) == .done)
        return transcript.output + transcript.log
      } + [report()]
    }
    var pages = 0
    func report() throws -> String {
      // A page that is there already is not written over.
      pages += 1
      let page = "\(path)/page\(pages).html"
      let transcript = Transcript()
      let context = transcript.context(environment: ["SMNAS_PLOTLY": plotly])
      #expect(Program.run(["report", folder, "--output", page], context) == .done)
      return try Files.text(page)
    }
    let writable = try look()
    try disk.remount("ro")
    #expect(try look() == writable)
    let transcript = Transcript()
    let context = transcript.context(environment: ["SMNAS_PLOTLY": plotly])
    #expect(Program.run(["report", folder], context) == .failed)
    #expect(transcript.log.contains("add --output FILE to write the page to another place"))
    let resumed = run("search", plan, "--run", folder, "--resume")
    #expect(resumed.code == .failed)
    #expect(resumed.log.contains("Read-only file system"))
  }

  @Test func aStoreThatCannotBeReadIsAFailureOfEveryVerbThatReadsIt() throws {
    let folder = "\(path)/run"
    #expect(run("search", plan, "--run", folder).code == .done)
    try AtomicFile.write(String(repeating: "garbage ", count: 100), to: "\(folder)/study.sqlite")
    for verb in ["status", "trials", "front", "best", "report"] {
      let transcript = Transcript()
      let context = transcript.context(environment: ["SMNAS_PLOTLY": plan])
      #expect(Program.run([verb, folder], context) == .failed, "\(verb)")
      #expect(transcript.log.contains("put back a copy"), "\(verb): \(transcript.log)")
    }
  }
}
