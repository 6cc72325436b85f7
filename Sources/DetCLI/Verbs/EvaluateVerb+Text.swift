import DetBasics
import DetCommand
import DetMetrics

extension EvaluateVerb {
  /// The twelve lines, then what else was asked for, each after an empty line.
  static func print(
    _ report: EvaluateReport, _ answer: EvaluateAnswer, _ summary: COCOSummary, imageCount: Int,
    _ arguments: Arguments, _ context: Context
  ) throws {
    var blocks = [report.lines.joined(separator: "\n")]
    if arguments[classes] { blocks.append(report.classTable) }
    let confidence = arguments[confidence] ?? Confidence.usual
    if let interval = answer.interval {
      let drawn =
        "\(imageCount) images resampled \(arguments[samples].value) times, seed \(arguments[seed])"
      blocks.append(
        interval.value < 0
          ? "AP is not defined without truths, and neither is its interval"
          : "AP \(interval.value.fixed(4)), \(confidence.text) interval \(text(of: interval)), "
            + "standard error \(interval.standardError.fixed(4)) (\(drawn))")
    }
    if let other = answer.against, let comparison = answer.comparison {
      blocks.append(table(summary, other))
      blocks.append(verdict(comparison, confidence, arguments))
    }
    if let errors = answer.errors {
      let base = errors.averagePrecision.fixed(4)
      blocks.append("AP50 is \(base); mending each kind of error alone would gain\n" + errors.table)
    }
    try context.output.line(blocks.joined(separator: "\n\n"))
  }

  private static func text(of interval: Bootstrap.Interval) -> String {
    "\(interval.lower.fixed(4)) to \(interval.upper.fixed(4))"
  }

  private static func table(_ first: COCOSummary, _ second: COCOSummary) -> String {
    var table = TextTable(["number", "detections", "against", "difference"])
    for (mine, theirs) in zip(first.named, second.named) {
      let isDefined = mine.value >= 0 && theirs.value >= 0
      let difference = isDefined ? (theirs.value - mine.value).fixed(4) : "-"
      table.add([mine.name, mine.value.fixed(4), theirs.value.fixed(4), difference])
    }
    return table.text
  }

  private static func verdict(
    _ comparison: Bootstrap.Comparison, _ confidence: Confidence, _ arguments: Arguments
  ) -> String {
    let difference = comparison.difference
    let (own, other) = (arguments[detections], arguments[against] ?? "")
    let words =
      difference.value == 0
      ? "is that"
      : "is \(abs(difference.value).fixed(4)) \(difference.value > 0 ? "above" : "below") that"
    let numbers =
      "AP of \(other) \(words) of \(own); difference \(difference.value.fixed(4)), "
      + "\(confidence.text) interval \(text(of: difference)), p = \(comparison.probability.fixed(4))"
    let better = difference.value > 0 ? other : own
    let judgement =
      comparison.isResolved
      ? "\(better) is better: the interval leaves out 0"
      : "which of the two is better cannot be told: the interval holds 0"
    return numbers + "\n" + judgement
  }
}

extension Confidence {
  /// 95 %.
  static let usual = Confidence(0.95)
}
