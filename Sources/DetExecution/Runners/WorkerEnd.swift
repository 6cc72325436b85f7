import DetBasics
package import DetSearch
package import DetSpec
import Foundation

/// How a worker's process ended, before anybody judged it.
package struct WorkerEnd: Sendable, Hashable {
  /// What ended the process.
  package enum Cause: Sendable, Hashable {
    /// It returned a status.
    case exited(Int)
    /// A signal that the search did not send.
    case signalled(Int)
    /// It was stopped at the deadline.
    case deadline
    /// It was stopped because it held more memory than the plan allows.
    case memoryLimit
    /// The system's out-of-memory killer ended it.
    case memoryKiller
    /// It was stopped because it printed this line, which is no event.
    case garbage(String)
  }

  /// What ended it.
  package let cause: Cause
  /// The last event that ends a trial: `finished` or `failed`; nil when there was none.
  package let verdict: TrialEvent?
  /// The last line it wrote for people, for the reason of a failure.
  package let lastWords: String

  /// Describes an end.
  package init(cause: Cause, verdict: TrialEvent?, lastWords: String = "") {
    self.cause = cause
    self.verdict = verdict
    self.lastWords = lastWords
  }
}

extension WorkerEnd {
  /// What the end means for the trial; results are not checked yet.
  ///
  /// A `finished` event stands, whatever the process did afterwards. Then comes what the search itself did to the
  /// worker, then what the worker said, then how it went.
  package var outcome: Outcome {
    if case .finished(let metrics)? = verdict { return .finished(metrics: metrics) }
    switch cause {
    case .deadline: return .timedOut
    case .memoryLimit, .memoryKiller: return .outOfMemory
    case .garbage(let line): return .failed(reason: Self.quoted(line))
    case .exited, .signalled: break
    }
    if case .failed(let reason, let kind)? = verdict {
      switch kind {
      case .diverged: return .diverged
      case .outOfTime: return .timedOut
      case .outOfMemory: return .outOfMemory
      case .error, .surroundings: return .failed(reason: reason)
      }
    }
    return silentEnd
  }

  /// What around the trial kept the worker from judging the design; nil when it was the design, or nobody can know.
  ///
  /// What the search did to the worker goes first, as in ``outcome``; then the worker's own word; then its exit status; then
  /// what it quotes from the system.
  package var hindrance: Hindrance? {
    switch cause {
    case .deadline, .memoryLimit, .memoryKiller, .garbage: return nil
    case .exited, .signalled: break
    }
    switch verdict {
    case .failed(let reason, .surroundings(let fault))?:
      return Hindrance(fault: fault, reason: reason)
    case .failed(let reason, .error)?:
      return SurroundingsFault(quotedIn: reason).map { Hindrance(fault: $0, reason: reason) }
    case .failed(_, .diverged)?, .failed(_, .outOfTime)?, .failed(_, .outOfMemory)?, .finished?:
      return nil
    case .started?, .epoch?, .step?, .notice?, .latency?, nil: break
    }
    let fault = silentFault ?? SurroundingsFault(quotedIn: lastWords)
    return fault.map { Hindrance(fault: $0, reason: silentEnd.explanation) }
  }

  /// What an end without a final event says by its status, or by the signal for a file beyond the largest size allowed.
  private var silentFault: SurroundingsFault? {
    switch cause {
    case .signalled(Self.fileTooLarge), .exited(128 + Self.fileTooLarge): .diskFull
    case .exited(let status): SurroundingsFault(exitStatus: status)
    case .signalled, .deadline, .memoryLimit, .memoryKiller, .garbage: nil
    }
  }

  private static let fileTooLarge = Int(SIGXFSZ)

  /// An end without a final event. A shell says 128 + n for a program that signal n ended.
  private var silentEnd: Outcome {
    switch cause {
    case .signalled(let signal): return .crashed(signal: signal)
    case .exited(137): return .outOfMemory
    case .exited(let status) where Self.crashes.contains(status - 128):
      return .crashed(signal: status - 128)
    case .exited(0): return .failed(reason: "ended without a result" + remark)
    case .exited(let status): return .failed(reason: "exited with status \(status)" + remark)
    case .deadline, .memoryLimit, .memoryKiller, .garbage: return .failed(reason: "stopped")
    }
  }

  /// SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV.
  private static let crashes: Set<Int> = [4, 6, 7, 8, 11]

  private var remark: String { lastWords.isEmpty ? "" : ": \(lastWords.prefix(300))" }

  private static func quoted(_ line: String) -> String {
    let short = line.count > 200 ? line.prefix(200) + "…" : line[...]
    return "printed a line that is no event: \"\(short)\""
  }
}
