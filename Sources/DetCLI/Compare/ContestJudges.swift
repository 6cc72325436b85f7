import DetBasics
import DetMetrics
import DetSpec

/// The evaluators of both sides, over the same truth and by the same rules.
struct ContestJudges {
  let a: COCOEvaluator
  let b: COCOEvaluator
  /// What must be known beside the numbers.
  let notes: [String]

  private static let confidence = 0.95
  private static let samples = 1000

  /// Reads the detections of both. Trials are judged as in their search: ignored boxes count neither way, and all that their recipes
  /// keep of an image counts.
  init(_ a: Contender, _ b: Contender, _ truth: ContestTruth) throws {
    var parameters = COCOParameters()
    let recipes = [a, b].compactMap { $0.record?.recipe }
    if a.record != nil || b.record != nil {
      parameters.leavesIgnoredOut = true
      let kept = recipes.map(\.detection.detectionsPerImage).max() ?? 0
      parameters.detectionLimits = [1, 10, max(100, kept)]
    }
    func evaluator(_ contender: Contender) throws -> COCOEvaluator {
      var evaluator = COCOEvaluator(truth: truth.truth, parameters: parameters)
      try evaluator.add(resultsFile: contender.detections)
      return evaluator
    }
    self.a = try evaluator(a)
    self.b = try evaluator(b)
    let own = [(a, self.a), (b, self.b)].flatMap { contender, evaluator in
      EvaluationNotes(evaluator, evaluator.finish()).lines.map { "\(contender.word): \($0)" }
    }
    notes = truth.notes + own
  }

  /// AP over all overlaps, or at one, with intervals by paired draws of the images.
  func accuracy(iou: Double?) throws -> Contest.Accuracy {
    let comparison = try Bootstrap.compare(
      a, b, iou: iou, samples: Self.samples, confidence: Self.confidence,
      generator: Generator(seed: 0))
    return Contest.Accuracy(
      a: comparison.first, b: comparison.second, difference: comparison.difference,
      probability: comparison.probability, isResolved: comparison.isResolved)
  }
}
