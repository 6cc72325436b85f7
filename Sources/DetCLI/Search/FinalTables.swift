import DetBasics
import DetExecution
import DetSearch
import DetSpec

/// The last tables of a run, as in the paper: what was trained in full and what it reaches, and what each came from.
struct FinalTables {
  let rows: [FinalRow]
  let plan: Plan
  let readings: [Int: LatencyReading]
  let devices: [Metric: String]
  let backbones: BackboneTable?

  /// Those of a run.
  init(_ run: RunSnapshot) throws {
    rows = try run.finals()
    plan = run.plan
    readings = try run.readings(of: rows.compactMap(\.trial))
    devices = try run.latencyDevices(of: .final)
    backbones = try run.backbones()
  }

  /// The tables for a terminal.
  var text: String { (tables.map(\.text) + notes).joined(separator: "\n\n") }

  /// The same as Markdown.
  var markdown: String { (tables.map(\.markdown) + notes).joined(separator: "\n\n") }

  private var tables: [TextTable] {
    [results] + (rows.contains { $0.found != nil } ? [lineage] : [])
      + (backbones.map { [$0.table] } ?? [])
  }

  /// What there is to say of the latencies, as one paragraph; none where there is nothing.
  private var notes: [String] {
    let lines =
      (rows.contains { $0.metrics.hasAccuracyInterval } ? [Front.noteOfImages] : [])
      + LatencyNotes.lines(rows.map(\.metrics), devices: devices)
      + (backbones == nil ? [] : plan.final?.classification.map { [$0.note] } ?? [])
    return lines.isEmpty ? [] : [lines.joined(separator: "\n")]
  }

  /// Tables 2 and 3 of the paper: what it is, what it costs, what it reaches.
  private var results: TextTable {
    let columns = Metric.columns(plan.objectives(of: .final)) { metric in
      rows.contains { $0.metrics[metric] != nil }
    }
    let ranged = columns.filter { metric in rows.contains { interval($0, of: metric) != nil } }
    let titles = columns.flatMap { metric in
      [metric.descriptor.title] + (ranged.contains(metric) ? ["95 % interval"] : [])
    }
    var table = TextTable(["final"] + titles + ["memory access", "trial", "design"])
    for row in rows {
      let results = columns.flatMap { metric in
        [metric.cell(row.metrics)]
          + (ranged.contains(metric) ? [interval(row, of: metric) ?? "-"] : [])
      }
      let state = row.outcome.flatMap { $0 == "finished" ? nil : " \($0)" } ?? ""
      table.add(
        [row.name] + results + [
          row.memoryAccessBytes.map { Metric.Unit.bytes.text(Double($0)) } ?? "-",
          row.trial.map { "\($0)\(state)" } ?? "-", row.design.text,
        ])
    }
    return table
  }

  private func interval(_ row: FinalRow, of metric: Metric) -> String? {
    metric.interval(row.metrics, row.trial.flatMap { readings[$0] })
      .map { metric.range($0.lowerBound, $0.upperBound) }
  }

  /// Table 7 of the paper: what each final came from, by the trainings of the stages.
  private var lineage: TextTable {
    func accuracy(_ stage: SearchStage) -> Metric {
      plan.objectives(of: stage).first(where: \.isAccuracy) ?? .averagePrecision
    }
    func words(_ step: FinalRow.Step?, _ stage: SearchStage) -> String {
      step.map { "trial \($0.trial): \(result($0.metrics, accuracy(stage)))" } ?? "-"
    }
    let last: SearchStage = plan.modular == nil ? .structural : .modular
    var table = TextTable([
      "final", "in full", "found as", "around", "itself, trained alike", "in stage one",
    ])
    for row in rows {
      table.add([
        row.name, result(row.metrics, accuracy(.final)), words(row.found, last), row.pick ?? "-",
        words(row.baseline, .modular), words(row.picked, .structural),
      ])
    }
    return table
  }

  private func result(_ metrics: [String: Double], _ metric: Metric) -> String {
    let range = metrics.interval(of: metric).map {
      " (\(metric.range($0.lowerBound, $0.upperBound)))"
    }
    return "\(metric.descriptor.title) \(metric.cell(metrics))\(range ?? "")"
  }
}
