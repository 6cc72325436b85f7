import DetBasics
import DetExecution
import DetSearch
import DetSpec

/// How an attempt ended in good order: with a verdict, or so that another goes on.
struct AttemptEnd: Codable, Sendable, Hashable {
  enum Kind: String, WordCodable, Sendable {
    /// With the trial's outcome.
    case ended
    /// With a fault of the surroundings.
    case hindered
    /// Before the job's time limit.
    case timeLimit
    /// Because the scheduler, or somebody, asked the job to stop.
    case asked
    /// Because the search was gone for long.
    case orphaned
  }

  static let currentVersion = 1

  var version = currentVersion
  let kind: Kind
  /// Where it worked.
  let node: String
  /// Seconds that it took.
  let seconds: Double
  private(set) var outcome: Outcome.Kind?
  private(set) var reason: String?
  private(set) var signal: Int?
  private(set) var metrics: [String: Double]?
  private(set) var fault: String?

  /// An end without a verdict.
  init(_ kind: Kind, node: String, seconds: Double) {
    (self.kind, self.node, self.seconds) = (kind, node, seconds)
  }

  /// An end with what the worker came to.
  init(_ verdict: Verdict, node: String, seconds: Double) {
    self.node = node
    self.seconds = seconds
    switch verdict {
    case .ended(let outcome):
      kind = .ended
      self.outcome = outcome.kind
      if case .failed(let reason) = outcome { self.reason = reason }
      signal = outcome.signal
      if !outcome.metrics.isEmpty { metrics = outcome.metrics }
    case .hindered(let hindrance):
      kind = .hindered
      (fault, reason) = (hindrance.fault.rawValue, hindrance.reason)
    }
  }

  enum Verdict: Sendable, Hashable {
    case ended(Outcome)
    case hindered(Hindrance)
  }

  /// The verdict; nil for an end after which another goes on.
  var verdict: Verdict? {
    switch kind {
    case .ended:
      return .ended(
        Outcome(
          kind: outcome ?? .failed, reason: reason, signal: signal, metrics: metrics ?? [:]))
    case .hindered:
      return .hindered(
        Hindrance(
          fault: fault.flatMap(SurroundingsFault.init(rawValue:)) ?? .jobsLost,
          reason: reason ?? "no reason was recorded"))
    case .timeLimit, .asked, .orphaned: return nil
    }
  }
}
