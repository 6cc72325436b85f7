import DetBasics
import DetCommand
import DetMetrics

extension EvaluateVerb {
  /// What `--json` prints with VOC's metric; without truth there is no AP.
  private struct VOCAnswer: Encodable {
    struct ClassRow: Encodable {
      let id: Int64
      let name: String
      let truths: Int
      let AP: Double?
    }
    let method: VOCEvaluation.Method
    let iou: Double
    let AP: Double?
    let classes: [ClassRow]
    var notes: [String]?
  }

  /// VOC's mean average precision, and one row per class.
  static func runVoc(
    _ evaluator: COCOEvaluator, _ method: VOCEvaluation.Method, _ notes: [String],
    _ arguments: Arguments, _ context: Context
  ) throws -> ExitCode {
    let iou = arguments[overlaps]?.values.first ?? 0.5
    let result = VOCEvaluation(evaluator, iou: iou, method: method)
    if let file = curveFile(arguments) { try CurveFile.write(result, to: file) }
    for note in notes { context.log("note: \(note)") }
    if arguments[Flag.json] {
      let rows = result.classes.map { one in
        VOCAnswer.ClassRow(
          id: one.category.id, name: one.category.name, truths: one.truthCount,
          AP: defined(one.averagePrecision))
      }
      try context.output.json(
        VOCAnswer(
          method: method, iou: iou, AP: defined(result.meanAveragePrecision), classes: rows,
          notes: notes.isEmpty ? nil : notes))
      return .done
    }
    var table = TextTable(["class", "truths", "AP"])
    for one in result.classes {
      let value = defined(one.averagePrecision)?.fixed(4) ?? "-"
      table.add([one.category.label, "\(one.truthCount)", value])
    }
    try context.output.line(table.text)
    let name = method == .elevenPoint ? "11 points" : "area"
    let mean = defined(result.meanAveragePrecision)?.fixed(4) ?? "-"
    try context.output.line("mean AP at IoU \(iou.fixed(2)) (VOC, \(name)): \(mean)")
    return .done
  }

  private static func defined(_ value: Double) -> Double? { value.isNaN ? nil : value }
}
