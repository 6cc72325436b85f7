import DetBasics
import DetCommand
import DetExecution
import DetSearch
import DetSpec

/// `smnas best DIR --latency 20ms`: the most accurate trial within limits; every cost among the metrics can be limited.
enum BestVerb: Verb {
  static let name = "best"
  static let summary = "the most accurate trial within limits of \(Self.limitNames)"
  static let folder = Argument<String>("DIR", "the run's folder")
  static let limits = Metric.costs.map { LimitOption($0) }
  static let devices = Option<DeviceLimits>(
    "--latency-on", "DEVICE=TIME,…",
    "the most time per image on other devices of the plan, as in phone=40ms")
  static let stage = Option<SearchStage>(
    "--stage", "STAGE", "the stage (default: the latest with results)")
  static let export = Option<String>(
    "--export", "DIR", "also write it as ONNX into this folder, as smnas export does")
  static let syntax = Syntax([folder] + limits + [devices, stage, export, Flag.json])
  static let discussion = """
    smnas best runs/trees --latency 20ms --export exported
    """

  private static var limitNames: String {
    let titles = Metric.costs.map(\.descriptor.title)
    return titles.dropLast().joined(separator: ", ") + " or " + (titles.last ?? "")
  }

  private struct Limit {
    let metric: Metric
    let most: Double
  }

  private struct Answer: Encodable {
    let version = 1
    let trial: Int
    let stage: SearchStage
    let name: String?
    /// The pick around which it was found, in stage two.
    let pick: String?
    let design: DetectorDesign
    let metrics: [String: Double]
    let folder: String
    let checkpoint: String
    /// Its latency with all that is known of it; nil where only the number is.
    let latency: LatencyReading?
    /// What was exported of it and is still there.
    let exports: [ExportRecord]
  }

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    guard arguments[export] == nil || !arguments[Flag.json] else {
      throw UsageError.rule(
        "--export writes export.json itself; leave --json out, or call smnas export --json")
    }
    let snapshot = try RunSnapshot(arguments[folder])
    let fronts = try snapshot.fronts(asked: arguments[stage])
    let stage = fronts.stage
    if let note = snapshot.dataNote { context.log("\(Program.name): \(note)") }
    let trial = try best(
      snapshot.comparable.filter { $0.stage == stage && $0.isFinished }, given(arguments),
      accuracy: fronts.objectives.first(where: \.isAccuracy) ?? .averagePrecision,
      run: snapshot.folder.path)
    let files = snapshot.folder.trial(trial.id)
    let answer = Answer(
      trial: trial.id, stage: stage, name: snapshot.choices.name(of: trial),
      pick: fronts.front(of: trial)?.pick?.name, design: trial.design, metrics: trial.metrics,
      folder: files.path, checkpoint: files.weights,
      latency: try snapshot.readings(of: [trial.id])[trial.id], exports: files.exported)
    if arguments[Flag.json] {
      try context.output.json(answer)
    } else {
      try context.output.line(text(answer, fronts.objectives))
    }
    guard let place = arguments[export] else { return .done }
    return try context.handOver(
      [TorchVerb.export.rawValue, files.weights, "--output", place])
  }

  private static func given(_ arguments: Arguments) -> [Limit] {
    limits.compactMap { option in
      arguments[option].map { Limit(metric: option.metric, most: $0) }
    } + (arguments[devices]?.limits ?? []).map { Limit(metric: $0.metric, most: $0.most) }
  }

  private static func best(
    _ trials: [Trial], _ limits: [Limit], accuracy: Metric, run: String
  ) throws -> Trial {
    let fitting = trials.filter { trial in
      limits.allSatisfy { limit in trial.metrics[limit.metric].map { $0 <= limit.most } ?? false }
    }
    // The most accurate; of equals the earliest.
    let best = fitting.max { left, right in
      let (mine, others) = (left.metrics[accuracy] ?? 0, right.metrics[accuracy] ?? 0)
      return mine != others ? mine < others : left.id > right.id
    }
    if let best { return best }
    throw ExecutionError.run(
      path: run, problem: missing(trials, limits),
      cure: trials.isEmpty ? "let the search continue" : "raise the limit")
  }

  private static func missing(_ trials: [Trial], _ limits: [Limit]) -> String {
    guard !trials.isEmpty else { return "has no finished trial" }
    let nearest = limits.compactMap { limit -> String? in
      let (metric, title) = (limit.metric, limit.metric.descriptor.title)
      let values = trials.compactMap { trial in trial.metrics[metric].map { ($0, trial.id) } }
      guard let least = values.min(by: { $0.0 < $1.0 }) else { return "no trial has \(title)" }
      return "the least \(title) is \(metric.text(least.0)), of trial \(least.1)"
    }
    return "has no trial within these limits (\(nearest.joined(separator: "; ")))"
  }

  private static func text(_ answer: Answer, _ objectives: [Metric]) -> String {
    let results = Metric.columns(objectives) { answer.metrics[$0] != nil }
      .map { "\($0.descriptor.title) \($0.cell(answer.metrics))" }
    let source =
      answer.stage == .final
      ? "over other validation images of the same kind"
      : "over seeds; trained "
        + (answer.metrics.trainingCount == 1 ? "once" : "\(answer.metrics.trainingCount) times")
    let seeds = objectives.filter(\.isAccuracy).compactMap { metric in
      answer.metrics.interval(of: metric).map {
        "\(metric.descriptor.title): 95 % interval \(metric.range($0.lowerBound, $0.upperBound)) \(source)"
      }
    }
    let name = answer.name.map { "\($0), " } ?? answer.pick.map { "around \($0), " } ?? ""
    let lines = [
      "\(name)trial \(answer.trial): \(answer.design)", results.joined(separator: ", "),
    ]
    let latency = answer.latency?.lines ?? []
    let exports = answer.exports.map { "exported: \($0.file.oneLine) (\($0.words))" }
    return (lines + seeds + latency + [answer.checkpoint] + exports).joined(separator: "\n")
  }
}
