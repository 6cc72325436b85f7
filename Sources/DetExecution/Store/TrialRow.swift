import DetBasics
import DetSearch
import DetSpec

/// A trial's record as columns of the store's tables, and back.
enum TrialRow {
  /// The columns of the table `trials`, but for the time.
  static let trialColumns = "id, stage, pick, step, design, origin, parent, pruned, seed, known"

  /// A trial's values for ``trialColumns``.
  static func values(_ trial: Trial) -> [SQLValue] {
    let suggestion = trial.suggestion
    return [
      SQLValue(suggestion.id), .text(suggestion.stage.rawValue), SQLValue(suggestion.pick),
      SQLValue(suggestion.step), .text(suggestion.design.text), .text(suggestion.origin.name),
      SQLValue(suggestion.origin.parent), SQLValue(suggestion.prunedBecause),
      SQLValue(Int(trial.seed)), SQLValue(trial.known),
    ]
  }

  /// The columns of the table `outcomes`, but for the time.
  static let outcomeColumns = "trial, sequence, outcome, reason, signal, metrics, seconds"

  /// A result's values for ``outcomeColumns``.
  static func values(_ result: Trial.Result, trial: Int) throws -> [SQLValue] {
    let outcome = result.outcome
    return [
      SQLValue(trial), SQLValue(result.sequence), .text(outcome.kind.rawValue),
      SQLValue(outcome.reason), SQLValue(outcome.signal), .text(try JSON.text(outcome.metrics)),
      .real(result.seconds),
    ]
  }

  /// The trial of a row that joins both tables, with what later tables know of it; nil when the row was written by another program.
  static func trial(_ row: Row, _ annex: TrialAnnex, source: String) throws -> Trial? {
    guard let id = row.integer("id"), let stageName = row.text("stage"),
      let stage = SearchStage(rawValue: stageName), let text = row.text("design"),
      let originName = row.text("origin"),
      let origin = Origin(name: originName, parent: row.integer("parent")),
      let step = row.integer("step"), let seed = row.integer("seed").flatMap(UInt64.init(exactly:)),
      let known = row.integer("known")
    else { return nil }
    let suggestion = Suggestion(
      id: id, stage: stage, pick: row.integer("pick"), step: step,
      design: try DetectorDesign(text: text), origin: origin, prunedBecause: row.text("pruned"),
      proof: row.text("pruned") == nil ? nil : annex.pruning)
    let trial = Trial(suggestion: suggestion, seed: seed, known: known)
    guard let name = row.text("outcome") else { return trial }
    return try result(row, name, annex, source: source).map { result in
      var ended = trial
      ended.result = result
      return ended
    }
  }

  private static func result(
    _ row: Row, _ name: String, _ annex: TrialAnnex, source: String
  ) throws -> Trial.Result? {
    guard let kind = Outcome.Kind(rawValue: name), let sequence = row.integer("sequence"),
      let seconds = row.real("seconds"), let metrics = row.text("metrics")
    else { return nil }
    let outcome = Outcome(
      kind: kind, reason: row.text("reason"), signal: row.integer("signal"),
      metrics: try JSON.decode([String: Double].self, from: metrics, source: "\(source), metrics"),
      proof: annex.pruning, stopping: annex.stopping)
    return Trial.Result(
      outcome: outcome, sequence: sequence, seconds: seconds, cached: annex.cached)
  }
}
