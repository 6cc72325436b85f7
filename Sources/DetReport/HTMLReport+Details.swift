import DetBasics
import DetExecution
import DetSearch
import DetSpec

extension HTMLReport {
  /// What did not finish, why, and where to read on.
  static func failures(_ model: ReportModel) -> PagePart {
    let id = "failures"
    let failures = model.failures
    guard !failures.isEmpty else { return PagePart(id, "") }
    let rows = failures.map { trial in
      let log = RunFolder(model.folder).trial(trial.id).log
      let reason = trial.record.outcome?.explanation ?? ""
      let cells = [
        Markup.cell("<a href=\"#trial-\(trial.id)\">\(trial.id)</a>", kind: "n"),
        Markup.cell(Markup.text(model.outcome(of: trial))),
        Markup.cell("\(Markup.text(reason))<br/>\(design(trial.design))"),
        Markup.cell("<code>less \(Markup.text(log.quotedForShell))</code>"),
      ]
      let key = "failed-\(trial.id)"
      return PagePart.Row(key: key, html: "<tr id=\"\(key)\">\(cells.joined())</tr>")
    }
    let body = """
      <div class="scroll"><table>
      <thead><tr><th class="n">Trial</th><th>Outcome</th><th>Reason and design</th>\
      <th>Its log</th></tr></thead>
      \(PagePart.body(of: id))</table></div>
      """
    return PagePart(
      id,
      section(
        id, "What failed",
        "\(failures.count.of("trial")) ended without results; the search went on.", body),
      rows: rows)
  }

  /// The plan, the versions and the machine.
  static func details(_ model: ReportModel) -> String {
    let body = """
      \(list(model.facts))
      <details><summary>The plan, with its recipes</summary>
      <pre>\(Markup.text(model.plan))</pre></details>
      <details><summary>Versions and machine</summary>
      \(list(model.versions))</details>
      """
    return section("details", "How it was made", "", body)
  }

  private static func list(_ facts: [ReportModel.Fact]) -> String {
    guard !facts.isEmpty else { return "" }
    let items = facts.map { "<dt>\(Markup.text($0.label))</dt><dd>\(Markup.text($0.value))</dd>" }
    return "<dl>\(items.joined())</dl>"
  }
}
