import DetSearch
import DetSpec

extension HTMLReport {
  /// What was trained in full: what it is and reaches, and what it came from.
  static func finals(_ model: ReportModel) -> String {
    guard !model.finals.isEmpty else { return "" }
    let columns = model.columns
    let rows = model.finals.map { final in
      let trial = final.trial.flatMap(model.trial)
      let results = columns.map { metric in
        trial.map { number(metric, $0) } ?? Markup.cell("–", kind: "n")
      }
      let memory = final.memoryAccessBytes.map { Metric.Unit.bytes.text(Double($0)) }
      let cells =
        [
          Markup.cell("<b>\(Markup.text(final.name))</b>", kind: "name"),
          Markup.cell(
            design(final.design.text) + "<div class=\"lineage\">\(lineage(of: final, model))</div>"),
        ] + results + [Markup.cell(Markup.text(memory ?? "–"), kind: "n")]
      return "<tr>\(cells.joined())</tr>"
    }
    let heads = columns.map { "<th class=\"n\">\($0.heading)</th>" }
    let body = """
      <div class="scroll"><table>
      <thead><tr><th>Name</th><th>Design</th>\(heads.joined())\
      <th class="n">Memory access</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table></div>
      """
    return section(
      "finals", "Trained in full",
      "Designs of the fronts, trained by the full recipe. Where each came from stands below it: the trial that found it, its pick trained "
        + "as the designs around it, and the pick in stage one.",
      body + (model.backbones.map { "\n" + backbones($0) } ?? ""))
  }

  /// Table 6 of the paper.
  private static func backbones(_ known: ReportModel.Backbones) -> String {
    let heads = BackboneTable.titles.enumerated().map { place, title in
      "<th\(place > 0 ? " class=\"n\"" : "")>\(title.prefix(1).uppercased() + title.dropFirst())</th>"
    }
    let rows = known.table.rows.map { row in
      let cells = row.cells.enumerated().map { place, text in
        place == 0 ? Markup.cell(design(text)) : Markup.cell(Markup.text(text), kind: "n")
      }
      return "<tr>\(cells.joined())</tr>"
    }
    return """
      <h3>Their backbones as classifiers</h3>
      <p class="note">\(Markup.text(known.note.prefix(1).uppercased() + known.note.dropFirst())).</p>
      <div class="scroll"><table>
      <thead><tr>\(heads.joined())</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table></div>
      """
  }

  /// The way from stage one to a final, each step with what it reached by its own training.
  private static func lineage(of final: ReportModel.Final, _ model: ReportModel) -> String {
    func step(_ id: Int?, _ words: String) -> String? {
      guard let id, let trial = model.trial(id) else { return nil }
      let stage = model.stages.first { $0.name == trial.stage }
      let result = stage.map { ": \($0.accuracy.heading) \(trial.text($0.accuracy))" } ?? ""
      return "\(Markup.text(words)) <a href=\"#trial-\(id)\">trial \(id)</a>\(Markup.text(result))"
    }
    let steps = [
      step(final.found, "found as"),
      step(final.baseline, final.pick.map { "around \($0), itself" } ?? "around"),
      step(final.picked, "in stage one"),
    ]
    let known = steps.compactMap { $0 }
    return known.isEmpty ? "named by the plan" : known.joined(separator: "<br/>")
  }
}
