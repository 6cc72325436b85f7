import DetBasics

/// Which task of which array: Slurm's name of one job of a wave, as in `1234_7`.
struct TaskName: Hashable, Sendable, CustomStringConvertible {
  let job: Int
  let index: Int

  var description: String { "\(job)_\(index)" }
}

/// What the scheduler says of one task.
struct SchedulerTask: Sendable, Hashable {
  /// What a state means for whoever waits for the task.
  enum Phase: Sendable, Hashable {
    /// It waits, for the first time or again.
    case waiting
    /// It is at work, or is being ended or begun.
    case underWay
    /// It does not come back.
    case over
  }

  let name: TaskName
  /// Slurm's word, such as `RUNNING`.
  let state: String
  /// Where it works; empty while it waits.
  let node: String
  /// Why it is in its state, in Slurm's word.
  let reason: String
  /// What it was submitted with.
  let comment: String

  /// See `Phase`. A word that is not known is taken for work under way, so that nothing is given up too early.
  var phase: Phase {
    switch state {
    case "PENDING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT", "RESV_DEL_HOLD":
      .waiting
    case "COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "PREEMPTED", "BOOT_FAIL",
      "DEADLINE", "OUT_OF_MEMORY", "REVOKED":
      .over
    default: .underWay
    }
  }

  /// Whether Slurm itself holds it after it could not be begun, until somebody releases it: then it is lost. What a person holds, waits.
  var isHeldByFailure: Bool {
    state == "REQUEUE_HOLD" || state == "SPECIAL_EXIT"
      || phase == .waiting && reason.contains("requeued") && reason.contains("held")
  }

  /// What `squeue` is asked for each task, in this order.
  static let format = "%F|%K|%T|%N|%r|%k"

  /// Reads a line in that format; nil for one that is no task of an array.
  init?(line: Substring) {
    let parts = line.split(separator: "|", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, let job = Int(parts[0].trimmed), let index = Int(parts[1].trimmed)
    else { return nil }
    name = TaskName(job: job, index: index)
    (state, node, reason) = (String(parts[2]), String(parts[3]), String(parts[4]))
    comment = String(parts[5].trimmed)
  }
}
