import DetBasics
import DetCommand
import DetExecution
import DetSearch
import DetSpec
import Foundation

/// What people see of a search under way, on standard error: a line per ended trial, and on a terminal one last line that is
/// redrawn.
final class ProgressLine {
  private let log: Log
  private let isTerminal: Bool
  private let plan: Plan
  private var isDrawn = false
  private var last: SearchProgress?
  private var isStopping = false

  init(_ context: Context, plan: Plan) {
    log = context.log
    isTerminal = context.isTerminal
    self.plan = plan
  }

  /// Says what became of a trial.
  func show(_ trial: Trial) {
    guard trial.outcome?.wasEvaluated == true else { return }
    let seconds =
      trial.result.map { $0.cached?.words ?? Durations.text(seconds: $0.seconds) } ?? ""
    print("trial \(trial.id)  \(result(trial))  \(seconds)  \(trial.design)")
    if isTerminal, let last { draw(last) }
  }

  /// Shows how far the search is; not on a terminal only when a trial has ended.
  func show(_ progress: SearchProgress) {
    if isTerminal {
      draw(progress)
    } else if progress.done != last?.done {
      log(text(progress))
    }
    last = progress
  }

  /// Says what the search met that keeps it from handing out more trials.
  func show(_ pause: Pause, underWay: Int) {
    let place = pause.trial.map { "trial \($0): " } ?? ""
    print("\(Program.name): the search pauses: \(pause.words)\n  \(place)\(pause.reason)")
    showWaiting(underWay)
  }

  /// Says what the runner wants known.
  func show(notice: String) {
    print("\(Program.name): \(notice)")
    if isTerminal, let last { draw(last) }
  }

  /// Says, once, that the search stops when what is under way has ended.
  func showStop() {
    guard !isStopping else { return }
    isStopping = true
    print("\(Program.name): stopping: no trial is begun any more")
    showWaiting(last?.running ?? 0)
  }

  private func showWaiting(_ running: Int) {
    guard running > 0 else { return }
    print(
      "\(Program.name): trials under way (\(running)) are finished first; Ctrl-C \(isStopping ? "again " : "")"
        + "ends them now, and --resume does them again")
  }

  private func result(_ trial: Trial) -> String {
    guard trial.isFinished else {
      let reason = trial.outcome?.reason.map { ": \($0)" } ?? ""
      return trial.words(whileSearching: true) + reason
    }
    return plan.objectives(of: trial.stage)
      .map { "\($0.descriptor.title) \($0.cell(trial.metrics))" }.joined(separator: "  ")
  }

  private func text(_ progress: SearchProgress) -> String {
    let total = progress.done + progress.running + progress.remaining
    let place = [progress.stage.rawValue, progress.pick].compactMap { $0 }.joined(separator: " ")
    var parts = ["\(place): \(progress.done) of \(total.of("trial"))"]
    if progress.running > 0 { parts.append("\(progress.running) running") }
    if progress.failed > 0 { parts.append("\(progress.failed) without a result") }
    if progress.stopped > 0 { parts.append("\(progress.stopped) stopped early") }
    if progress.pruned > 0 { parts.append("\(progress.pruned) pruned") }
    parts.append("front \(progress.frontSize)")
    parts.append("hypervolume \(progress.hypervolume.fixed(3))")
    if let left = progress.secondsLeft, total > progress.done {
      parts.append("about \(Durations.text(seconds: left)) left")
    }
    return parts.joined(separator: ", ")
  }

  /// Up one line, clear it, write it again.
  private func draw(_ progress: SearchProgress) {
    log((isDrawn ? "\u{1B}[1A\u{1B}[2K" : "") + text(progress))
    isDrawn = true
  }

  private func print(_ line: String) {
    log((isDrawn ? "\u{1B}[1A\u{1B}[2K" : "") + line)
    isDrawn = false
  }
}
