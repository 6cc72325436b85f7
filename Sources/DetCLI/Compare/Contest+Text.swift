import DetBasics
import DetMetrics
import DetSpec

extension Contest {
  /// The comparison for people.
  var text: String {
    let blocks = [
      "A: \(a.words)\nB: \(b.words)", table.text, verdicts.joined(separator: "\n"), differences,
      drawn,
    ]
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private var table: TextTable {
    var table = TextTable(["", "A", "B", "B less A", "95 % interval", ""])
    for (name, one) in [("AP", AP), ("AP50", AP50)] {
      table.add([
        name, one.a.value.fixed(4), one.b.value.fixed(4), Self.signed(one.difference.value, 4),
        "\(Self.signed(one.difference.lower, 4)) to \(Self.signed(one.difference.upper, 4))",
        one.isResolved ? "resolved" : "not resolved",
      ])
    }
    guard let first = a.metrics, let second = b.metrics else { return table }
    let costs = Metric.columns([]) { !$0.isAccuracy && first[$0] != nil && second[$0] != nil }
    for metric in costs {
      guard let one = first[metric], let other = second[metric] else { continue }
      table.add(
        [
          metric.descriptor.title, metric.cell(first), metric.cell(second),
          "\(Self.signed(100 * (other / one - 1), 1)) %",
        ] + (metric == .latency ? latencyCells : []))
    }
    return table
  }

  /// The interval of each side, and whether they are apart.
  private var latencyCells: [String] {
    guard let latency else { return [] }
    let ends = [latency.intervals.a, latency.intervals.b].compactMap { interval in
      interval.map { Metric.latency.range($0.low, $0.high) }
    }
    return [
      ends.count == 2 ? ends.joined(separator: "; ") : "-",
      latency.isResolved ? "resolved" : "not resolved",
    ]
  }

  private var verdicts: [String] {
    let accuracy =
      AP.isResolved
      ? "\(AP.difference.value > 0 ? "B" : "A") is better: the interval of the difference leaves out 0 (p = \(AP.probability.fixed(4)))"
      : "which is better cannot be told: the interval of the difference holds 0 (p = \(AP.probability.fixed(4)))"
    let marks =
      latency.map { $0.disturbed.a || $0.disturbed.b } == true
      ? ["* taken while the machine was disturbed"] : []
    return ["AP: \(accuracy)"] + (latency.map { ["latency: \($0.verdict)"] } ?? []) + marks
  }

  private var differences: String {
    guard let design else { return "" }
    let changed = design.filter { !$0.isSame }
    var table = TextTable(["part", "A", "B"])
    for part in changed { table.add([part.part, part.a, part.b]) }
    let same = design.filter(\.isSame).map(\.part)
    let designs =
      changed.isEmpty
      ? "The designs are the same."
      : table.text + (same.isEmpty ? "" : "\nthe same: \(same.joined(separator: ", "))")
    guard let recipe else { return designs }
    let recipes =
      recipe.isEmpty
      ? "The recipes are the same."
      : "recipe, A → B:\n" + recipe.map { "  \($0)" }.joined(separator: "\n")
    return designs + "\n\n" + recipes
  }

  private var drawn: String {
    guard let pictures, !pictures.isEmpty else { return "" }
    var table = TextTable(["F1 of A", "F1 of B", "picture"])
    for one in pictures { table.add([one.a.f1.fixed(2), one.b.f1.fixed(2), one.picture]) }
    return table.text
  }

  private static func signed(_ value: Double, _ decimals: Int) -> String {
    (value > 0 ? "+" : "") + value.fixed(decimals)
  }
}

extension Contest.Side {
  /// `C0, trial 3 of runs/mine: 192x192 | …`
  var words: String {
    guard let trial, let run, let design else { return given }
    return [name, "trial \(trial) of \(run)"].compactMap { $0 }.joined(separator: ", ")
      + ": \(design.text)"
  }
}
