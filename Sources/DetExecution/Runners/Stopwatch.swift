import DetBasics
import DetSearch
package import DetSpec
import Foundation

/// Asks a program for latencies, one after the other: of designs that are not trained yet, and where the plan names the program, of
/// trials whose workers have trained them.
///
/// Nothing of the run computes on this machine meanwhile. A program that fails or gives no answer in time is a fault of the
/// surroundings: the trial stays open, and keeps what its training found. Only where this program itself fails to time an untrained
/// design, the design is trained: its worker finds out whether it is the design.
package final class Stopwatch {
  private struct Question {
    let job: TrialJob
    /// What the worker has found; nil for a design that is not trained yet.
    let found: [String: Double]?
    let started: Double
  }

  private let plan: StopwatchPlan
  private let turn: MeasurementTurn
  private let lifeline: Int32
  private let wake: Wake
  private var questions: [Question] = []
  private var process: MeasurementProcess?
  /// What was answered to the first question, in the order in which the programs are asked.
  private var readings: [LatencyReading] = []
  /// Since when the turn is held; nil while others may compute.
  package private(set) var holdsSince: Double?

  /// A stopwatch that has nothing to do; `lifeline` and `wake` are those of a ``ProcessWatch``.
  package init(_ plan: StopwatchPlan, lifeline: Int32, wake: Wake) {
    self.plan = plan
    self.lifeline = lifeline
    self.wake = wake
    turn = MeasurementTurn(lock: plan.measurementLock)
  }

  /// Whether it is asked for the latency of what workers have trained.
  package var timesTrained: Bool { plan.timesTrained }

  /// How many designs and trials wait for their latencies.
  package var count: Int { questions.count }

  /// Takes a trained trial into the queue; `started` is when the work on it began.
  package func add(_ trial: UnmeasuredTrial, started: Double) {
    questions.append(Question(job: trial.job, found: trial.metrics, started: started))
  }

  /// Takes a design into the queue that is not trained yet.
  package func add(_ job: TrialJob, now: Double) {
    questions.append(Question(job: job, found: nil, started: now))
  }

  /// The pipe of its program; nil while none runs.
  package var output: Int32? { process?.output }

  /// When it must be looked at next.
  package func nextTime(now: Double) -> Double {
    if let process { return process.nextTime }
    return questions.isEmpty ? .infinity : now + Self.patience
  }

  /// Seconds between two looks whether the workers have ended their steps.
  private static let patience = 0.02

  /// Goes on, and gives what there is to report.
  package func look(now: Double) throws -> [RunnerReport] {
    guard let question = questions.first else { return [] }
    do {
      if process == nil {
        guard try turn.take() else { return [] }
        holdsSince = now
        process = try ask(plan.asked[0], question, now: now)
      }
      guard let reading = try process?.readings(now: now)?[question.job.id] else { return [] }
      readings.append(reading)
      guard readings.count == plan.asked.count else {
        process = try ask(plan.asked[readings.count], question, now: now)
        return []
      }
      return answer(question, joined(), now: now)
    } catch {
      guard let hindrance = Hindrance(error) else { throw error }
      return [fail(question, hindrance, now: now)]
    }
  }

  /// The first program's answer, with those of other devices.
  private func joined() -> LatencyReading {
    var reading = readings[0]
    for (asked, other) in zip(plan.asked, readings) {
      if let device = asked.device { reading.others[device] = other }
    }
    return reading
  }

  private func ask(
    _ asked: StopwatchPlan.Asked, _ question: Question, now: Double
  ) throws -> MeasurementProcess {
    let job = question.job
    let subject: MeasurementJob.Subject =
      question.found == nil
      ? .init(trial: job.id, design: job.design, recipe: job.recipe, classes: plan.classes)
      : .init(trial: job.id, design: job.design, weights: job.folder.weights)
    // The turn is held here: a program that takes it itself would wait for ever.
    let measurement = MeasurementJob(
      detectors: [subject], images: plan.images, settings: job.recipe.latency, device: job.device,
      threads: job.threads, measurementLock: nil)
    try Files.makeFolder(job.folder.path)
    return try MeasurementProcess(
      asked.command, measurement, file: job.folder.measurementJob, log: job.folder.log,
      timeout: plan.timeoutSeconds, now: now, lifeline: lifeline, wake: wake)
  }

  private func answer(
    _ question: Question, _ reading: LatencyReading, now: Double
  ) -> [RunnerReport] {
    let id = question.job.id
    let seconds = now - (holdsSince ?? now)
    next()
    guard var metrics = question.found else {
      return [.measured(trial: id, reading, seconds: seconds)]
    }
    metrics.takeLatency(reading)
    return [
      .event(trial: id, .latency(reading)),
      .ended(trial: id, .finished(metrics: metrics), seconds: now - question.started),
    ]
  }

  private func fail(
    _ question: Question, _ hindrance: Hindrance, now: Double
  ) -> RunnerReport {
    let id = question.job.id
    let seconds = now - (holdsSince ?? now)
    let isOfPlan = plan.asked[readings.count].isOfPlan
    next()
    guard question.found == nil, hindrance.fault == .noLatency else {
      return .hindered(trial: id, hindrance)
    }
    guard isOfPlan else { return .measured(trial: id, nil, seconds: seconds) }
    return .hindered(
      trial: id,
      Hindrance(fault: hindrance.fault, reason: hindrance.reason + Self.remark))
  }

  private static let remark =
    " (it was asked for a design that is not trained yet; with \"pruning\": false in stage one it is asked behind trainings alone)"

  private func next() {
    questions.removeFirst()
    process = nil
    readings = []
    holdsSince = nil
    turn.giveBack()
  }

  /// Ends all of it now.
  package func stop() {
    process?.abandon()
    process = nil
    readings = []
    questions = []
    holdsSince = nil
    turn.giveBack()
  }
}
