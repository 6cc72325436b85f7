import CommandTestSupport
import DetBasics
import DetCommand
import Foundation
import TestSupport
import Testing

/// The real program, killed at random moments and gone on with, ends as if nothing had happened.
///
/// `SMNAS_KILLS=100` kills that often; four do for every day.
@Suite(.serialized) struct KilledTrainingTests {
  private let program: BuiltProgram
  private let plan: String
  private let recipe: String

  init() throws {
    program = try BuiltProgram()
    plan = try program.write(
      "plan.json",
      """
      { "data": {
          "train": {"format": "shapes", "count": 16, "size": "64x64", "seed": 1, "classes": ["circle"]},
          "validation": {"format": "shapes", "count": 4, "size": "64x64", "seed": 2, "classes": ["circle"]} },
        "structural": { "trials": 1, "space": {
          "inputs": ["64x64"], "backbones": ["resnet18 8"], "necks": ["fpn P1-P2 16"], "proposals": ["rpn"],
          "heads": ["rcnn"] } } }
      """)
    recipe = try program.write(
      "recipe.json",
      """
      { "extends": "small", "epochs": 4, "batch": 4, "weightAverage": 0.9, "evaluateEvery": 2,
        "latency": {"warmupRuns": 1, "runs": 1} }
      """)
  }

  private func words(_ folder: String, resume: Bool) -> [String] {
    [
      "train", "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn", "--plan", plan, "--recipe", recipe,
      "--output", "\(program.folder)/\(folder)", "--threads", "1", "--checkpoint-every", "0",
    ] + (resume ? ["--resume"] : [])
  }

  private func weights(_ folder: String) -> String {
    "\(program.folder)/\(folder)/weights.safetensors"
  }

  /// Kills the process after a random time, which is up to twice what the whole training takes.
  private func killOnce(
    _ folder: String, resume: Bool, within seconds: Double, _ generator: inout Generator
  ) throws -> Bool {
    let process = try program.start(words(folder, resume: resume), name: "killed")
    let moment = Date(timeIntervalSinceNow: generator.uniform() * seconds)
    while process.isRunning, Date() < moment { usleep(1000) }
    guard process.isRunning else {
      process.waitUntilExit()
      return false
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal
  }

  @Test func killedAtRandomMomentsItEndsAsIfNothingHadHappened() throws {
    let wanted = ProcessInfo.processInfo.environment["SMNAS_KILLS"].flatMap(Int.init) ?? 4
    let start = Date()
    let whole = try program.start(words("whole", resume: false), name: "whole")
    whole.waitUntilExit()
    let seconds = Date().timeIntervalSince(start)
    let log = try Files.text("\(program.folder)/whole.log")
    try #require(whole.terminationStatus == 0, "\(log)")
    let expected = try Files.bytes(weights("whole"))

    var generator = Generator(seed: UInt64(wanted))
    var (kills, trainings) = (0, 0)
    while kills < wanted {
      trainings += 1
      let folder = "training-\(trainings)"
      var resume = false
      while !FileManager.default.fileExists(atPath: weights(folder)) {
        if kills < wanted {
          if try killOnce(folder, resume: resume, within: seconds, &generator) { kills += 1 }
        } else {
          let last = try program.start(words(folder, resume: resume), name: "killed")
          last.waitUntilExit()
          try #require(last.terminationStatus == 0)
        }
        // A kill before the first event leaves nothing to go on with, and nothing in the way.
        resume = FileManager.default.fileExists(atPath: "\(program.folder)/\(folder)/job.json")
      }
      // Killed after the weights were written, it has its checkpoint yet, and says the rest when it goes on.
      if FileManager.default.fileExists(
        atPath: "\(program.folder)/\(folder)/checkpoint.safetensors")
      {
        let rest = try program.start(words(folder, resume: true), name: "killed")
        rest.waitUntilExit()
        #expect(rest.terminationStatus == 0)
      }
      #expect(try Files.bytes(weights(folder)) == expected, "training \(trainings)")
      let left = try FileManager.default.contentsOfDirectory(atPath: "\(program.folder)/\(folder)")
      #expect(!left.contains { $0.contains("checkpoint") || $0.hasPrefix(".") }, "\(left)")
    }
    print("\(kills) kills of \(trainings) trainings of \(seconds) s")
  }

  @Test func interruptedItSaysHowToGoOnAndLosesNothing() throws {
    let process = try program.start(words("stopped", resume: false), name: "stopped")
    let log = "\(program.folder)/stopped.log"
    while process.isRunning, (try? Files.text(log))?.contains("step 1/") != true { usleep(1000) }
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationStatus == ExitCode.interrupted.rawValue)
    #expect(try Files.text(log).contains("continue with --resume"))
    let again = try program.start(words("stopped", resume: true), name: "again")
    again.waitUntilExit()
    #expect(again.terminationStatus == 0)
    #expect(try Files.text("\(program.folder)/again.log").contains("going on after epoch"))
  }
}
