import CommandTestSupport
import DetBasics
import Foundation

@testable import DetCommand

/// A verb with one parameter of every kind, that prints what it was given.
enum SampleVerb: Verb {
  enum Stage: String, ArgumentChoice { case structural, modular }

  struct Broken: Error, CustomStringConvertible {
    let description = "run/study.sqlite: the disk is full; free some space"
  }

  static let name = "sample"
  static let summary = "prints what it was given"
  static let folder = Argument<String>("DIR", "the run's folder")
  static let images = ManyArguments<String>("IMAGE", "images to look at")
  static let run = RequiredOption<String>("--run", "DIR", "where the run goes")
  static let workers = DefaultOption<Int>("--workers", "N", "trials at a time", default: 1)
  static let seed = Option<UInt64>("--seed", "S", "the seed")
  static let share = Option<Double>("--share", "X", "a share")
  static let latency = Option<Duration>("--latency", "TIME", "the most time per image")
  static let stage = Option<Stage>("--stage", "STAGE", "only this stage")
  static let tag = Option<String>("--tag", "TAG", "a label")
  static let trials = Option<Count>("--max-trials", "N", "stop after so many")
  static let resume = Flag("--resume", "go on with the run")
  static let syntax = Syntax(
    folder, images, run, workers, seed, share, latency, stage, tag, trials, resume, Flag.json)

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    if arguments[folder] == "broken" { throw Broken() }
    if arguments[folder] == "stopped" { throw Interruption() }
    if arguments[folder] == "head" { throw Output.Closed() }
    try context.output.line("\(arguments[folder]) \(arguments[images]) \(arguments[workers])")
    return .done
  }

  static func parse(_ words: String...) throws -> Arguments {
    try ArgumentParser.parse(["folder", "a.png", "--run", "r"] + words, syntax)
  }
}

extension Transcript {
  /// Runs a program whose only verb is the sample.
  func run(_ words: String...) -> ExitCode {
    Program.run(words, context, commands: [.own(SampleVerb.self), .torch(.train)])
  }
}
