import CommandTestSupport
import DetBasics
import DetCommand
import DetSearch
import DetSpec
import Foundation
import Testing

@testable import DetCLI

/// Searches that train real detectors in real processes, on synthetic scenes.
@Suite(.serialized) struct RealSearchTests {
  private let program: BuiltProgram
  private let plan: String

  /// The results of a trial, without what was measured.
  private struct Result: Equatable, Decodable {
    let id: Int
    let design: String
    let outcome: String
    var metrics: [String: Double]
  }

  init() throws {
    program = try BuiltProgram()
    plan = try program.write(
      "plan.json",
      """
      { "version": 1, "name": "kill", "seed": 11, "cache": false,
        "data": {
          "train": { "format": "shapes", "count": 16, "size": "64x64", "seed": 1, "classes": ["circle", "square"] },
          "validation": { "format": "shapes", "count": 4, "size": "64x64", "seed": 2, "classes": ["circle", "square"] } },
        "structural": {
          "trials": 4, "initial": 2, "objectives": ["AP50", "macs"],
          "recipe": { "extends": "small", "epochs": 2, "batch": 4, "latency": { "warmupRuns": 1, "runs": 3 } },
          "space": { "inputs": ["64x64", "96x96"], "backbones": ["resnet18 8", "resnet18 16"],
                     "necks": ["fpn P1-P2 16", "fpn P1-P3 16"], "proposals": ["none", "rpn"],
                     "heads": ["rcnn", "retinanet"] } },
        "runner": { "workers": 1, "threads": 1, "timeoutSeconds": 300 } }
      """)
  }

  private func results(_ run: String) throws -> [Result] {
    let listed = try program.run("trials", run, "--json")
    let decoder = JSONDecoder()
    return try JSONLinesContent(Data(listed.output.utf8)).lines.map { line in
      var result = try decoder.decode(Result.self, from: Data(line.text.utf8))
      for metric in Metric.allCases where metric.isMeasured { result.metrics[metric] = nil }
      result.metrics.takeLatency(nil)
      result.metrics["seconds"] = nil
      return result
    }
  }

  /// What `smnas plan --latency` says.
  private struct Reach: Decodable {
    struct Timed: Decodable {
      let macs: Int
      let latency: LatencyReading
    }
    struct Count: Decodable {
      let designs: Int
      let within: Int
      let atMost: Int
    }
    let limit: Double
    let timed: [Timed]
    let count: Count
  }

  private func reach(within limit: String) throws -> Reach {
    struct Answer: Decodable { let latency: Reach }
    let planned = try program.run("plan", plan, "--latency", limit, "--json")
    return try JSONDecoder().decode(Answer.self, from: Data(planned.output.utf8)).latency
  }

  private func members(_ run: String) throws -> [String] {
    let front = try JSON.decode(
      StageFronts.self, from: try program.run("front", run, "--json").output, source: "front")
    return front.members.map { "\($0.trial) \($0.design) \($0.metrics["AP50"] ?? -1)" }
  }

  /// Starts a search and kills it with SIGKILL as soon as a file holds a word.
  private func kill(_ run: String, when file: String, holds word: String) throws {
    let search = try program.start(["search", plan, "--run", run])
    while search.isRunning {
      if let text = try? Files.text("\(run)/\(file)"), text.contains(word) {
        Foundation.kill(search.processIdentifier, SIGKILL)
        break
      }
      usleep(2000)
    }
    search.waitUntilExit()
    try #require(search.terminationReason == .uncaughtSignal, "it ended before it could be killed")
  }

  @Test func killedAtThreeMomentsAndResumedItIsTheSearchThatWasLeftAlone() throws {
    let whole = "\(program.folder)/whole"
    #expect(try program.run("search", plan, "--run", whole).status == 0)
    let expected = try results(whole)
    let front = try members(whole)
    #expect(expected.count == 4 && !front.isEmpty)
    #expect(expected.contains { $0.outcome == "finished" })
    let moments = [
      ("amid a training", "trials/000001/events.jsonl", "\"epoch\""),
      ("as a worker starts", "trials/000002/job.json", "\"design\""),
      ("after mutations began", "trials/000003/events.jsonl", "started"),
    ]
    for (moment, file, word) in moments {
      let run = "\(program.folder)/\(file.split(separator: "/")[1])"
      try kill(run, when: file, holds: word)
      #expect(try program.run("search", plan, "--run", run, "--resume").status == 0)
      #expect(try results(run) == expected, "killed \(moment)")
      #expect(try members(run) == front, "killed \(moment)")
      for trial in expected where trial.outcome == "finished" {
        let weights = "trials/00000\(trial.id)/weights.safetensors"
        let same = try Files.bytes("\(run)/\(weights)") == Files.bytes("\(whole)/\(weights)")
        #expect(same, "weights of trial \(trial.id), killed \(moment)")
      }
    }
  }

  @Test func theLatenciesOfAFrontAreThoseOfOneGo() throws {
    let text = try Files.text(plan).replacingOccurrences(of: "\"macs\"", with: "\"latency\"")
      .replacingOccurrences(of: "\"trials\": 4", with: "\"trials\": 2")
      .replacingOccurrences(of: "\"epochs\": 2", with: "\"epochs\": 1")
    let own = try program.write("latency.json", text)
    let run = "\(program.folder)/latency"
    let search = try program.run("search", own, "--run", run)
    #expect(search.status == 0)
    #expect(search.log.contains("measuring again, in turn: "))
    // Each was timed before its training, with random weights; a worker timed one again only where that was disturbed.
    for trial in 1...2 {
      let folder = TrialFolder(trial: trial, in: "\(run)/trials")
      let job = try JSON.decode(MeasurementJob.self, file: folder.measurementJob)
      #expect(job.detectors.map(\.weights) == [nil] && job.detectors[0].classes == 2)
      let isTimedAgain = try JSON.decode(TrialJob.self, file: folder.job).measuresLatency
      #expect(
        try Files.text(folder.events).contains("\"event\":\"latency\"") == isTimedAgain)
    }
    // A search that is complete stays as it is.
    let again = try program.run("search", own, "--run", run, "--resume")
    #expect(again.status == 0 && !again.log.contains("measuring again"))
    struct Line: Decodable {
      let trial: Int
      let before: Double
      let latency: LatencyReading
    }
    let measured = try program.run("measure", run, "--all", "--json")
    let lines = try JSONDecoder().decode([Line].self, from: Data(measured.output.utf8))
    #expect(lines.map(\.trial) == [1, 2])
    for line in lines {
      #expect(line.before > 0 && line.latency.runs.samples.count == 3)
      #expect(line.latency.anchor != nil && (line.latency.ownLoad ?? 0) > 0)
      #expect(line.latency.device?.hasSuffix(", 1 thread") == true)
    }
    let listed = try program.run("trials", run, "--json").output
    struct Trial: Decodable { let metrics: [String: Double] }
    let kept = try JSONLinesContent(Data(listed.utf8)).lines.map {
      try JSONDecoder().decode(Trial.self, from: Data($0.text.utf8)).metrics["latency"]
    }
    #expect(kept == lines.map(\.latency.runs.median))
  }

  @Test func aPlansProgramTimesEveryTrialOnTheRunsImages() throws {
    let command = try JSON.text([BuiltProgram.path, "measurement"])
    let text = try Files.text(plan).replacingOccurrences(of: "\"macs\"", with: "\"latency\"")
      .replacingOccurrences(of: "\"trials\": 4", with: "\"trials\": 2")
      .replacingOccurrences(of: "\"epochs\": 2", with: "\"epochs\": 1")
      .replacingOccurrences(
        of: "\"seed\": 11,",
        with: "\"seed\": 11, \"latency\": { \"command\": \(command), \"measuresFront\": false },")
    let own = try program.write("command.json", text)
    let run = "\(program.folder)/command"
    let search = try program.run("search", own, "--run", run)
    #expect(search.status == 0, "\(search.log)")
    var isTrained: [Bool] = []
    for trial in 1...2 {
      let folder = TrialFolder(trial: trial, in: "\(run)/trials")
      let job = try JSON.decode(MeasurementJob.self, file: folder.measurementJob)
      #expect(job.images.count == 4 && job.measurementLock == nil)
      // Before the training, with random weights; again after it only where that was disturbed.
      isTrained.append(job.detectors[0].weights != nil)
      // The worker has timed nothing itself.
      #expect(try !Files.text(folder.events).contains("\"event\":\"latency\""))
    }
    struct Trial: Decodable { let metrics: [String: Double] }
    let lines = JSONLinesContent(Data(try program.run("trials", run, "--json").output.utf8)).lines
    for (line, isTrained) in zip(lines, isTrained) {
      let metrics = try JSONDecoder().decode(Trial.self, from: Data(line.text.utf8)).metrics
      // What random weights find is not timed.
      #expect(metrics[.latency] ?? 0 > 0 && (metrics.ownLoadLatency != nil) == isTrained)
      #expect(metrics[.memory] ?? 0 > 0)
    }
  }

  /// Before anything is trained: designs from the smallest to the largest are timed, and those within a limit are counted.
  @Test func aPlanSaysWhichLatenciesCanBeReached() throws {
    let all = try reach(within: "100s")
    #expect(all.limit == 1e5 && all.count.within == all.count.designs && all.count.designs == 16)
    #expect((2...9).contains(all.timed.count))
    #expect(all.timed.map(\.macs) == all.timed.map(\.macs).sorted())
    #expect(all.timed.allSatisfy { $0.latency.runs.samples.count == 3 && $0.latency.anchor != nil })
    let none = try reach(within: "1us")
    #expect(none.count.within == 0 && none.count.atMost == 0)
    let words = try program.run("plan", plan, "--latency", "1us").output
    #expect(words.contains("none; the fastest takes") && words.contains("forecast: about "))
    let foreign = try Files.text(plan).replacingOccurrences(
      of: "\"runner\": {", with: "\"runner\": { \"command\": [\"worker\"],")
    let refused = try program.run(
      "plan", try program.write("foreign.json", foreign), "--latency", "1s")
    #expect(refused.status == 64 && refused.log.contains("give latency.command in the plan"))
  }

  @Test func aDesignToBeTimedNeedsWeightsOrARecipe() throws {
    let job = try program.write(
      "job.json",
      """
      { "version": 1, "images": ["image.png"], "warmupRuns": 1, "runs": 3, "device": "cpu", "threads": 1,
        "detectors": [{ "trial": 4, "design": "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn", "classes": 2 }] }
      """)
    let answer = try program.run("measurement", job)
    #expect(answer.status == 1)
    #expect(answer.log.contains("trial 4 has neither weights nor both recipe and classes"))
  }

  @Test func interruptedPolitelyItKeepsWhatWasFinishedAndSaysHowToGoOn() throws {
    let run = "\(program.folder)/run"
    let search = try program.start(["search", plan, "--run", run], name: "search")
    while search.isRunning {
      if let text = try? Files.text("\(run)/trials/000002/job.json"), !text.isEmpty {
        Foundation.kill(search.processIdentifier, SIGINT)
        break
      }
      usleep(2000)
    }
    search.waitUntilExit()
    #expect(search.terminationStatus == ExitCode.interrupted.rawValue)
    let log = try Files.text("\(program.folder)/search.log")
    #expect(log.contains("--resume"))
    #expect(try results(run).first?.outcome == "finished")
  }

  @Test func aDesignThatFindsNoMemoryIsAnOutcomeWithItsReason() throws {
    let job = TrialJob(
      id: 1, stage: .structural,
      design: try DetectorDesign(text: "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn"),
      recipe: RecipePreset.small.recipe,
      data: try JSON.decode(
        JSONValue.self,
        from: """
          { "train": { "format": "shapes", "count": 16, "size": "64x64", "seed": 1 },
            "validation": { "format": "shapes", "count": 4, "size": "64x64", "seed": 2 } }
          """, source: "test"),
      seed: 5, device: "cpu", threads: 1, directory: "\(program.folder)/trial", resume: false)
    var hungry = job.recipe
    // 40,000 x 40,000 weights of four bytes are 6.4 GB; the process gets 4.
    hungry.detection.headWidth = 40_000
    let large = TrialJob(
      id: 1, stage: job.stage, design: job.design, recipe: hungry, data: job.data, seed: 5,
      device: "cpu", threads: 1, directory: job.directory, resume: false)
    let path = try program.write("job.json", JSON.text(large))
    let answer = try program.run("trial", path, memoryKibibytes: 4 << 20)
    #expect(answer.status == 1)
    let last = try #require(JSONLinesContent(Data(answer.output.utf8)).lines.last?.text)
    guard
      case .failed(let reason, .outOfMemory) = try JSON.decode(
        TrialEvent.self, from: last, source: "event")
    else {
      Issue.record("the last event is \(last); \(answer.log)")
      return
    }
    #expect(reason.contains("out of memory in Tensor."))
  }
}
