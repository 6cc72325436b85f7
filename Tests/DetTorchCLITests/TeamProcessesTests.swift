import CommandTestSupport
import DetBasics
import DetSpec
import DetTeam
import Foundation
import Testing

/// Real processes that train one design together.
@Suite(.serialized) struct TeamProcessesTests {
  private let program: BuiltProgram
  private let plan: String
  private let recipe: String

  init() throws {
    program = try BuiltProgram()
    plan = try program.write(
      "plan.json",
      """
      { "version": 1, "name": "team", "seed": 11,
        "data": {
          "train": { "format": "shapes", "count": 16, "size": "64x64", "seed": 1, "classes": ["circle", "square"] },
          "validation": { "format": "shapes", "count": 5, "size": "64x64", "seed": 2, "classes": ["circle", "square"] } },
        "structural": { "trials": 1 } }
      """)
    recipe = try program.write(
      "recipe.json",
      """
      { "extends": "small", "epochs": 3, "batch": 4, "norm": "group", "evaluateEvery": 3,
        "learningRate": { "from": 0.01, "atBatch": null },
        "latency": { "warmupRuns": 1, "runs": 1 } }
      """)
  }

  private func words(_ design: String, _ output: String, _ more: [String] = []) -> [String] {
    [
      "train", design, "--plan", plan, "--recipe", recipe, "--threads", "1", "--json", "--output",
      "\(program.folder)/\(output)",
    ] + more
  }

  private func losses(_ name: String) throws -> [[String: Double]] {
    let lines = try JSONLinesContent(Files.bytes("\(program.folder)/\(name).out")).lines
    let events = try lines.map {
      try JSON.decode(TrialEvent.self, from: $0.text, source: name)
    }
    return events.compactMap { event in
      guard case .epoch(_, let metrics) = event else { return nil }
      return metrics.filter { $0.key.contains(".") || $0.key == "loss" }
    }
  }

  private func log(_ name: String) throws -> String {
    try Files.text("\(program.folder)/\(name).log")
  }

  /// Which regions are proposed jumps with the last bit of a score, as between one thread and two: behind an RPN
  /// the four steps of the first epoch are compared, elsewhere all twelve.
  @Test(arguments: [
    ("64x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn", 1),
    ("64x64 | resnet18 8 | fpn P1-P2 16 | none | retinanet", 3),
  ])
  func twoProcessesHaveTheLossesOfOne(_ design: String, _ epochs: Int) throws {
    for (name, processes) in [("one", "1"), ("two", "2")] {
      let process = try program.start(
        words(design, name, ["--processes", processes]), name: name)
      process.waitUntilExit()
      let words = try log(name)
      #expect(process.terminationStatus == 0, "\(words)")
    }
    let (one, two) = (try losses("one"), try losses("two"))
    #expect(one.count == 3 && two.count == 3)
    for (found, expected) in zip(two.prefix(epochs), one) {
      #expect(found.keys.sorted() == expected.keys.sorted())
      for (name, value) in expected {
        #expect(abs((found[name] ?? .nan) - value) < 1e-5 * max(1, value), "\(name)")
      }
    }
  }

  // MARK: - Ranks that are started one by one

  private let design = "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn"

  /// Starts each rank as torchrun would.
  private func start(_ count: Int, _ output: String, _ more: [String] = []) throws -> [Process] {
    try TeamPlace.local(count, run: output).map { place in
      let variables = place.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      return try program.start(
        variables + [BuiltProgram.path] + words(design, output, more),
        name: "\(output)-\(place.rank)", through: "/usr/bin/env")
    }
  }

  private func finish(_ ranks: [Process]) -> [Int32] {
    for rank in ranks { rank.waitUntilExit() }
    return ranks.map(\.terminationStatus)
  }

  /// Waits until the output of a process holds a word; false when it ends before.
  private func hasSaid(_ word: String, _ name: String, _ process: Process) throws -> Bool {
    while process.isRunning {
      if try Files.text("\(program.folder)/\(name).out").contains(word) { return true }
      usleep(20_000)
    }
    return false
  }

  @Test(arguments: [2, 3]) func aKilledRankEndsAllOthersWithACheckpointThatGoesOn(_ lost: Int)
    throws
  {
    let more = ["--epochs", "40"]
    let ranks = try start(4, "out", more)
    #expect(try hasSaid(#""event":"epoch""#, "out-0", ranks[0]))
    kill(ranks[lost].processIdentifier, SIGKILL)
    let start = ContinuousClock.now
    let statuses = finish(ranks)
    #expect(start.duration(to: .now) < .seconds(30))
    for rank in 0..<4 where rank != lost { #expect(statuses[rank] == 1) }
    let words = try Files.text("\(program.folder)/out-0.out")
    #expect(words.contains("rank \(lost) was lost") && words.contains(#""kind":"rankLost""#))
    let other = lost == 3 ? 1 : 3
    #expect(try log("out-\(other)").contains("rank \(other): rank \(lost) was lost"))
    #expect(
      FileManager.default.fileExists(atPath: "\(program.folder)/out/checkpoint.safetensors"))

    let again = try self.start(4, "out", more + ["--resume"])
    #expect(try hasSaid(#""event":"epoch""#, "out-0", again[0]))
    for rank in again { kill(rank.processIdentifier, SIGTERM) }
    let ends = finish(again)
    let lastWords = try log("out-0")
    #expect(ends == [130, 130, 130, 130], "\(lastWords)")
  }

  @Test func theStarterHandsSignalsOnAndEndsWithItsRanks() throws {
    let process = try program.start(
      words(design, "out", ["--epochs", "1000", "--processes", "2"]), name: "call")
    #expect(try hasSaid(#""event":"epoch""#, "call", process))
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(try log("call").contains("interrupted; continue with --resume"))
  }

  @Test func ranksEndWithTheirStarter() throws {
    let process = try program.start(
      words(design, "out", ["--epochs", "1000", "--processes", "2"]), name: "call")
    #expect(try hasSaid(#""event":"epoch""#, "call", process))
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let end = ContinuousClock.now + .seconds(60)
    while try !log("call").contains("interrupted"), .now < end { usleep(50_000) }
    #expect(try log("call").contains("interrupted; continue with --resume"))
  }

  /// 4 images of this size do not go into 2 GiB, let alone 8 or 16.
  @Test func whenMemoryRunsOutAllBeginAgainOnceWithLess() throws {
    let large = "1536x1536 | resnet18 32 | fpn P1-P4 64 | none | retinanet"
    let batch = try program.write(
      "batch.json", #"{ "extends": "small", "batch": 16, "microBatch": 8 }"#)
    let process = try program.start(
      ["train", large, "--plan", plan, "--recipe", batch, "--threads", "1", "--json"]
        + ["--output", "\(program.folder)/out", "--processes", "2"],
      name: "call", memoryKibibytes: 2 << 20)
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    let (told, log) = (try Files.text("\(program.folder)/call.out"), try log("call"))
    #expect(log.components(separatedBy: "waiting for 2 processes").count == 3, "\(log)")
    #expect(told.contains(#""imagesAtOnce":8"#) && told.contains(#""imagesAtOnce":4"#), "\(told)")
    #expect(told.contains("going on from the last checkpoint with 4 images at once"))
    let last = told.split(separator: "\n").last ?? ""
    #expect(last.contains(#""event":"failed""#) && last.contains("out of memory"), "\(last)")
  }

  @Test func aWrongVariableIsNamed() throws {
    let answer = try program.run(
      "RANK=2", "WORLD_SIZE=2", BuiltProgram.path, "train", design, "--plan", plan, "--output",
      "\(program.folder)/out", through: "/usr/bin/env")
    #expect(answer.status == 1)
    #expect(
      answer.log.contains("the variable RANK is \"2\"; it should be a number from 0 to 1"))
  }
}
