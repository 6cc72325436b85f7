import DetBasics
import DetCommand
import DetSpec

/// `smnas designs`: the designs that have names, with what is known of each and how well it is documented.
enum DesignsVerb: Verb {
  static let name = "designs"
  static let summary = "list the designs that have names, and how well each is documented"
  static let classes = DefaultOption<Count>(
    "--classes", "N", "classes, background not counted", default: Count(80))
  static let syntax = Syntax(classes, Flag.json)
  static let discussion = """
    Every name can be given where a DESIGN is asked for. Certainty: published in full; confirmed by parameters that follow
    from its parts and are the published ones; inferred from published totals, which other designs would have too; or
    standIn, where parts were never published.
    """

  private struct Answer: Encodable {
    let name: String
    let design: String
    let certainty: DesignPreset.Certainty
    let note: String
    let parameters: Int
    let macs: Int
  }

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let answers = try DesignPreset.all.map { preset in
      let cost = DesignCost(try preset.design(), classes: arguments[classes].value)
      return Answer(
        name: preset.name, design: preset.text, certainty: preset.certainty, note: preset.note,
        parameters: cost.parameters, macs: cost.macs)
    }
    if arguments[Flag.json] {
      try context.output.json(answers)
      return .done
    }
    var table = TextTable(["name", "certainty", "parameters (M)", "MACs (G)", "design"])
    for answer in answers {
      table.add([
        answer.name, answer.certainty.words, (Double(answer.parameters) / 1e6).fixed(2),
        (Double(answer.macs) / 1e9).fixed(1), answer.design,
      ])
    }
    try context.output.line(table.text)
    let doubtful = answers.filter { $0.certainty == .inferred || $0.certainty == .standIn }
    try context.output.line("\nNot certain:")
    for answer in doubtful {
      try context.output.line("\(answer.name) (\(answer.certainty.words)): \(answer.note)")
    }
    return .done
  }
}
