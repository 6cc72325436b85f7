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
/// two cores of an AMD EPYC (a product of 512 x 512 matrices runs at 38 G multiply-accumulates a second there, alone). From that range,
/// and from how far the mean over the designs is known, comes the interval. What pruning and early stopping save is not taken off, and a
/// machine that is busy with other things makes everything slower: it is said when it is.
struct Forecast: Encodable, Sendable {
  /// Seconds of the whole search, with the plan's workers.
  let seconds: Double
  /// Between which it is likely to lie.
  let lowSeconds: Double
  /// See ``lowSeconds``.
  let highSeconds: Double
  /// Seconds of all its trials together, one after another, on whatever they run.
  let trialSeconds: Double
  /// Between which they are likely to lie.
  let lowTrialSeconds: Double
  /// See ``lowTrialSeconds``.
  let highTrialSeconds: Double
  /// Processes that want to run on each core of this machine at the moment, this one left out.
  let load: Double
  /// Seconds that the deadline allows at the most.
  let atMostSeconds: Double
  /// Multiply-accumulates a second of a matrix product.
  let productRate: Double

  private static let share = 0.97
  /// Between which the share lay.
  private static let shares = (least: 0.70, most: 1.13)
  /// From which load on a machine is busy.
  private static let busy = 0.3
  /// Starting a process, loading data, building the model.
  private static let startSeconds = 2.0
  /// Designs that are counted to stand for all.
  private static let sample = 64

  /// Multiply-accumulates a second on as many threads as each of the plan's workers gets here.
  static func productRate(for plan: Plan, _ torch: TorchProgram) throws -> Double {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    return max(1, try torch.productRate(threads: plan.runner.threads(cores: cores)))
  }

  /// Counts the first designs of a plan, or of some of its stages; the rate is that of this machine.
  init(
    _ plan: Plan, _ data: DataSummary, stages: [SearchStage]? = nil, productRate: Double
  ) throws {
    self.productRate = productRate
    load = Self.machineLoad
    var (seconds, squares) = (0.0, 0.0)
    var trials = 0
    for stage in stages ?? plan.stages {
      guard let recipe = plan.recipe(of: stage) else { continue }
      let count = plan.plannedTrials(of: stage)
      let macs = try Self.meanMacs(plan, stage, data)
      let each = Self.passes(recipe, data) / (productRate * Self.share)
      seconds += Double(count) * (Self.startSeconds + macs.mean * each)
      squares += pow(Double(count) * macs.deviation * each, 2)
      trials += count
    }
    let workers = Double(plan.runner.atOnce)
    // Two deviations of the mean cost, and the fastest and slowest that was seen.
    let unsure = 2 * squares.squareRoot()
    trialSeconds = seconds
    lowTrialSeconds = max(0, seconds - unsure) * Self.share / Self.shares.most
    highTrialSeconds = (seconds + unsure) * Self.share / Self.shares.least
    self.seconds = trialSeconds / workers
    lowSeconds = lowTrialSeconds / workers
    highSeconds = highTrialSeconds / workers
    atMostSeconds = Double(trials) * plan.runner.timeoutSeconds / workers
  }

  /// Forward passes of one image that a trial is worth.
  private static func passes(_ recipe: Recipe, _ data: DataSummary) -> Double {
    let training = 3 * recipe.epochs * data.imagesTrainedOn(by: recipe)
    let evaluations = (recipe.epochs + recipe.evaluateEvery - 1) / recipe.evaluateEvery
    let timing = recipe.latency.warmupRuns + recipe.latency.runs
    return Double(training + evaluations * data.validationImages + timing)
  }

  /// The mean over the first designs of the space, with its standard error, drawn as a search draws them; a stage without designs of its own is
  /// taken to cost what the one before does.
  private static func meanMacs(
    _ plan: Plan, _ stage: SearchStage, _ data: DataSummary
  ) throws -> (mean: Double, deviation: Double) {
    var known = stage
    if known == .final, plan.final?.needsFronts == true {
      known = plan.modular == nil ? .structural : .modular
    }
    if known == .modular, plan.modular?.designs.isEmpty == true { known = .structural }
    let designs = try PlanVerb.first(plan, [known], sample, plan.costModel(data))
    guard !designs.isEmpty else { return (0, 0) }
    let macs = designs.map { Double($0.macs) }
    return (macs.mean, macs.sampleDeviation / Double(macs.count).squareRoot())
  }

  /// Processes that wanted to run in the last minute, by cores.
  private static var machineLoad: Double {
    var averages = [0.0]
    guard getloadavg(&averages, 1) == 1 else { return 0 }
    return averages[0] / Double(max(1, ProcessInfo.processInfo.activeProcessorCount))
  }

  /// For people.
  var lines: [String] {
    let forecast =
      "forecast: about \(Durations.text(seconds: seconds)) (\(Durations.text(seconds: lowSeconds)) to "
      + "\(Durations.text(seconds: highSeconds))), at most \(Durations.text(seconds: atMostSeconds))"
    guard load > Self.busy else { return [forecast] }
    return [
      forecast,
      "  this machine is busy: on each core \(load.fixed(1)) processes wanted to run in the last minute. The forecast is for a machine "
        + "that goes on so; on a calm one the search is faster",
    ]
  }
}
