import DetBasics
import DetCommand
import DetExecution
import DetSearch
import DetSpec
import Foundation

/// What a search asks of the machines that its trials run on: hours of jobs, and of graphics cards.
///
/// Before anything ran it is the forecast, which knows the speed of this machine's processor. Of a run that has trials it is what these took,
/// on whatever they ran; a stage without an ended trial is taken to need per trial what the stage before did.
struct ComputeHours: Encodable, Sendable {
  /// What the hours follow from.
  enum Basis: String, Encodable, Sendable {
    /// Multiply-accumulates, and the speed of this machine's processor.
    case processor
    /// The trials of the run that have ended.
    case trials
    /// Nothing is known but how long a trial may take.
    case nothing
  }

  let basis: Basis
  /// Trials of the plan.
  let trials: Int
  /// Hours of all jobs together, and between which they are likely to lie; nil when nothing is known.
  let jobHours: Double?
  let lowJobHours: Double?
  let highJobHours: Double?
  /// The hours that the plan's timeout allows.
  let atMostJobHours: Double
  /// Graphics cards of a job; 0 for processors alone.
  let cards: Int
  /// Whether jobs compute on what the forecast does not know.
  private let isOfOtherDevice: Bool

  /// The hours of a forecast, of this machine, for all stages or those that it is of.
  init(_ plan: Plan, _ forecast: Forecast, stages: [SearchStage]? = nil) {
    self.init(
      plan, stages ?? plan.stages, .processor,
      (forecast.trialSeconds, forecast.lowTrialSeconds, forecast.highTrialSeconds))
  }

  /// The hours of some stages: by the trials of the run where it has some, or else by the forecast.
  init(_ file: PlanFile, stages: [SearchStage], run: String, _ context: Context) throws {
    let plan = file.plan
    if RunFolder(run).isBegun,
      let seconds = Self.seconds(of: try RunSnapshot(run).trials, plan, stages)
    {
      self.init(plan, stages, .trials, seconds)
    } else if let sets = try file.loadSets() {
      let rate = try Forecast.productRate(for: plan, context.torch)
      let forecast = try Forecast(
        plan, DataSummary(sets, for: plan), stages: stages, productRate: rate)
      self.init(plan, forecast, stages: stages)
    } else {
      self.init(plan, stages, .nothing, nil)
    }
  }

  private typealias Seconds = (mean: Double, low: Double, high: Double)

  private init(_ plan: Plan, _ stages: [SearchStage], _ basis: Basis, _ seconds: Seconds?) {
    self.basis = basis
    trials = stages.reduce(0) { $0 + plan.plannedTrials(of: $1) }
    jobHours = seconds.map { $0.mean / 3600 }
    lowJobHours = seconds.map { $0.low / 3600 }
    highJobHours = seconds.map { $0.high / 3600 }
    atMostJobHours = Double(trials) * plan.runner.timeoutSeconds / 3600
    cards = plan.runner.slurm?.cards ?? 0
    isOfOtherDevice = basis == .processor && plan.runner.devices != ["cpu"]
  }

  /// Seconds of all planned trials as those that have ended went; nil when none has.
  private static func seconds(
    of trials: [Trial], _ plan: Plan, _ stages: [SearchStage]
  ) -> Seconds? {
    var (sum, unsure) = (0.0, 0.0)
    var known: (mean: Double, deviation: Double)?
    for stage in stages {
      let ended = trials.filter {
        $0.stage == stage && $0.outcome?.wasEvaluated == true && $0.result?.cached == nil
      }.compactMap { $0.result?.seconds }
      if !ended.isEmpty {
        let root = Double(ended.count).squareRoot()
        known = (ended.mean, ended.count > 1 ? ended.sampleDeviation / root : ended.mean)
      }
      guard let known else { return nil }
      let planned = Double(plan.plannedTrials(of: stage))
      sum += planned * known.mean
      unsure += planned * 2 * known.deviation
    }
    return (sum, max(0, sum - unsure), sum + unsure)
  }

  /// For people.
  var text: String {
    func hours(_ hours: Double) -> String { Durations.text(seconds: hours * 3600) }
    var lines: [String] = []
    let most = "at most \(hours(atMostJobHours)) by timeoutSeconds"
    if let jobHours, let lowJobHours, let highJobHours {
      lines.append(
        "jobs: \(trials.of("trial")), together about \(hours(jobHours)) (\(hours(lowJobHours)) to \(hours(highJobHours))), \(most)"
      )
    } else {
      lines.append("jobs: \(trials.of("trial")), \(most); how long one takes is not known yet")
    }
    if cards > 0 {
      let used = jobHours ?? atMostJobHours
      lines.append(
        "  \(cards.of("graphics card")) each: \(jobHours == nil ? "at most" : "about") \((used * Double(cards)).figures(3)) GPU hours"
      )
    }
    switch basis {
    case .trials: lines.append("  as the trials of the run took that have ended")
    case .processor where isOfOtherDevice:
      lines.append(
        "  by the speed of this machine's processor, which says little of the plan's device; once a few trials have ended, --forecast with the run's folder goes by those"
      )
    case .processor, .nothing: break
    }
    return lines.joined(separator: "\n")
  }
}
