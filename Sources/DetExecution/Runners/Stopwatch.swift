import DetBasics
import DetSearch
import DetSpec
import Foundation

/// Asks a plan's own program for the latency of each trial that has been trained, one after the other.
///
/// Nothing of the run computes on this machine meanwhile. A program that fails or gives no answer in time is a fault of the
/// surroundings: the trial stays open, and keeps what its training found.
final class Stopwatch {
  private struct Question {
    let trial: UnmeasuredTrial
    let started: Double
  }

  private let plan: StopwatchPlan
  private let turn: MeasurementTurn
  private let lifeline: Int32
  private let wake: Wake
  private var questions: [Question] = []
  private var process: MeasurementProcess?
  /// Since when the turn is held; nil while others may compute.
  private(set) var holdsSince: Double?

  init(_ plan: StopwatchPlan, lifeline: Int32, wake: Wake) {
    self.plan = plan
    self.lifeline = lifeline
    self.wake = wake
    turn = MeasurementTurn(lock: plan.measurementLock)
  }

  /// Takes a trial into the queue; `started` is when the work on it began.
  func add(_ trial: UnmeasuredTrial, started: Double) {
    questions.append(Question(trial: trial, started: started))
  }

  /// The pipe of its program; nil while none runs.
  var output: Int32? { process?.output }

  /// When it must be looked at next.
  func nextTime(now: Double) -> Double {
    if let process { return process.nextTime }
    return questions.isEmpty ? .infinity : now + Self.patience
  }

  /// Seconds between two looks whether the workers have ended their steps.
  private static let patience = 0.02

  /// Goes on, and gives what there is to report.
  func look(now: Double) throws -> [RunnerReport] {
    guard let question = questions.first else { return [] }
    let job = question.trial.job
    do {
      if process == nil {
        guard try turn.take() else { return [] }
        holdsSince = now
        process = try ask(job, now: now)
      }
      guard let reading = try process?.readings(now: now)?[job.id] else { return [] }
      next()
      var metrics = question.trial.metrics
      metrics.takeLatency(reading)
      return [
        .event(trial: job.id, .latency(reading)),
        .ended(
          trial: job.id, .finished(metrics: metrics), seconds: now - question.started),
      ]
    } catch {
      guard let hindrance = Hindrance(error) else { throw error }
      next()
      return [.hindered(trial: job.id, hindrance)]
    }
  }

  private func ask(_ job: TrialJob, now: Double) throws -> MeasurementProcess {
    // The turn is held here: a program that takes it itself would wait for ever.
    let question = MeasurementJob(
      detectors: [.init(trial: job.id, design: job.design, weights: job.folder.weights)],
      images: plan.images, settings: job.recipe.latency, device: job.device, threads: job.threads,
      measurementLock: nil)
    return try MeasurementProcess(
      plan.command, question, file: job.folder.measurementJob, log: job.folder.log,
      timeout: plan.timeoutSeconds, now: now, lifeline: lifeline, wake: wake)
  }

  private func next() {
    questions.removeFirst()
    process = nil
    holdsSince = nil
    turn.giveBack()
  }

  /// Ends all of it now.
  func stop() {
    process?.abandon()
    process = nil
    questions = []
    holdsSince = nil
    turn.giveBack()
  }
}
