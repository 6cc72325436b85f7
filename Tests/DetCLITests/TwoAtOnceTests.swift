import CommandTestSupport
import DetBasics
import DetCommand
import DetData
import DetExecution
import DetSearch
import DetSpec
import Foundation
import Testing

/// Two programs that want one folder at once, and what they say at their start: real programs in processes of their own.
struct TwoAtOnceTests {
  private let program: BuiltProgram

  init() throws { program = try BuiltProgram() }

  private func wait(_ process: Process, for word: String, in file: String) {
    while process.isRunning {
      if let text = try? Files.text(file), text.contains(word) { return }
      usleep(2000)
    }
  }

  @Test func aSecondSearchIsRefusedByNameAndTheFirstGoesOn() throws {
    let go = "\(program.folder)/go"
    let worker = try program.write(
      "worker.sh",
      """
      echo '{"event":"started"}'
      while [ ! -e "\(go)" ]; do sleep 0.05; done
      echo '{"event":"finished","metrics":{"AP":0.5,"latency":9}}'
      """)
    let plan = try program.write(
      "plan.json",
      """
      { "data": { "train": {}, "validation": {} },
        "structural": { "trials": 2, "initial": 2, "space": {
          "inputs": ["128x128", "64x64"], "backbones": ["resnet18 16", "resnet34 16"],
          "necks": ["none"], "proposals": ["rpn"], "heads": ["rcnn"] } },
        "runner": { "command": ["/bin/sh", "\(worker)"], "timeoutSeconds": 60 } }
      """)
    let run = "\(program.folder)/run"
    let first = try program.start(["search", plan, "--run", run], name: "first")
    wait(first, for: "started", in: "\(run)/trials/000001/events.jsonl")
    let lock = try Files.text("\(run)/lock")
    #expect(lock == "\(first.processIdentifier)\n")
    for words in [["--resume"], ["--resume", "--retry-failed"], []] {
      let second = try program.start(["search", plan, "--run", run] + words, name: "second")
      second.waitUntilExit()
      let log = try Files.text("\(program.folder)/second.log")
      #expect(second.terminationStatus == ExitCode.failed.rawValue, "\(words): \(log)")
      #expect(
        words.isEmpty
          ? log.contains("holds a run already")
          : log.contains(
            "is being worked on by another search (process \(first.processIdentifier))"),
        "\(log)")
    }
    #expect(try Files.text("\(run)/lock") == lock)
    try AtomicFile.write("", to: go)
    first.waitUntilExit()
    let said = try Files.text("\(program.folder)/first.log")
    #expect(first.terminationStatus == 0, "\(said)")
    let trials = try RunSnapshot(run).trials
    #expect(trials.count == 2 && trials.allSatisfy { $0.isFinished })
  }

  private static let design = "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn"

  private func shapesPlan(epochs: Int) throws -> String {
    try program.write(
      "plan.json",
      """
      { "data": {
          "train": { "format": "shapes", "count": 8, "size": "64x64", "seed": 1 },
          "validation": { "format": "shapes", "count": 2, "size": "64x64", "seed": 2 } },
        "structural": { "recipe": { "extends": "small", "epochs": \(epochs), "batch": 4,
          "latency": { "warmupRuns": 1, "runs": 3 } } } }
      """)
  }

  /// Refused while the first is at work, and as what it is when that has ended.
  @Test func aSecondTrainingIsRefusedByNameAndTheFirstIsUnharmed() throws {
    let plan = try shapesPlan(epochs: 400)
    let folder = "\(program.folder)/mine"
    let words = ["train", Self.design, "--plan", plan, "--output", folder, "--threads", "1"]
    let first = try program.start(words, name: "first")
    wait(first, for: "epoch", in: "\(folder)/events.jsonl")
    let job = try Files.text("\(folder)/job.json")
    for more in [[], ["--resume"], ["--seed", "77"]] {
      let second = try program.start(words + more, name: "second")
      second.waitUntilExit()
      let log = try Files.text("\(program.folder)/second.log")
      #expect(second.terminationStatus == ExitCode.failed.rawValue, "\(more): \(log)")
      #expect(
        log.contains("\(folder): is being written into by another process"), "\(more): \(log)")
    }
    #expect(first.isRunning)
    kill(first.processIdentifier, SIGINT)
    first.waitUntilExit()
    #expect(first.terminationStatus == ExitCode.interrupted.rawValue)
    #expect(try Files.text("\(folder)/job.json") == job)
    let events = try Files.text("\(folder)/events.jsonl")
    #expect(
      events.components(separatedBy: "\"started\"").count == 2, "one training alone wrote here")
  }

  // MARK: - What is said

  /// Four pictures, of which one has no label file, beside one of another kind.
  private func yolo() throws {
    let png = try PixelImage(
      width: 64, height: 64, pixels: [UInt8](repeating: 90, count: 3 * 64 * 64)
    ).encodePNG()
    try Files.makeFolder("\(program.folder)/set/images")
    for name in ["a", "b", "c", "d"] {
      try png.write(to: URL(fileURLWithPath: "\(program.folder)/set/images/\(name).png"))
      guard name != "d" else { continue }
      try Files.makeFolder("\(program.folder)/set/labels")
      _ = try program.write("set/labels/\(name).txt", "0 0.5 0.5 0.5 0.5\n0 0.2 0.2 0.1 0.1\n")
    }
    _ = try program.write("set/images/old.gif", "GIF89a")
  }

  @Test func aTrainingBeginsWithTheAccountOfItsData() throws {
    try yolo()
    let plan = try program.write(
      "plan.json",
      """
      { "data": {
          "train": { "format": "yolo", "images": "set/images", "classes": ["tree"] },
          "validation": { "format": "yolo", "images": "set/images", "classes": ["tree"] } },
        "structural": { "recipe": { "extends": "small", "epochs": 1, "batch": 4,
          "latency": { "warmupRuns": 1, "runs": 3 } } } }
      """)
    let answer = try program.run(
      "train", Self.design, "--plan", plan, "--recipe", "plan", "--output",
      "\(program.folder)/mine", "--threads", "1")
    #expect(answer.status == 0, "\(answer.log)")
    for side in ["training", "validation"] {
      #expect(
        answer.log.contains(
          "  \(side): 5 images found: 4 used, 1 left out (otherFile 1); 3 label files found: all used; "
            + "6 labels found: all used\n"), "\(answer.log)")
    }
    #expect(answer.log.contains(", 4 images, 1 epochs"), "\(answer.log)")
  }

  /// Verbs that only read say paths as they were typed.
  @Test func readingVerbsSayPathsAsTheyWereTyped() throws {
    try yolo()
    _ = try program.write("set/labels/zz.txt", "0 0.5 0.5 0.5 0.5\n")
    for typed in ["set/images", "./set/images", "\(program.folder)/set/images"] {
      let answer = try program.run(
        "doctor", "--data", typed, "--format", "yolo", "--classes", "tree", in: program.folder)
      let labels = typed.replacingOccurrences(of: "/images", with: "/labels")
      #expect(
        answer.output.contains("\(labels)/zz.txt: there is no image of that name"),
        "\(answer.output)")
      #expect(answer.output.contains("\(typed)/old.gif"), "\(answer.output)")
      if !typed.hasPrefix("/") {
        #expect(!answer.output.contains(program.folder), "\(answer.output)")
      }
    }
  }
}
