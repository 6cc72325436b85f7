import DetBasics
import DetCommand
import DetMetrics

/// `smnas evaluate`: the metrics alone.
enum EvaluateVerb: Verb {
  static let name = "evaluate"
  static let summary = "measure detections against the truth, as pycocotools does"
  static let truth = RequiredOption<String>("--truth", "GT.json", "annotations in COCO format")
  static let detections = RequiredOption<String>(
    "--detections", "DT.json", "detections in COCO's results format")
  static let metric = DefaultOption<Rules>(
    "--metric", "METRIC", "coco, bdd, voc (11 points) or voc-area", default: .coco)
  static let overlaps = Option<OverlapList>(
    "--iou", "LIST", "overlaps that count as right (COCO 0.5:0.95:0.05, VOC 0.5)")
  static let limits = Option<LimitList>(
    "--max-dets", "LIST", "detections per image and class that are judged (default 1,10,100)")
  static let classes = Flag("--classes", "add a table per class")
  static let confidence = Option<Confidence>(
    "--confidence", "C", "add the interval of AP, as 95%, by bootstrap over images")
  static let against = Option<String>(
    "--against", "OTHER.json", "compare with other detections of the same images")
  static let samples = DefaultOption<Count>(
    "--samples", "N", "draws for intervals and comparison", default: Count(1000))
  static let seed = DefaultOption<UInt64>("--seed", "S", "the seed of the draws", default: 0)
  static let errors = Flag("--errors", "add why precision is lost, and what mending would gain")
  static let curves = Option<String>(
    "--curves", "FILE.csv", "write the precision–recall curves of every class")
  static let skip = Flag(
    "--skip-unknown-classes", "pass over detections of classes that the truth lacks")
  static let ignored = Flag(
    "--leave-out-ignored", "boxes with \"ignore\" count neither way, as when trials are judged")
  static let threads = Option<ThreadCount>("--threads", "N", "threads (default: one per core)")
  static let syntax = Syntax(
    truth, detections, metric, overlaps, limits, classes, confidence, against, samples, seed,
    errors, curves, skip, ignored, threads, Flag.json)
  static let discussion = """
    The twelve numbers are pycocotools' to the last bits; --json has them as AP, AP50, … ARlarge. BDD's metric is
    COCO's with the mean over classes taken last. VOC's is the mean over classes of the average precision at IoU
    0.5, by 11 points (2007) or by area (2010 and later); difficult boxes are neither right nor wrong.

    --against resamples the images, the same way for both detectors, and reports the difference of AP with its
    interval and the probability of one so large by chance. --errors is TIDE's analysis (Bolya et al. 2020).

    Of an image's detections of a class the best 100 are judged, as in COCO, whatever there is to find; a note says where
    that leaves something out. train and search judge all that the recipe's detectionsPerImage keeps.
    """

  /// Whose definition of average precision counts.
  enum Rules: String, ArgumentChoice, CustomStringConvertible {
    case coco, bdd, voc
    case vocArea = "voc-area"

    /// The word of the command line.
    var description: String { rawValue }
  }

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    try check(arguments)
    try curveFile(arguments)?.check()
    let path = arguments[truth]
    let (truth, repairs) = try COCOTruthFile.readCountingRepairs(
      path, threads: arguments[threads]?.value)
    let evaluator = try evaluator(truth, arguments[detections], arguments, context)
    let notes = repairs.lines.map { "\(path): \($0)" }
    switch arguments[metric] {
    case .voc: return try runVoc(evaluator, .elevenPoint, notes, arguments, context)
    case .vocArea: return try runVoc(evaluator, .area, notes, arguments, context)
    case .coco, .bdd: return try runCOCO(evaluator, notes, arguments, context)
    }
  }

  static func curveFile(_ arguments: Arguments) -> NewFile? {
    arguments[curves].map { NewFile($0, option: "--curves") }
  }

  /// What only some metrics have is not passed over in silence.
  private static func check(_ arguments: Arguments) throws {
    guard [.voc, .vocArea].contains(arguments[metric]) else { return }
    let given = [
      ("--against", arguments[against] != nil), ("--confidence", arguments[confidence] != nil),
      ("--errors", arguments[errors]), ("--max-dets", arguments[limits] != nil),
    ]
    for (option, isGiven) in given where isGiven {
      throw UsageError.rule("\(option) belongs to COCO's AP; leave out --metric, or it")
    }
    if let overlaps = arguments[overlaps], overlaps.values.count > 1 {
      throw UsageError.rule("--iou takes one overlap with VOC's metric, as in --iou 0.5")
    }
  }

  private static func evaluator(
    _ truth: GroundTruth, _ path: String, _ arguments: Arguments, _ context: Context
  ) throws -> COCOEvaluator {
    var parameters = COCOParameters()
    if let overlaps = arguments[overlaps] { parameters.iouThresholds = overlaps.values }
    if let limits = arguments[limits] { parameters.detectionLimits = limits.values }
    parameters.leavesIgnoredOut = arguments[ignored]
    var evaluator = COCOEvaluator(
      truth: truth, parameters: parameters, threads: arguments[threads]?.value)
    evaluator.skipsUnknownCategories = arguments[skip]
    try evaluator.add(resultsFile: path)
    if evaluator.skippedDetections > 0 {
      let count = evaluator.skippedDetections
      context.log("\(path): passed over \(count.of("detection")) of classes that the truth lacks")
    }
    return evaluator
  }

  private static func runCOCO(
    _ evaluator: COCOEvaluator, _ notes: [String], _ arguments: Arguments, _ context: Context
  ) throws -> ExitCode {
    let result = evaluator.finish()
    let isBDD = arguments[metric] == .bdd
    let summary = isBDD ? result.classMeanSummary : result.summary
    var answer = EvaluateAnswer(result, summary: summary, classes: arguments[classes])
    answer.notes =
      notes
      + EvaluationNotes(evaluator, result) { isBDD ? $0.classMeanSummary : $0.summary }.lines
    let generator = Generator(seed: arguments[seed])
    let share = arguments[confidence]?.value ?? 0.95
    if let path = arguments[against] {
      let other = try self.evaluator(evaluator.truth, path, arguments, context)
      let otherResult = other.finish()
      answer.against = isBDD ? otherResult.classMeanSummary : otherResult.summary
      answer.comparison = try Bootstrap.compare(
        evaluator, other, samples: arguments[samples].value, confidence: share,
        generator: generator)
    }
    if arguments[confidence] != nil {
      answer.interval =
        answer.comparison?.first
        ?? Bootstrap.interval(
          evaluator, samples: arguments[samples].value, confidence: share, generator: generator)
    }
    if arguments[errors] { answer.errors = ErrorAnalysis(evaluator) }
    if let file = curveFile(arguments) { try CurveFile.write(result, to: file) }
    for note in answer.notes { context.log("note: \(note)") }
    if arguments[Flag.json] {
      try context.output.json(answer)
    } else {
      let report = EvaluateReport(result, summary: summary)
      try print(report, answer, summary, imageCount: result.imageCount, arguments, context)
    }
    return .done
  }
}
