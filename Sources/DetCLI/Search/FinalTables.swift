import DetBasics
import DetExecution
import DetSearch
import DetSpec
import Foundation

/// The last tables of a run, as in the paper: what was trained in full and what it reaches, and what each came from.
struct FinalTables {
  let rows: [FinalRow]
  let plan: Plan
  let readings: [Int: LatencyReading]
  let device: String?

  /// Those of a run.
  init(_ run: RunSnapshot) throws {
    rows = try run.finals()
    plan = run.plan
    readings = try run.readings(of: rows.compactMap(\.trial))
    device = try run.latencyDevice(of: .final)
  }

  /// The tables for a terminal.
  var text: String {
    let lineage = rows.contains { $0.found != nil } ? "\n\n\(table(lineageCells).text)" : ""
    let notes = LatencyNotes.lines(rows.map(\.metrics), device: device)
    return ([table(resultCells).text + lineage] + notes).joined(separator: "\n")
  }

  /// The same as Markdown.
  var markdown: String {
    let lineage = rows.contains { $0.found != nil } ? "\n\n" + Self.markdown(lineageCells) : ""
    let notes = LatencyNotes.lines(rows.map(\.metrics), device: device)
    return ([Self.markdown(resultCells) + lineage] + notes.map { "\n\($0)" })
      .joined(separator: "\n")
  }

  private func table(_ cells: [[String]]) -> TextTable {
    var table = TextTable(cells[0])
    for row in cells.dropFirst() { table.add(row) }
    return table
  }

  private static func markdown(_ cells: [[String]]) -> String {
    let lines = cells.map { row in
      "| " + row.map { $0.replacing("|", with: "/") }.joined(separator: " | ") + " |"
    }
    let rule = "|" + String(repeating: "---|", count: cells[0].count)
    return ([lines[0], rule] + lines.dropFirst()).joined(separator: "\n")
  }

  /// Tables 2 and 3 of the paper: what it is, what it costs, what it reaches.
  private var resultCells: [[String]] {
    let columns = Metric.columns(plan.objectives(of: .final)) { metric in
      rows.contains { $0.metrics[metric] != nil }
    }
    let hasInterval = rows.contains { interval($0) != nil }
    let titles = columns.flatMap { metric in
      [metric.descriptor.title] + (metric == .latency && hasInterval ? ["95 % interval"] : [])
    }
    let head = ["final"] + titles + ["memory access", "trial", "design"]
    return [head]
      + rows.map { row in
        let results = columns.flatMap { metric in
          [metric.cell(row.metrics)]
            + (metric == .latency && hasInterval ? [interval(row) ?? "-"] : [])
        }
        return [row.name] + results
          + [
            row.memoryAccessBytes.map { Metric.Unit.bytes.text(Double($0)) } ?? "-",
            row.trial.map { "\($0) \(row.outcome == "finished" ? "" : row.outcome ?? "")" } ?? "-",
            row.design.text,
          ].map { $0.trimmingCharacters(in: .whitespaces) }
      }
  }

  private func interval(_ row: FinalRow) -> String? {
    row.trial.flatMap { readings[$0]?.interval }.map { Metric.latency.range($0.low, $0.high) }
  }

  /// Table 7 of the paper: what each final came from, by the trainings of the stages.
  private var lineageCells: [[String]] {
    let accuracies = SearchStage.allCases.map { stage in
      plan.objectives(of: stage).first(where: \.isAccuracy) ?? .averagePrecision
    }
    func words(_ step: FinalRow.Step?, _ accuracy: Metric) -> String {
      step.map { "trial \($0.trial): \(accuracy.descriptor.title) \(accuracy.cell($0.metrics))" }
        ?? "-"
    }
    let stage: SearchStage = plan.modular == nil ? .structural : .modular
    let index = SearchStage.allCases.firstIndex(of: stage) ?? 0
    return [["final", "in full", "found as", "around", "itself, trained alike", "in stage one"]]
      + rows.map { row in
        [
          row.name,
          "\(accuracies[2].descriptor.title) \(accuracies[2].cell(row.metrics))",
          words(row.found, accuracies[index]), row.pick ?? "-",
          words(row.baseline, accuracies[1]), words(row.picked, accuracies[0]),
        ]
      }
  }
}
