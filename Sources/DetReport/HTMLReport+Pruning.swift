import DetBasics
import DetExecution
import DetSearch
import DetSpec

extension HTMLReport {
  /// The designs that were left out, what proves that they had to be, and what that saved.
  static func pruning(_ model: ReportModel) -> PagePart {
    let id = "pruning"
    let pruned = model.pruned
    guard !pruned.isEmpty else { return PagePart(id, "") }
    let rows = pruned.map { trial in
      let key = "pruned-\(trial.id)"
      return PagePart.Row(key: key, html: "<tr id=\"\(key)\">\(cells(trial, model))</tr>")
    }
    let body = """
      <details><summary>Which, and why</summary>
      <div class="scroll"><table>
      <thead><tr><th class="n">Trial</th><th>Design</th><th class="n">Cost</th>\
      <th class="n">Part of</th><th class="n">Beaten by</th><th class="n">Saved</th></tr></thead>
      \(PagePart.body(of: id))</table></div></details>
      """
    return PagePart(
      id, section(id, "What was left out", note(on: pruned), body), rows: rows)
  }

  private static func note(on pruned: [ReportModel.Entry]) -> String {
    let count = pruned.count
    let was = count == 1 ? "was" : "were"
    var note =
      "\(count.of("design")) could not improve the front and \(was) not trained: each is part of a trained "
      + "one, and another is more accurate than that at no higher cost."
    let proofs = pruned.compactMap { $0.record.outcome?.proof }
    guard !proofs.isEmpty else { return note }
    note +=
      " That saved about \(Wording.span(proofs.reduce(0) { $0 + $1.secondsSaved })) of training"
    let spent = pruned.reduce(0) { $0 + $1.seconds }
    return note + (spent > 0 ? "; timing them took \(Wording.span(spent))." : ".")
  }

  private static func cells(_ trial: ReportModel.Entry, _ model: ReportModel) -> String {
    let first =
      "<td class=\"n\">\(trial.id)</td><td>\(design(trial.design))</td>"
    guard let proof = trial.record.outcome?.proof else {
      let reason = trial.record.outcome?.explanation ?? ""
      return first + "<td colspan=\"4\">\(Markup.text(reason))</td>"
    }
    func link(_ id: Int) -> String {
      let name = model.choiceName(of: id).map { " (\($0))" } ?? ""
      return "<td class=\"n\"><a href=\"#trial-\(id)\">\(id)</a>\(Markup.text(name))</td>"
    }
    return first
      + "<td class=\"n\">\(Markup.text(proof.metric.text(proof.cost)))</td>" + link(proof.larger)
      + link(proof.rival) + "<td class=\"n\">\(Wording.span(proof.secondsSaved))</td>"
  }
}
