import CommandTestSupport
import DetBasics
import DetCommand
import DetSpec
import Foundation
import TestSupport
import Testing

@testable import DetCLI

/// Whatever word stands anywhere on the command line of the first program: no trap, no hang, and the user's files stay.
///
/// The places come from the verbs' own declarations, so that a new option is walked as soon as it is there. `serve` ends by a signal
/// alone, and is walked in processes of its own (`ServeVerbTests`).
@Suite(.serialized) struct OutsideWordsTests {
  private let sandbox: Sandbox
  private let walk: WordWalk

  private static let verbs = Verbs.all.compactMap { command -> (any Verb.Type)? in
    if case .own(let verb) = command, verb != ServeVerb.self { verb } else { nil }
  }

  init() throws {
    sandbox = try Sandbox()
    let worker = try sandbox.write(
      "worker.sh",
      #"echo '{"event":"finished","metrics":{"AP":0.5,"latency":3}}'"# + "\n")
    try sandbox.write(
      "plan.json",
      """
      { "name": "fake", "seed": 3, "data": { "train": {}, "validation": {} },
        "structural": { "trials": 2, "initial": 2,
          "space": { "inputs": ["256x256", "128x128"], "backbones": ["resnet18 16"],
                     "necks": ["fpn P1-P4 32"], "proposals": ["rpn"], "heads": ["rcnn"] } },
        "runner": { "command": ["/bin/sh", "\(worker)"], "timeoutSeconds": 20 } }
      """)
    try sandbox.write("plotly.js", "//")
    try sandbox.write(
      "table.jsonl",
      #"{"design": "256x256 | resnet18 16 | fpn P1-P4 32 | rpn | rcnn", "metrics": {"AP": 0.3, "latency": 2}, "seconds": 8}"#
        + "\n")
    let scene = #"""
      {"images": [{"id": 1, "file_name": "a.png", "width": 64, "height": 64},
                  {"id": 2, "file_name": "b.png", "width": 64, "height": 64}],
       "categories": [{"id": 1, "name": "tree"}],
       "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [5, 5, 20, 20], "area": 400, "iscrowd": 0}]}
      """#
    try sandbox.write("data/ann.json", scene)
    let image = Data(base64Encoded: Self.pixel) ?? Data()
    for name in ["data/a.png", "data/b.png"] {
      try image.write(to: URL(fileURLWithPath: sandbox.file(name)))
    }
    try sandbox.write(
      "dt.json", #"[{"image_id": 1, "category_id": 1, "bbox": [5, 5, 20, 20], "score": 0.9}]"#)
    // The second program, as far as the first asks it; it is found beside the first.
    let torch = try sandbox.write(
      "bin/smnas-torch",
      "#!/bin/sh\necho '{\"version\": 1, \"libtorch\": \"2\", \"devices\": [\"cpu\"], \"productRate\": 1e9}'\n"
    )
    chmod(torch, 0o755)
    let executable = sandbox.file("bin/smnas")
    walk = WordWalk(
      sandbox, environment: ["SMNAS_PLOTLY": sandbox.file("plotly.js")], executable: executable
    ) { Program.run($0, $1) }
    let setup = Transcript()
    let began = Program.run(
      ["search", sandbox.file("plan.json"), "--run", sandbox.file("run")], setup.context)
    #expect(began == .done, "\(setup.log)")
    try sandbox.seal()
  }

  /// A picture of 64 x 64 pixels.
  private static let pixel =
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAATElEQVR42u3PMQ0AAAwDoOqsfyGVsHsJOCB9LgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIClwEMTODxihgWdQAAAABJRU5ErkJggg=="

  /// A command line of every verb that is right.
  private func right(_ verb: String) -> [String]? {
    let lines: [String: [String]] = [
      "init": ["--train", "data/ann.json", "--images", "data", "--output", "new.json"],
      "plan": ["plan.json"], "search": ["plan.json", "--run", "run"],
      "simulate": ["plan.json", "--table", "table.jsonl"],
      "measure": ["run"], "status": ["run"], "trials": ["run"], "front": ["run"], "best": ["run"],
      "finals": ["run"], "task": ["run"],
      "proxy": [
        "plan.json", "--run", "run", "--designs", "2", "--seeds", "1", "--epochs", "1", "--long",
        "2",
      ],
      "report": ["run", "--output", "new.html"],
      "compare": ["dt.json", "dt.json", "--truth", "data/ann.json", "--image-folder", "data"],
      "evaluate": ["--truth", "data/ann.json", "--detections", "dt.json"],
      "doctor": ["--data", "data/ann.json", "--images", "data"], "designs": [],
    ]
    return lines[verb]?.map { word in
      let isFile = word.contains(".") || ["run", "data"].contains(word)
      return isFile && !word.hasPrefix("-") ? sandbox.file(word) : word
    }
  }

  private static let names = verbs.map { $0.name }

  private func verb(_ name: String) throws -> any Verb.Type {
    try #require(Self.verbs.first { $0.name == name })
  }

  @Test(arguments: names)
  func theRightWordsAreRight(name: String) throws {
    let words = try #require(right(name), "\(name) has no command line here: add one")
    let transcript = Transcript()
    let context = transcript.context(
      environment: ["SMNAS_PLOTLY": sandbox.file("plotly.js")],
      executable: sandbox.file("bin/smnas"))
    let code = Program.run([name] + words, context)
    // Refused, and walked so, are a search or trainings of a proxy into the folder of a run, timing what another program trained,
    // finals of a plan without, and a task outside of a cluster's job.
    let isRefused = ["search", "measure", "finals", "proxy", "task"].contains(name)
    #expect(code == (isRefused ? .failed : .done), "\(transcript.log)")
    #expect(try sandbox.damage().isEmpty)
  }

  @Test(.timeLimit(.minutes(5)), arguments: names)
  func noWordEndsTheProgramOrTouchesAFile(name: String) throws {
    try walk.walk(verb(name), right: #require(right(name)))
  }

  /// Neither does a number in a plan, whatever key it is given to.
  @Test(.timeLimit(.minutes(5))) func noNumberOfARecipeEndsTheProgram() throws {
    let data =
      #"{ "format": "shapes", "count": 4, "size": "64x64", "seed": 1, "classes": ["circle"] }"#
    let numbers = [
      "0", "-1", "1e30", "-1e30", "9223372036854775807", "-9223372036854775808",
      "9223372036854775808", "0.5", "1e-320", "1e400", "null", "1000000",
    ]
    let keys = Recipe.settings.reference(Recipe.paper).filter { $0.form.contains("number") }
    #expect(keys.count > 20)
    for key in keys {
      for number in numbers {
        let parts = key.key.split(separator: ".")
        let value = parts.reversed().reduce(number) {
          "{ \"\($1)\": \($0) }"
        }
        let plan = try sandbox.write(
          "walked.json",
          """
          { "name": "walked", "seed": 1, "data": { "train": \(data), "validation": \(data) },
            "structural": { "trials": 1, "initial": 1, "recipe": \(value),
              "space": { "inputs": ["64x64"], "backbones": ["resnet18 8"], "necks": ["fpn P1-P2 16"],
                         "proposals": ["none", "rpn"], "heads": ["retinanet", "rcnn"] } } }
          """)
        let transcript = Transcript()
        let context = transcript.context(
          environment: [:], executable: sandbox.file("bin/smnas"))
        let code = Program.run(["plan", plan], context)
        #expect(code == .done || code == .failed, "\(value)")
        #expect(
          code == .done || transcript.log.contains(parts[0]) || transcript.log.contains("data:"),
          "\(value): \(transcript.log)")
      }
    }
  }

  /// The message is one line, and names the path as it was given.
  @Test func aPathThatLeadsNowhereIsNamed() throws {
    let path = sandbox.file("no\nsuch 🦊")
    let lines = [
      ["plan", path], ["search", path, "--run", sandbox.file("r")], ["status", path],
      ["trials", path],
      ["front", path], ["best", path], ["report", path],
      ["simulate", path, "--table", sandbox.file("table.jsonl")],
      ["simulate", sandbox.file("plan.json"), "--table", path],
      ["evaluate", "--truth", path, "--detections", sandbox.file("dt.json")],
      ["evaluate", "--truth", sandbox.file("data/ann.json"), "--detections", path],
      ["doctor", "--data", path], ["init", "--train", path],
      ["init", "--train", sandbox.file("data/ann.json"), "--output", path + "/x.json"],
    ]
    for line in lines {
      let transcript = Transcript()
      let code = Program.run(
        line,
        transcript.context(environment: ["SMNAS_PLOTLY": sandbox.file("plotly.js")]))
      #expect(code == .failed, "\(line)")
      #expect(transcript.log.contains("no\\nsuch 🦊"), "\(line): \(transcript.log)")
      #expect(transcript.log.split(separator: "\n").count == 1, "\(line): \(transcript.log)")
    }
  }

  /// Every verb that writes a file refuses one that is there, before it does anything else.
  @Test func noOutputIsWrittenOverAFile() throws {
    let taken = sandbox.file("text.txt")
    let lines = [
      [
        "init", "--train", sandbox.file("data/ann.json"), "--images", sandbox.file("data"),
        "--output", taken,
      ],
      ["report", sandbox.file("run"), "--output", taken],
      ["doctor", "--data", sandbox.file("data/ann.json"), "--html", taken],
      [
        "evaluate", "--truth", sandbox.file("data/ann.json"), "--detections",
        sandbox.file("dt.json"),
        "--curves", taken,
      ],
    ]
    for line in lines {
      let transcript = Transcript()
      let code = Program.run(
        line,
        transcript.context(
          environment: ["SMNAS_PLOTLY": sandbox.file("plotly.js")],
          executable: sandbox.file("bin/smnas")))
      #expect(code == .failed, "\(line)")
      #expect(
        transcript.log.contains("\(taken): is there already, and is not overwritten"),
        "\(transcript.log)")
      #expect(try sandbox.damage().isEmpty)
    }
    // The run's own page is renewed; a page of the user's in its place is not.
    func report() -> ExitCode {
      Program.run(
        ["report", sandbox.file("run")],
        Transcript().context(environment: ["SMNAS_PLOTLY": sandbox.file("plotly.js")]))
    }
    #expect(report() == .done && report() == .done)
    try sandbox.write("run/report.html", "mine")
    #expect(report() == .failed)
    #expect(try Files.text(sandbox.file("run/report.html")) == "mine")
  }
}
