import DetBasics
import DetExecution
import DetSearch
import DetSpec

extension HTMLReport {
  /// The designs that were left out, what proves that they had to be, and what that saved.
  static func pruning(_ model: ReportModel) -> PagePart {
    spared(
      "pruning", "What was left out", model.pruned, note: note(on: model.pruned),
      columns: ["Cost", "Part of", "Beaten by", "Saved"]
    ) { trial in
      trial.record.outcome?.proof.map { proof in
        "<td class=\"n\">\(Markup.text(proof.metric.text(proof.cost)))</td>"
          + linkCell(proof.larger, model) + linkCell(proof.rival, model)
          + "<td class=\"n\">\(Wording.span(proof.secondsSaved))</td>"
      }
    }
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
}
