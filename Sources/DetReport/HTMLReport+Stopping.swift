import DetBasics
import DetSearch
import DetSpec

extension HTMLReport {
  /// The trainings that ended early, what they were beaten by, and what that saved.
  static func stopping(_ model: ReportModel) -> PagePart {
    spared(
      "stopping", "What was stopped early", model.stopped, note: note(on: model.stopped),
      columns: ["After epoch", "Reached", "At most", "Beaten by", "Saved"]
    ) { trial in
      trial.record.outcome?.stopping.map { proof in
        "<td class=\"n\">\(proof.epoch) of \(proof.epochs)</td>"
          + "<td class=\"n\">\(values(proof.reached))</td><td class=\"n\">\(values(proof.most))</td>"
          + linkCell(proof.rival, model)
          + "<td class=\"n\">\(Wording.span(proof.secondsSaved))</td>"
      }
    }
  }

  private static func note(on stopped: [ReportModel.Entry]) -> String {
    let count = stopped.count
    let saved = stopped.reduce(0) { $0 + ($1.record.outcome?.stopping?.secondsSaved ?? 0) }
    return
      "\(count.of("training")) ended before the last epoch: even with the largest gain that others had from there, another trial is at "
      + "least as good at no higher cost. That saved about \(Wording.span(saved)) of training."
  }

  private static func values(_ accuracies: [String: Double]) -> String {
    Markup.text(
      accuracies.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.fixed(3))" }
        .joined(separator: ", "))
  }
}
