import DetBasics
import DetCommand
import DetSearch
import DetSpec
import Foundation

/// How long a search is likely to take on this machine, before anything ran.
///
/// Training passes over an image cost three times its multiply-accumulates, an evaluation or a latency run one time.
/// The speed is that of a matrix product on as many threads as a worker gets, which training slim detectors comes close
/// to: 0.70 to 1.13 of it, 0.97 in the mean, in twelve trials of `Examples/trees.json`, two workers of one thread each on
/// two cores of an AMD EPYC (a product of 512 x 512 matrices runs at 38 G multiply-accumulates a second there, alone).
struct Forecast: Encodable, Sendable {
  /// Seconds of the whole search, with the plan's workers.
  let seconds: Double
  /// Seconds that the deadline allows at the most.
  let atMostSeconds: Double
  /// Multiply-accumulates a second of a matrix product.
  let productRate: Double

  private static let share = 0.97
  /// Starting a process, loading data, building the model.
  private static let startSeconds = 2.0
  /// Designs that are counted to stand for all.
  private static let sample = 64

  /// Multiply-accumulates a second on as many threads as each of the plan's workers gets here.
  static func productRate(for plan: Plan, _ torch: TorchProgram) throws -> Double {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    return max(1, try torch.productRate(threads: plan.runner.threads(cores: cores)))
  }

  /// Counts a plan's first designs; the rate is that of this machine.
  init(_ plan: Plan, _ data: DataSummary, productRate: Double) throws {
    self.productRate = productRate
    var seconds = 0.0
    var trials = 0
    for stage in plan.stages {
      guard let recipe = plan.recipe(of: stage) else { continue }
      let count = plan.plannedTrials(of: stage)
      let each = try Self.meanMacs(plan, stage, data) * Self.passes(recipe, data)
      seconds += Double(count) * (Self.startSeconds + each / (productRate * Self.share))
      trials += count
    }
    self.seconds = seconds / Double(plan.runner.workers)
    atMostSeconds =
      Double(trials) * plan.runner.timeoutSeconds / Double(plan.runner.workers)
  }

  /// Forward passes of one image that a trial is worth.
  private static func passes(_ recipe: Recipe, _ data: DataSummary) -> Double {
    let training = 3 * recipe.epochs * data.imagesTrainedOn(by: recipe)
    let evaluations = (recipe.epochs + recipe.evaluateEvery - 1) / recipe.evaluateEvery
    let timing = recipe.latency.warmupRuns + recipe.latency.runs
    return Double(training + evaluations * data.validationImages + timing)
  }

  /// The mean over the first designs of the space, drawn as a search draws them; a stage without designs of its own is
  /// taken to cost what the one before does.
  private static func meanMacs(
    _ plan: Plan, _ stage: SearchStage, _ data: DataSummary
  ) throws -> Double {
    var known = stage
    if known == .final, plan.final?.needsFronts == true {
      known = plan.modular == nil ? .structural : .modular
    }
    if known == .modular, plan.modular?.designs.isEmpty == true { known = .structural }
    let designs = try PlanVerb.first(plan, [known], sample, plan.costModel(data))
    let sum = designs.reduce(0.0) { $0 + Double($1.macs) }
    return designs.isEmpty ? 0 : sum / Double(designs.count)
  }

  /// For people.
  var text: String {
    "forecast: about \(Durations.text(seconds: seconds)), at most \(Durations.text(seconds: atMostSeconds))"
  }
}
