import DetBasics
import DetMetrics

/// `smnas evaluate`: the metrics alone.
enum EvaluateVerb: Verb {
  static let name = "evaluate"
  static let summary = "measure detections against the truth, as pycocotools does"
  static let truth = RequiredOption<String>("--truth", "GT.json", "annotations in COCO format")
  static let detections = RequiredOption<String>(
    "--detections", "DT.json", "detections in COCO's results format")
  static let metric = DefaultOption<Metric>(
    "--metric", "METRIC", "coco, voc or bdd", default: .coco)
  static let classes = Flag("--classes", "add a table per class")
  static let syntax = Syntax(truth, detections, metric, classes, Flag.json)
  static let discussion = """
    BDD's detection metric is COCO's on BDD's classes. VOC's is the mean over classes of the 11-point average
    precision at IoU 0.5; difficult boxes are neither right nor wrong.
    """

  /// Whose definition of average precision counts.
  enum Metric: String, ArgumentChoice {
    case coco, voc, bdd
  }

  private struct VocAnswer: Encodable {
    let AP50: Double
    let classes: [String: Double]
  }

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    var evaluator = CocoEvaluator(truth: try CocoTruthFile.read(arguments[truth]))
    try evaluator.add(resultsFile: arguments[detections])
    if arguments[metric] == .voc { return try voc(evaluator, arguments, context) }
    let report = EvaluateReport(evaluator.finish())
    if arguments[Flag.json] {
      try context.output.line(report.json(classes: arguments[classes]))
      return .done
    }
    for line in report.lines { try context.output.line(line) }
    if arguments[classes] { try context.output.line("\n" + report.classTable) }
    return .done
  }

  private static func voc(
    _ evaluator: CocoEvaluator, _ arguments: Arguments, _ context: Context
  ) throws -> ExitCode {
    let result = VocEvaluation(evaluator)
    if arguments[Flag.json] {
      let pairs = result.classes.map { ($0.category.name, $0.averagePrecision) }
      try context.output.json(
        VocAnswer(
          AP50: result.meanAveragePrecision, classes: Dictionary(pairs) { first, _ in first }))
      return .done
    }
    var table = TextTable(["class", "AP50", "boxes"])
    for item in result.classes {
      table.add([item.category.name, item.averagePrecision.fixed(4), "\(item.truthCount)"])
    }
    try context.output.line(table.text)
    try context.output.line("mean AP50 (VOC, 11 points): \(result.meanAveragePrecision.fixed(4))")
    return .done
  }
}
