import DetBasics
import DetSearch
import DetSpec

extension HTMLReport {
  /// The trainings that ended early, what they were beaten by, and what that saved.
  static func stopping(_ model: ReportModel) -> PagePart {
    let id = "stopping"
    let stopped = model.stopped
    guard !stopped.isEmpty else { return PagePart(id, "") }
    let rows = stopped.map { trial in
      let key = "stopped-\(trial.id)"
      return PagePart.Row(key: key, html: "<tr id=\"\(key)\">\(cells(trial, model))</tr>")
    }
    let body = """
      <details><summary>Which, and why</summary>
      <div class="scroll"><table>
      <thead><tr><th class="n">Trial</th><th>Design</th><th class="n">After epoch</th>\
      <th class="n">Reached</th><th class="n">At most</th><th class="n">Beaten by</th><th class="n">Saved</th></tr></thead>
      \(PagePart.body(of: id))</table></div></details>
      """
    return PagePart(
      id, section(id, "What was stopped early", note(on: stopped), body), rows: rows)
  }

  private static func note(on stopped: [ReportModel.Entry]) -> String {
    let count = stopped.count
    let saved = stopped.reduce(0) { $0 + ($1.record.outcome?.stopping?.secondsSaved ?? 0) }
    return
      "\(count.of("training")) ended before the last epoch: even with the largest gain that others had from there, another trial is at "
      + "least as good at no higher cost. That saved about \(Wording.span(saved)) of training."
  }

  private static func cells(_ trial: ReportModel.Entry, _ model: ReportModel) -> String {
    let first = "<td class=\"n\">\(trial.id)</td><td>\(design(trial.design))</td>"
    guard let proof = trial.record.outcome?.stopping else {
      let reason = trial.record.outcome?.explanation ?? ""
      return first + "<td colspan=\"5\">\(Markup.text(reason))</td>"
    }
    let name = model.choiceName(of: proof.rival).map { " (\($0))" } ?? ""
    return first + "<td class=\"n\">\(proof.epoch) of \(proof.epochs)</td>"
      + "<td class=\"n\">\(values(proof.reached))</td><td class=\"n\">\(values(proof.most))</td>"
      + "<td class=\"n\"><a href=\"#trial-\(proof.rival)\">\(proof.rival)</a>\(Markup.text(name))</td>"
      + "<td class=\"n\">\(Wording.span(proof.secondsSaved))</td>"
  }

  private static func values(_ accuracies: [String: Double]) -> String {
    Markup.text(
      accuracies.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.fixed(3))" }
        .joined(separator: ", "))
  }
}
