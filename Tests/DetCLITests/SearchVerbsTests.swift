import CommandTestSupport
import DetBasics
import DetCommand
import DetExecution
import DetSearch
import DetSpec
import Foundation
import TestSupport
import Testing

@testable import DetCLI

/// The verbs of a search, from the plan to the best trial, with a worker in /bin/sh.
struct SearchVerbsTests {
  let transcript = Transcript()
  private let folder: Folder

  init() throws { folder = try Folder() }

  private func run(_ words: String...) -> ExitCode { Program.run(words, transcript.context) }

  private func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: Data(transcript.output.utf8))
  }

  @Test func aPlanPrintsItsSpaceAndFirstDesigns() throws {
    #expect(run("plan", folder.plan) == .done)
    #expect(
      transcript.output.contains("structural stage: 6 trials of 8 designs, for AP and latency"))
    #expect(transcript.output.contains(" | rpn | rcnn"))
    #expect(transcript.output.contains("runner: 1 at a time, each at most 20.0 s, by /bin/sh"))
  }

  @Test func aPlanInJSONIsPrintedInFull() throws {
    struct Report: Decodable {
      struct Stage: Decodable {
        let space: Int
        let firstDesigns: [First]
      }
      struct First: Decodable { let design: String }
      let stages: [Stage]
    }
    #expect(run("plan", folder.plan, "--designs", "3", "--json") == .done)
    let report = try decoded(Report.self)
    #expect(report.stages.map(\.space) == [8])
    #expect(report.stages[0].firstDesigns.count == 3)
    #expect(transcript.output.contains("\"randomShare\" : 0.2"))
  }

  @Test func dataAreCheckedBeforeAnythingRuns() throws {
    let plan = try folder.write(
      "voc.json",
      """
      { "data": { "train": { "format": "voc", "annotations": "nowhere" },
                  "validation": { "format": "voc", "annotations": "nowhere" } },
        "structural": {} }
      """)
    #expect(run("search", plan, "--run", folder.run) == .failed)
    #expect(transcript.log.contains("\(folder.path)/nowhere"))
    #expect(!FileManager.default.fileExists(atPath: folder.run))
  }

  @Test func aMisspeltKeyOfTheDataIsNamed() throws {
    let plan = try folder.write(
      "shapes.json",
      """
      { "data": { "train": { "format": "shapes", "cuont": 4 }, "validation": { "format": "shapes" } },
        "structural": {} }
      """)
    #expect(run("plan", plan) == .failed)
    #expect(transcript.log.contains("did you mean \"count\"?"))
  }

  @Test func aSearchIsCarriedOutStoppedResumedAndLookedAt() throws {
    #expect(run("search", folder.plan, "--run", folder.run, "--max-trials", "2") == .done)
    #expect(transcript.log.contains("Go on with: smnas search"))
    #expect(run("search", folder.plan, "--run", folder.run) == .failed)
    #expect(transcript.log.contains("add --resume to continue it"))
    #expect(run("search", folder.plan, "--run", folder.run, "--resume") == .done)
    #expect(transcript.log.contains("structural: 6 of 6 trials"))

    let listed = Transcript()
    #expect(Program.run(["trials", folder.run, "--json"], listed.context) == .done)
    #expect(JSONLinesContent(Data(listed.output.utf8)).lines.count == 6)
    let table = try folder.write("table.jsonl", listed.output)

    let status = Transcript()
    #expect(Program.run(["status", folder.run], status.context) == .done)
    #expect(status.output.contains("no search is at work in it"))
    #expect(status.output.contains("structural          6   6     0"))
    #expect(status.output.contains(" trials an hour\n"))
    let lines = status.output.split(separator: "\n")
    #expect(lines[1].hasSuffix("  left") && lines[2].hasSuffix("  0 s"))

    let front = Transcript()
    #expect(Program.run(["front", folder.run, "--json"], front.context) == .done)
    let members = try JSON.decode(StageFronts.self, from: front.output, source: "front").members
    #expect(members.first?.name == nil)

    // The worker trained every design; a simulation knows their latencies before, and leaves out what cannot improve the front.
    let whole = try folder.write(
      "whole.json",
      Files.text(folder.plan).replacingOccurrences(
        of: "\"structural\": {", with: "\"structural\": { \"pruning\": false,"))
    let simulated = Transcript()
    #expect(
      Program.run(["simulate", whole, "--table", table, "--json"], simulated.context) == .done
    )
    #expect(simulated.output.contains("\"trials\" : 6"))
    #expect(simulated.output.contains("\"missing\" : 0"))
  }

  @Test func aRunGoesOnByItsOwnPlan() throws {
    #expect(run("search", "--run", folder.run) == .usage)
    #expect(transcript.log.contains("PLAN is missing: a new run needs the plan's file"))
    #expect(run("search", "--resume", "--run", folder.run) == .failed)
    #expect(transcript.log.contains("holds no run to resume; name the folder of one"))
    #expect(run("search", folder.plan, "--run", folder.run, "--max-trials", "2") == .done)
    #expect(run("search", "--run", folder.run) == .usage)
    #expect(transcript.log.contains("by its own plan, add --resume"))
    let status = Transcript()
    #expect(Program.run(["status", folder.run, "--json"], status.context) == .done)
    #expect(status.output.contains("\"trialsAnHour\" : "))
    #expect(status.output.contains("\"secondsLeft\" : "))
    let limited = Transcript()
    let words = ["search", "--resume", "--run", folder.run, "--max-trials", "3"]
    #expect(Program.run(words, limited.context) == .done)
    #expect(limited.log.contains("Go on with: smnas search --run \(folder.run) --resume"))
    #expect(run("search", "--resume", "--run", folder.run) == .done)
    #expect(transcript.log.contains("structural: 6 of 6 trials"))
  }

  @Test func bestIsTheMostAccurateWithinTheLimits() throws {
    struct Answer: Decodable {
      let trial: Int
      let metrics: [String: Double]
      let checkpoint: String
    }
    #expect(run("search", folder.plan, "--run", folder.run, "--json") == .done)
    let all = Transcript()
    #expect(Program.run(["best", folder.run, "--json"], all.context) == .done)
    let best = try JSONDecoder().decode(Answer.self, from: Data(all.output.utf8))
    let latency = try #require(best.metrics["latency"])
    #expect(best.checkpoint.hasSuffix("/weights.safetensors"))
    let faster = Transcript()
    let limit = "\(latency - 1)ms"
    #expect(
      Program.run(["best", folder.run, "--latency", limit, "--json"], faster.context) == .done)
    let second = try JSONDecoder().decode(Answer.self, from: Data(faster.output.utf8))
    #expect(try #require(second.metrics["latency"]) <= latency - 1)
    #expect(try #require(second.metrics["AP"]) < #require(best.metrics["AP"]))
    let none = Transcript()
    #expect(Program.run(["best", folder.run, "--latency", "1us"], none.context) == .failed)
    try exports(best.checkpoint)
    #expect(none.log.contains("has no trial within these limits (the least latency is"))
  }

  /// `best --export` and `export RUN:TRIAL` hand a file to the second program: one that is there.
  private func exports(_ checkpoint: String) throws {
    let all = Transcript()
    #expect(Program.run(["best", folder.run, "--export", "out"], all.context) == .done)
    #expect(all.handedOver == ["export", checkpoint, "--output", "out"])
    let words = ["export", folder.run + ":1", "--output", "out"]
    let lacking = Transcript()
    #expect(Program.run(words, lacking.context) == .failed)
    #expect(lacking.log.contains("is not there: trial 1 "), "\(lacking.log)")
    try folder.write("run/trials/000001/weights.safetensors", "of another program")
    let named = Transcript()
    #expect(Program.run(words, named.context) == .done)
    #expect(named.handedOver[1].hasSuffix("run/trials/000001/weights.safetensors"))
    let trial = TrialFolder(FilePath.folder(of: checkpoint))
    try JSONLinesWriter(appendingTo: trial.exports).append(
      ExportRecord(
        file: try folder.write("detector.onnx", "a detector"), format: "onnx", precision: "float32",
        suppression: true, batch: 1, width: 96, height: 64, bytes: 10, images: 5, AP: nil,
        verified: []))
    let told = Transcript()
    #expect(Program.run(["best", folder.run], told.context) == .done)
    #expect(told.output.contains("/detector.onnx (onnx, float32, 96x64)"), "\(told.output)")
    let stranger = Transcript()
    #expect(
      Program.run(["export", folder.run + ":E9", "--output", "out"], stranger.context) == .failed)
    #expect(stranger.log.contains("has no trial \"E9\""))
  }

  @Test func aFolderWithoutARunSaysSo() {
    for verb in ["status", "trials", "front", "best"] {
      let transcript = Transcript()
      #expect(Program.run([verb, folder.path], transcript.context) == .failed)
      #expect(transcript.log.contains("holds no run; name the folder given to search --run"))
    }
  }

  @Test func aStageThatThePlanLeavesOutIsRefused() throws {
    #expect(run("search", folder.plan, "--run", folder.run, "--stage", "modular") == .usage)
    #expect(transcript.log.contains("the plan has no such section"))
  }

  /// A folder with a plan whose command is a shell script.
  @Test func latenciesMayComeFromAnotherProgram() throws {
    let command = try folder.write(
      "stopwatch.sh",
      """
      sed -n 's/.*"trial" : \\([0-9]*\\),*$/\\1/p' "$1" | while read trial; do
        echo "{\\"trial\\":$trial,\\"milliseconds\\":{\\"median\\":$trial.5,\\"p10\\":1,\\"p90\\":9,\\"samples\\":[$trial.5]},"\\
      "\\"conditions\\":{\\"disturbances\\":[\\"steal\\"]}}"
      done
      """)
    let text = try Files.text(folder.plan).replacingOccurrences(
      of: "\"seed\": 3,",
      with: "\"seed\": 3, \"latency\": { \"command\": [\"/bin/sh\", \"\(command)\"] },")
    let plan = try folder.write("other.json", text)
    #expect(run("plan", plan) == .done)
    #expect(transcript.output.contains("latencies: by /bin/sh \(command), each within 10 min 00 s"))
    #expect(run("search", plan, "--run", folder.run) == .done)
    #expect(run("measure", folder.run) == .failed)
    #expect(transcript.log.contains("has no trained detectors of the structural stage to time"))
    for id in 1...6 {
      try folder.write("run/trials/00000\(id)/weights.safetensors", "of another program")
    }
    #expect(run("measure", folder.run, "--all") == .done, "\(transcript.log)")
    #expect(transcript.output.contains("trial 3: disturbed: the host took processor time away"))
    let trials = try RunSnapshot(folder.run).trials
    #expect(trials.map { $0.metrics[.latency] } == (1...6).map { Double($0) + 0.5 })
    #expect(run("front", folder.run) == .done)
    #expect(transcript.output.contains("* taken while the machine was disturbed"))
  }

  @Test func everyVerbSaysWhereLatenciesWereTakenAndHowFarTheyCanBeTrusted() throws {
    // The own load orders as the full one, but for the last trial.
    let worker = try folder.write(
      "timing.sh",
      """
      number=$(basename "$(dirname "$1")" | sed 's/^0*//')
      own=$number; if [ "$number" = 6 ]; then own=0.5; fi
      calm=; if [ "$number" = 2 ]; then calm=',"disturbances":["steal"]'; fi
      ms="\\"milliseconds\\":{\\"median\\":$number,\\"p10\\":$number,\\"p90\\":$number,\\"samples\\":[$number]}"
      echo "{\\"event\\":\\"latency\\",$ms,\\"conditions\\":{\\"device\\":\\"a mill\\",\\"ownLoad\\":$own,\\"interval\\":{\\"low\\":0.25,\\"high\\":8}$calm}}"
      echo "{\\"event\\":\\"finished\\",\\"metrics\\":{\\"AP\\":0.$((number + 1))}}"
      """)
    let text = try Files.text(folder.plan)
      .replacingOccurrences(of: "worker.sh", with: FilePath.name(of: worker))
    let plan = try folder.write("timed.json", text)
    let plotly = try folder.write("plotly.js", "var Plotly = {};")
    #expect(run("search", plan, "--run", folder.run) == .done)
    let place = "latency: median time of one image, on a mill"
    let correlation = "Kendall tau 0.33, Spearman 0.14, 6 trials"
    let words: [(verb: [String], says: [String])] = [
      (
        ["status"],
        [
          "structural: latencies on a mill\nstructural: 1 of them disturbed; smnas measure DIR --all takes them again\n",
          "order by latency at the full load against that with what each detector finds: \(correlation)",
        ]
      ),
      (
        ["status", "--json"],
        [
          "\"latencyDevice\" : \"a mill\"", "\"disturbedLatencies\" : 1", "\"kendall\" : 0.33",
          "\"spearman\" : 0.14",
        ]
      ),
      (["front"], ["95 % interval", "0.25 – 8.00 ms", place]),
      (["trials"], [place, "* taken while the machine was disturbed"]),
      (["trials", "--json"], ["\"latencyOwnLoad\":0.5", "\"latencyDisturbed\":1"]),
      (
        ["best"],
        [
          "latency: 6.00 ms (95 % interval 0.25 ms to 8.00 ms", "0.50 ms for what it finds",
          "measured on a mill",
        ]
      ),
      (["best", "--json"], ["\"device\" : \"a mill\""]),
    ]
    for (verb, says) in words {
      let transcript = Transcript()
      #expect(
        Program.run([verb[0], folder.run] + verb.dropFirst(), transcript.context) == .done)
      for words in says {
        #expect(transcript.output.contains(words), "\(verb): \(transcript.output)")
      }
    }
    let report = Transcript()
    let context = report.context(environment: ["SMNAS_PLOTLY": plotly])
    #expect(Program.run(["report", folder.run], context) == .done)
    let page = try Files.text("\(folder.run)/report.html")
    for words in [
      "median time of one image, on a mill; 1 of 6 disturbed", correlation,
      "<small>0.25 – 8.00 ms</small>", "stands the 95 % interval of its median",
    ] {
      #expect(page.contains(words), "\(words)")
    }
  }

  private struct Folder {
    let temporary: TemporaryFolder
    var path: String { temporary.path }
    var plan: String { "\(path)/plan.json" }
    var run: String { "\(path)/run" }

    init() throws {
      temporary = try TemporaryFolder()
      let worker = try write(
        "worker.sh",
        """
        design=$(sed -n 's/.*"design" : "\\(.*\\)",/\\1/p' "$1")
        h=$(printf %s "$design" | cksum | cut -d' ' -f1)
        ap=$((h % 800 + 100))
        echo "{\\"event\\":\\"finished\\",\\"metrics\\":{\\"AP\\":0.$ap,\\"latency\\":$((ap / 10))}}"
        """)
      try write(
        "plan.json",
        """
        { "name": "fake", "seed": 3, "data": { "train": {}, "validation": {} },
          "structural": { "trials": 6, "initial": 4,
            "space": { "inputs": ["256x256", "128x128"], "backbones": ["resnet18 16", "resnet34 16"],
                       "necks": ["none", "fpn P1-P4 32"], "proposals": ["rpn"], "heads": ["rcnn"] } },
          "runner": { "command": ["/bin/sh", "\(worker)"], "timeoutSeconds": 20 } }
        """)
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String { try temporary.write(name, text) }
  }
}
