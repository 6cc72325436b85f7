import DetBasics
import DetCommand
import DetExecution
import DetSearch
import DetSpec

/// `smnas finals DIR`: what was trained in full, with what it came from.
enum FinalsVerb: Verb {
  static let name = "finals"
  static let summary = "designs trained in full: results, costs, and what each came from"
  static let folder = Argument<String>("DIR", "the run's folder")
  static let markdown = Flag("--markdown", "print the tables as Markdown")
  static let syntax = Syntax(folder, markdown, Flag.json)

  private struct Answer: Encodable {
    let version = 1
    let finals: [FinalRow]
    let backbones: BackboneTable?
  }

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let snapshot = try RunSnapshot(arguments[folder])
    guard snapshot.plan.final != nil else {
      throw ExecutionError.run(
        path: arguments[folder], problem: "trains no design in full",
        cure: "add a section \"final\" to the plan, and go on with search --resume")
    }
    if let note = snapshot.dataNote { context.log("\(Program.name): \(note)") }
    if arguments[Flag.json] {
      try context.output.json(
        Answer(finals: snapshot.finals(), backbones: snapshot.backbones()))
      return .done
    }
    let tables = try FinalTables(snapshot)
    if tables.rows.isEmpty {
      context.log("\(Program.name): no design was chosen to be trained in full yet")
    } else {
      try context.output.line(arguments[markdown] ? tables.markdown : tables.text)
    }
    return .done
  }
}
