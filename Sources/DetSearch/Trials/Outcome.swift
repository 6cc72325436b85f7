public import DetSpec

/// What became of a trial. A trial that fails is a value, never the end of the search.
public enum Outcome: Hashable, Sendable {
  /// It has results, by name: those of `Metric`, and whatever else its worker noted.
  case finished(metrics: [String: Double])
  /// It could not be done, for a reason in words.
  case failed(reason: String)
  /// Its process was ended by a signal that the search did not send.
  case crashed(signal: Int)
  /// It took longer than the plan allows.
  case timedOut
  /// Memory ran out.
  case outOfMemory
  /// Its loss stopped being a finite number.
  case diverged
  /// It was not evaluated, because it cannot improve the front; the reason in words, and as data. Programs before the
  /// proof was kept have left the words alone.
  case pruned(reason: String, proof: PruningProof? = nil)
  /// Its training was ended early, because it could not reach the front any more; the reason in words, and as data.
  case stopped(reason: String, proof: StoppingProof? = nil)

  /// The outcomes' names, as they stand in JSON and in the store.
  public enum Kind: String, Hashable, Sendable, WordCodable {
    /// See ``Outcome/finished(metrics:)``.
    case finished
    /// See ``Outcome/failed(reason:)``.
    case failed
    /// See ``Outcome/crashed(signal:)``.
    case crashed
    /// See ``Outcome/timedOut``.
    case timedOut
    /// See ``Outcome/outOfMemory``.
    case outOfMemory
    /// See ``Outcome/diverged``.
    case diverged
    /// See ``Outcome/pruned(reason:proof:)``.
    case pruned
    /// See ``Outcome/stopped(reason:proof:)``.
    case stopped

    /// The name for people.
    package var words: String {
      switch self {
      case .timedOut: "timed out"
      case .outOfMemory: "out of memory"
      case .stopped: "stopped early"
      case .finished, .failed, .crashed, .diverged, .pruned: rawValue
      }
    }
  }

  /// The outcome's name.
  public var kind: Kind {
    switch self {
    case .finished: .finished
    case .failed: .failed
    case .crashed: .crashed
    case .timedOut: .timedOut
    case .outOfMemory: .outOfMemory
    case .diverged: .diverged
    case .pruned: .pruned
    case .stopped: .stopped
    }
  }

  /// The outcome made of its parts, as they stand in JSON and in the store; the inverse of ``kind``, ``reason``,
  /// ``signal``, ``metrics``, ``proof`` and ``stopping``. Parts that do not belong to the kind are left out.
  public init(
    kind: Kind, reason: String?, signal: Int?, metrics: [String: Double],
    proof: PruningProof? = nil, stopping: StoppingProof? = nil
  ) {
    let reason = reason ?? "no reason was recorded"
    switch kind {
    case .finished: self = .finished(metrics: metrics)
    case .failed: self = .failed(reason: reason)
    case .crashed: self = .crashed(signal: signal ?? 0)
    case .timedOut: self = .timedOut
    case .outOfMemory: self = .outOfMemory
    case .diverged: self = .diverged
    case .pruned: self = .pruned(reason: reason, proof: proof)
    case .stopped: self = .stopped(reason: reason, proof: stopping)
    }
  }

  /// The results; empty unless finished.
  public var metrics: [String: Double] {
    if case .finished(let metrics) = self { return metrics }
    return [:]
  }

  /// The reason in words; nil when the name says all.
  public var reason: String? {
    switch self {
    case .failed(let reason), .pruned(let reason, _), .stopped(let reason, _): reason
    case .crashed(let signal): "ended by signal \(signal)"
    case .finished, .timedOut, .outOfMemory, .diverged: nil
    }
  }

  /// The reason; for outcomes that carry none, what they mean.
  package var explanation: String {
    switch self {
    case .finished: "it has results"
    case .failed(let reason), .pruned(let reason, _), .stopped(let reason, _): reason
    case .crashed(let signal): "ended by signal \(signal)"
    case .timedOut: "took longer than the plan's timeoutSeconds"
    case .outOfMemory: "memory ran out"
    case .diverged: "the loss stopped being a finite number"
    }
  }

  /// The signal that ended its process; nil unless crashed.
  public var signal: Int? {
    if case .crashed(let signal) = self { return signal }
    return nil
  }

  /// What proves that it need not be evaluated; nil unless pruned.
  public var proof: PruningProof? {
    if case .pruned(_, let proof) = self { return proof }
    return nil
  }

  /// What shows that its training need not go on; nil unless stopped.
  public var stopping: StoppingProof? {
    if case .stopped(_, let proof) = self { return proof }
    return nil
  }

  /// Whether it says how good the design is, or that it cannot be trained, whatever else was tried: not so of a pruned trial, nor of one
  /// that was stopped because of others.
  package var isOfTheDesign: Bool { kind != .pruned && kind != .stopped }

  /// Whether it was trained and judged: everything but a pruned trial.
  public var wasEvaluated: Bool { kind != .pruned }
}
