import DetBasics
import DetExecution
import DetSpec
import Foundation

/// The latencies that are asked for: one node measures one detector at a time, several nodes side by side.
///
/// What goes wrong on the way to a node is tried again elsewhere before the search hears of it.
final class Measurements {
  private enum Question {
    case untrained(TrialJob)
    case trained(UnmeasuredTrial, started: Double)
  }

  private let stopwatches: [Stopwatch]
  private var questions: [Int: (question: Question, tries: Int, stopwatch: Int)] = [:]
  private static let mostTries = 3

  init(_ plans: [StopwatchPlan], _ watch: ProcessWatch) {
    stopwatches = plans.map { Stopwatch($0, lifeline: watch.lifeline, wake: watch.wake) }
  }

  /// Whether anything can be asked.
  var areThere: Bool { !stopwatches.isEmpty }
  /// Whether they are asked for the latencies of trained trials.
  var timeTrained: Bool { stopwatches.first?.timesTrained ?? false }
  /// The pipes of the programs.
  var outputs: [Int32] { stopwatches.compactMap(\.output) }

  /// When they must be looked at next.
  func nextTime(now: Double) -> Double {
    stopwatches.map { $0.nextTime(now: now) }.min() ?? .infinity
  }

  func add(_ job: TrialJob, now: Double) { ask(.untrained(job), of: job.id, tries: 1, now: now) }

  func add(_ trial: UnmeasuredTrial, started: Double) {
    ask(.trained(trial, started: started), of: trial.job.id, tries: 1, now: started)
  }

  private func ask(
    _ question: Question, of trial: Int, tries: Int, after last: Int? = nil, now: Double
  ) {
    let free = stopwatches.indices.filter { $0 != last || stopwatches.count == 1 }
    guard let best = free.min(by: { stopwatches[$0].count < stopwatches[$1].count }) else {
      return
    }
    questions[trial] = (question, tries, best)
    switch question {
    case .untrained(let job): stopwatches[best].add(job, now: now)
    case .trained(let trial, let started): stopwatches[best].add(trial, started: started)
    }
  }

  /// Goes on, and gives what there is to report; `notice` gets what is tried again.
  func look(now: Double, _ notice: (String) -> Void) throws -> [RunnerReport] {
    var reports: [RunnerReport] = []
    for stopwatch in stopwatches {
      for report in try stopwatch.look(now: now) {
        if let reason = Self.failure(report), try again(report.trial, reason, notice, now: now) {
          continue
        }
        switch report {
        case .ended, .measured, .hindered: questions[report.trial] = nil
        case .event: break
        }
        reports.append(report)
      }
    }
    return reports
  }

  /// Why a latency was not had; nil for any other report.
  private static func failure(_ report: RunnerReport) -> String? {
    switch report {
    case .hindered(_, let hindrance): hindrance.fault == .noLatency ? hindrance.reason : nil
    case .measured(_, nil, _): "no latency was given"
    case .measured, .event, .ended: nil
    }
  }

  private func again(
    _ trial: Int, _ reason: String, _ notice: (String) -> Void, now: Double
  ) throws -> Bool {
    guard let (question, tries, last) = questions[trial], tries < Self.mostTries else {
      return false
    }
    notice(
      "the latency of trial \(trial) is asked for again: \(String(reason.prefix(900)).oneLine)")
    ask(question, of: trial, tries: tries + 1, after: last, now: now)
    return true
  }

  /// Ends all of it now.
  func stop() {
    for stopwatch in stopwatches { stopwatch.stop() }
    questions = [:]
  }
}
