import DetBasics
import DetCommand
import DetExecution
import DetSearch
import DetSpec

/// `smnas front DIR`: the trials for which no other is at least as good in every objective and better in one.
enum FrontVerb: Verb {
  static let name = "front"
  static let summary = "trials for which no other is as good in every objective and better in one"
  static let folder = Argument<String>("DIR", "the run's folder")
  static let stage = Option<SearchStage>(
    "--stage", "STAGE", "the stage (default: the latest with results)")
  static let syntax = Syntax(folder, stage, Flag.json)

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let snapshot = try RunSnapshot(arguments[folder])
    let fronts = try snapshot.fronts(asked: arguments[stage])
    if let note = snapshot.dataNote { context.log("\(Program.name): \(note)") }
    if arguments[Flag.json] {
      try context.output.json(fronts)
    } else if fronts.members.isEmpty {
      context.log(
        "\(Program.name): no trial of the \(fronts.stage.rawValue) stage has finished yet")
    } else {
      try context.output.line(fronts.tables(of: snapshot))
    }
    return .done
  }
}
