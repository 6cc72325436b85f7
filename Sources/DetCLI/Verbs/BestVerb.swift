import DetBasics
import DetCommand
import DetExecution
import DetSearch
import DetSpec

/// `smnas best DIR --latency 20ms`: the most accurate trial within limits.
enum BestVerb: Verb {
  static let name = "best"
  static let summary = "the most accurate trial within limits of latency, MACs or parameters"
  static let folder = Argument<String>("DIR", "the run's folder")
  static let latency = Option<Duration>(
    "--latency", "TIME", "at most this long per image, as in 20ms")
  static let macs = Option<Amount>("--macs", "N", "at most so many multiply-accumulates, as in 5G")
  static let parameters = Option<Amount>(
    "--parameters", "N", "at most so many parameters, as in 20M")
  static let stage = Option<SearchStage>(
    "--stage", "STAGE", "the stage (default: the latest with results)")
  static let syntax = Syntax(folder, latency, macs, parameters, stage, Flag.json)
  static let discussion = """
    smnas best runs/trees --latency 20ms
    """

  private struct Answer: Encodable {
    let version = 1
    let trial: Int
    let stage: SearchStage
    let name: String?
    let design: DetectorDesign
    let metrics: [String: Double]
    let folder: String
    let checkpoint: String
  }

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let snapshot = try RunSnapshot(arguments[folder])
    let stage = arguments[stage] ?? snapshot.latestStage
    guard let front = snapshot.front(of: stage) else {
      throw UsageError.rule("--stage is \(stage.rawValue), but the run's plan has no such section")
    }
    let trial = try best(
      snapshot.trials.filter { $0.stage == stage && $0.isFinished }, limits(arguments),
      accuracy: front.objectives.first(where: \.isAccuracy) ?? .averagePrecision,
      run: snapshot.folder.path)
    let files = snapshot.folder.trial(trial.id)
    let name = front.members.first { $0.trial == trial.id }?.name
    let answer = Answer(
      trial: trial.id, stage: stage, name: name, design: trial.design, metrics: trial.metrics,
      folder: files.path, checkpoint: files.weights)
    if arguments[Flag.json] {
      try context.output.json(answer)
    } else {
      try context.output.line(text(answer, front.objectives))
    }
    return .done
  }

  private static func limits(_ arguments: Arguments) -> [(name: String, most: Double)] {
    [
      ("latency", arguments[latency]?.inMilliseconds), ("macs", arguments[macs]?.value),
      ("parameters", arguments[parameters]?.value),
    ].compactMap { name, most in most.map { (name, $0) } }
  }

  private static func best(
    _ trials: [Trial], _ limits: [(name: String, most: Double)], accuracy: SearchObjective,
    run: String
  ) throws -> Trial {
    let fitting = trials.filter { trial in
      limits.allSatisfy { limit in trial.metrics[limit.name].map { $0 <= limit.most } ?? false }
    }
    // The most accurate; of equals the cheapest in what was limited, then the earliest.
    let best = fitting.max { left, right in
      let (mine, others) = (
        left.metrics[accuracy.rawValue] ?? 0, right.metrics[accuracy.rawValue] ?? 0
      )
      return mine != others ? mine < others : left.id > right.id
    }
    if let best { return best }
    throw ExecutionError.run(
      path: run, problem: missing(trials, limits),
      cure: trials.isEmpty ? "let the search go on" : "raise the limit")
  }

  private static func missing(
    _ trials: [Trial], _ limits: [(name: String, most: Double)]
  ) -> String {
    guard !trials.isEmpty else { return "has no finished trial" }
    let nearest = limits.compactMap { limit -> String? in
      let values = trials.compactMap { trial in trial.metrics[limit.name].map { ($0, trial.id) } }
      guard let least = values.min(by: { $0.0 < $1.0 }) else {
        return "no trial has \(MetricText.title(limit.name))"
      }
      let value = MetricText.value(limit.name, [limit.name: least.0])
      return "the least \(MetricText.title(limit.name)) is \(value), of trial \(least.1)"
    }
    return "has no trial within these limits (\(nearest.joined(separator: "; ")))"
  }

  private static func text(_ answer: Answer, _ objectives: [SearchObjective]) -> String {
    let columns = MetricText.columns(objectives).filter { answer.metrics[$0] != nil }
    let results = columns.map {
      "\(MetricText.title($0)) \(MetricText.value($0, answer.metrics))"
    }
    let name = answer.name.map { "\($0), " } ?? ""
    return """
      \(name)trial \(answer.trial): \(answer.design)
      \(results.joined(separator: ", "))
      \(answer.checkpoint)
      """
  }
}
