import DetBasics

/// A front as a table for the terminal.
package enum TableReport {
  /// Name, design, AP, AP50, latency with its percentiles, parameters, MACs, trial.
  package static func front(_ stage: ReportModel.Stage, of model: ReportModel) -> String {
    var table = TextTable([
      "name", "design", "AP", "AP50", "latency", "p10–p90", "parameters", "MACs", "trial",
    ])
    for (name, trial) in model.front(stage) {
      let spread = trial.latency.map { "\(bare($0.p10))–\(bare($0.p90))" } ?? "–"
      table.add([
        name, trial.design, value("AP", trial), value("AP50", trial), value("latency", trial),
        spread, value("parameters", trial), value("macs", trial), "\(trial.id)",
      ])
    }
    return table.text
  }

  private static func value(_ metric: String, _ trial: ReportModel.Trial) -> String {
    Wording.value(metric, trial.metrics[metric])
  }

  /// Milliseconds without their unit.
  private static func bare(_ milliseconds: Double) -> String {
    String(Durations.milliseconds(milliseconds).dropLast(3))
  }
}
