import DetBasics
import DetSearch

extension HTMLReport {
  /// A section on trials that were spared their training, or the rest of it: a note, and to be unfolded a row for each.
  ///
  /// - Parameters:
  ///   - id: the section's.
  ///   - title: its heading.
  ///   - trials: the trials; without any there is no section.
  ///   - note: what is said of all of them.
  ///   - columns: the titles behind trial and design.
  ///   - cells: the cells under those; nil where only words are known.
  /// - Returns: the part of the page.
  static func spared(
    _ id: String, _ title: String, _ trials: [ReportModel.Entry], note: String, columns: [String],
    cells: (ReportModel.Entry) -> String?
  ) -> PagePart {
    guard !trials.isEmpty else { return PagePart(id, "") }
    let rows = trials.map { trial in
      let outcome = trial.record.outcome
      let key = "\(outcome?.kind.rawValue ?? "")-\(trial.id)"
      let reason =
        "<td colspan=\"\(columns.count)\">\(Markup.text(outcome?.explanation ?? ""))</td>"
      return PagePart.Row(
        key: key,
        html: "<tr id=\"\(key)\"><td class=\"n\">\(trial.id)</td><td>\(design(trial.design))</td>"
          + "\(cells(trial) ?? reason)</tr>")
    }
    let titles = columns.map { "<th class=\"n\">\($0)</th>" }.joined()
    let body = """
      <details><summary>Which, and why</summary>
      <div class="scroll"><table>
      <thead><tr><th class="n">Trial</th><th>Design</th>\(titles)</tr></thead>
      \(PagePart.body(of: id))</table></div></details>
      """
    return PagePart(id, section(id, title, note, body), rows: rows)
  }

  /// A cell that names another trial, and leads to it.
  static func linkCell(_ id: Int, _ model: ReportModel) -> String {
    let name = model.choiceName(of: id).map { " (\($0))" } ?? ""
    return "<td class=\"n\"><a href=\"#trial-\(id)\">\(id)</a>\(Markup.text(name))</td>"
  }
}
