import DetBasics
import DetSearch
import DetSpec

extension HTMLReport {
  /// The trainings that ended early, what they were beaten by, and what that saved.
  static func stopping(_ model: ReportModel) -> String {
    let stopped = model.stopped
    guard !stopped.isEmpty else { return "" }
    let body = """
      <details><summary>Which, and why</summary>
      <div class="scroll"><table>
      <thead><tr><th class="n">Trial</th><th>Design</th><th class="n">After epoch</th>\
      <th class="n">Reached</th><th class="n">At most</th><th class="n">Beaten by</th><th class="n">Saved</th></tr></thead>
      <tbody>
      \(stopped.map { row($0, model) }.joined(separator: "\n"))
      </tbody></table></div></details>
      """
    return section("stopping", "What was stopped early", note(on: stopped), body)
  }

  private static func note(on stopped: [ReportModel.Entry]) -> String {
    let count = stopped.count
    let saved = stopped.reduce(0) { $0 + ($1.record.outcome?.stopping?.secondsSaved ?? 0) }
    return
      "\(count.of("training")) ended before the last epoch: even with the largest gain that others had from there, another trial is at "
      + "least as good at no higher cost. That saved about \(Wording.span(saved)) of training."
  }

  private static func row(_ trial: ReportModel.Entry, _ model: ReportModel) -> String {
    let first = "<tr><td class=\"n\">\(trial.id)</td><td>\(design(trial.design))</td>"
    guard let proof = trial.record.outcome?.stopping else {
      let reason = trial.record.outcome?.explanation ?? ""
      return first + "<td colspan=\"5\">\(Markup.text(reason))</td></tr>"
    }
    let name = model.choiceName(of: proof.rival).map { " (\($0))" } ?? ""
    return first + "<td class=\"n\">\(proof.epoch) of \(proof.epochs)</td>"
      + "<td class=\"n\">\(values(proof.reached))</td><td class=\"n\">\(values(proof.most))</td>"
      + "<td class=\"n\"><a href=\"#trial-\(proof.rival)\">\(proof.rival)</a>\(Markup.text(name))</td>"
      + "<td class=\"n\">\(Wording.span(proof.secondsSaved))</td></tr>"
  }

  private static func values(_ accuracies: [String: Double]) -> String {
    Markup.text(
      accuracies.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.fixed(3))" }
        .joined(separator: ", "))
  }
}
