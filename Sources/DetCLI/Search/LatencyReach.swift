import DetBasics
import DetCommand
import DetData
import DetExecution
import DetSearch
import DetSpec
import DetTask
import Foundation

/// What latencies the designs of a plan can have where it is searched, judged by a few of them that are timed untrained, from the smallest
/// to the largest.
struct LatencyReach: Encodable {
  /// A design that was timed.
  struct Timed: Encodable {
    let design: DetectorDesign
    let macs: Int
    let latency: LatencyReading
  }

  /// Designs of which it is said how many are within the limit.
  struct Count: Encodable {
    let designs: Int
    /// How many are expected within it, and how many at least and at most: two deviations of what was timed from the line through it.
    let within: Int
    let atLeast: Int
    let atMost: Int
  }

  /// The limit, in milliseconds.
  let limit: Double
  /// What was timed, the smallest first.
  let timed: [Timed]
  let count: Count

  /// Designs that are timed.
  private static let samples = 7
  /// The largest space that is counted as a whole; of larger ones so many draws stand for all.
  private static let counted = 4096

  /// Times designs of a plan's first stage, beside the anchor and in turn.
  init(_ file: PlanFile, _ sets: TrainingSets?, limit: Double, _ context: Context) throws {
    self.limit = limit
    let plan = file.plan
    guard let stage = plan.stages.first, let recipe = plan.recipe(of: stage) else {
      throw UsageError.rule("--latency needs a plan with a stage")
    }
    guard plan.runner.command == nil || plan.latency.command != nil else {
      throw UsageError.rule(
        "--latency cannot time what the plan's own program builds; give latency.command in the plan"
      )
    }
    let summary = try sets.map { try DataSummary($0, for: plan) }
    let cost = plan.costModel(summary)
    let designs = try Self.designs(of: plan, stage)
    guard !designs.isEmpty else {
      throw UsageError.rule(
        "--latency times designs that the plan names or combines, and its \(stage.rawValue) stage has none before another is over"
      )
    }
    let sized = designs.map { (design: $0, macs: cost($0, stage).macs) }
      .sorted { ($0.macs, $0.design.text) < ($1.macs, $1.design.text) }
    let chosen = Self.spread(sized.map(\.macs)).map { sized[$0] }
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let folder = FilePath.join(
      FileManager.default.temporaryDirectory.path, "smnas-plan-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = RunFolder(folder)
    let images = try sets.map { try MeasurementImages.files($0.validation, in: run) } ?? []
    try Files.makeFolder(run.measurement)
    let job = MeasurementJob(
      detectors: chosen.enumerated().map {
        .init(
          trial: $0 + 1, design: $1.design, recipe: recipe,
          classes: summary?.classes.count ?? Plan.usualClasses)
      },
      images: images, settings: recipe.latency, device: plan.runner.devices[0],
      threads: plan.runner.threads(cores: cores), measurementLock: nil)
    context.log("timing \(chosen.count.of("design")), the smallest to the largest, in turn")
    let readings = try job.answers(
      of: plan.latency.command ?? context.torch.stopwatch(), file: run.measurementJob,
      log: run.measurementLog,
      timeout: plan.latency.timeoutSeconds * Double(chosen.count),
      shouldStop: { Interruption.isRequested })
    timed = chosen.enumerated().compactMap { place, design in
      readings[place + 1].map { Timed(design: design.design, macs: design.macs, latency: $0) }
    }
    count = Self.count(sized.map(\.macs), within: limit, timed)
  }

  /// The designs that a plan's first stage may try, or some that stand for them.
  private static func designs(of plan: Plan, _ stage: SearchStage) throws -> [DetectorDesign] {
    switch stage {
    case .structural:
      guard let section = plan.structural else { return [] }
      let space = try StructuralSpace(section.space)
      let step = max(1, (space.size + counted - 1) / counted)
      return stride(from: 0, to: space.size, by: step).map(space.design)
    case .modular: return plan.modular?.designs ?? []
    case .final: return plan.final?.designs ?? []
    }
  }

  /// The places of some ascending numbers at even steps of their logarithm, the ends among them, none twice.
  private static func spread(_ macs: [Int]) -> [Int] {
    let logs = macs.map { log(Double(max(1, $0))) }
    guard let least = logs.first, let most = logs.last else { return [] }
    let places = (0..<samples).map { step -> Int in
      let wanted = least + (most - least) * Double(step) / Double(samples - 1)
      return logs.indices.min { abs(logs[$0] - wanted) < abs(logs[$1] - wanted) } ?? 0
    }
    return Set(places).union([0, macs.count - 1]).sorted()
  }

  private static func count(_ macs: [Int], within limit: Double, _ timed: [Timed]) -> Count {
    let points = timed.map { (log(Double(max(1, $0.macs))), log($0.latency.runs.median)) }
    let line = LogLine(points)
    func count(_ shift: Double) -> Int {
      macs.count { line.value(at: log(Double(max(1, $0)))) + shift <= log(limit) }
    }
    return Count(
      designs: macs.count, within: count(0), atLeast: count(2 * line.deviation),
      atMost: count(-2 * line.deviation))
  }

  /// For people.
  var text: String {
    var table = TextTable(["timed", "latency", "95 % interval", "MACs"])
    for design in timed {
      let interval = design.latency.interval.map { Metric.latency.range($0.low, $0.high) } ?? "-"
      table.add([
        design.design.text, Metric.latency.text(design.latency.runs.median), interval,
        Metric.macs.text(Double(design.macs)),
      ])
    }
    let warnings = Set(timed.flatMap(\.latency.warnings)).sorted()
    let device = timed.compactMap(\.latency.device).first.map { "on \($0)" } ?? "here"
    return
      (["latencies \(device), untrained, at the full load", table.text] + warnings + [verdict])
      .joined(separator: "\n")
  }

  /// What can be reached, in a sentence.
  private var verdict: String {
    let limit = Metric.latency.text(limit)
    let times = timed.map(\.latency.runs.median)
    let again = timed.allSatisfy(\.latency.isCalm) ? "" : "; ask again when the machine is free"
    guard let least = times.min(), let most = times.max() else { return "" }
    if least > self.limit {
      return
        "within \(limit): none; the fastest takes \(Metric.latency.text(least)). Give the space smaller inputs or slimmer parts\(again)"
    }
    if most <= self.limit {
      return
        "within \(limit): all of \(count.designs.of("design")); the slowest takes \(Metric.latency.text(most))\(again)"
    }
    return
      "within \(limit): about \(count.within) of \(count.designs.of("design")) (\(count.atLeast) to \(count.atMost))\(again)"
  }
}

/// A straight line through points by least squares.
private struct LogLine {
  let slope: Double
  let start: Double
  /// The standard deviation of the points from it.
  let deviation: Double

  init(_ points: [(x: Double, y: Double)]) {
    let count = Double(max(1, points.count))
    let (x, y) = (points.reduce(0) { $0 + $1.x } / count, points.reduce(0) { $0 + $1.y } / count)
    let spread = points.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    let joint = points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) }
    let slope = spread > 0 ? joint / spread : 0
    let start = y - slope * x
    let squares = points.reduce(0) { sum, point in
      let rest = point.y - start - slope * point.x
      return sum + rest * rest
    }
    (self.slope, self.start) = (slope, start)
    deviation = (squares / Double(max(1, points.count - 2))).squareRoot()
  }

  func value(at x: Double) -> Double { start + slope * x }
}
