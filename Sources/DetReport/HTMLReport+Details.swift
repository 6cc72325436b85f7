import DetBasics
import DetExecution
import DetSearch
import DetSpec

extension HTMLReport {
  /// What did not finish, why, and where to read on.
  static func failures(_ model: ReportModel) -> String {
    let failures = model.failures
    guard !failures.isEmpty else { return "" }
    let rows = failures.map { trial in
      let log = RunFolder(model.folder).trial(trial.id).log
      let reason = trial.record.outcome?.explanation ?? ""
      return "<tr><td class=\"n\"><a href=\"#trial-\(trial.id)\">\(trial.id)</a></td>"
        + "<td>\(Markup.text(model.outcome(of: trial)))</td>"
        + "<td>\(Markup.text(reason))<br/>\(design(trial.design))</td>"
        + "<td><code>less \(Markup.text(Wording.quoted(log)))</code></td></tr>"
    }
    let body = """
      <div class="scroll"><table>
      <thead><tr><th class="n">Trial</th><th>Outcome</th><th>Reason and design</th>\
      <th>Its log</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table></div>
      """
    return section(
      "failures", "What failed",
      "\(failures.count.of("trial")) ended without results; the search went on.", body)
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
