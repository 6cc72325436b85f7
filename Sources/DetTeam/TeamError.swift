public import DetBasics

/// Why processes that train together cannot begin or cannot go on.
public enum TeamError: SurroundingsError, Equatable, Sendable, CustomStringConvertible {
  /// A variable of torchrun or Slurm is missing or makes no sense.
  case variable(String, problem: String)
  /// Another program listens where rank 0 should.
  case portTaken(Int)
  /// Rank 0 did not answer in time.
  case unreachable(address: String, seconds: Int, problem: String)
  /// Not all ranks came in time.
  case missing([Int], seconds: Int)
  /// A rank does not fit the others, in words that name it.
  case refused(String)
  /// A rank is gone without a word: killed, or its machine or the way to it has failed.
  case lostRank(Int, how: String)
  /// A rank could not go on, and said why.
  case failedRank(Int, reason: String)
  /// A rank has left to begin again in the way that its request says, with all others.
  case beginsAgain(Int, request: String)
  /// The ranks do different things: a bug of ours.
  case outOfStep(String)

  /// Whether all ranks are asked to begin again.
  public var isBeginning: Bool { if case .beginsAgain = self { true } else { false } }

  /// That a rank is missing or gone is no fault of what was trained.
  public var surroundings: SurroundingsFault? {
    switch self {
    case .portTaken, .unreachable, .missing, .lostRank: .rankLost
    case .variable, .refused, .failedRank, .beginsAgain, .outOfStep: nil
    }
  }

  /// One line that says what, where, and what would be right.
  public var description: String {
    switch self {
    case .variable(let name, let problem): "the variable \(name) \(problem)"
    case .portTaken(let port):
      "port \(port) of rank 0 is taken by another program; choose another MASTER_PORT"
    case .unreachable(let address, let seconds, let problem):
      "rank 0 did not answer at \(address) within \(seconds) s: \(problem); check MASTER_ADDR and MASTER_PORT, and that "
        + "rank 0 was started"
    case .missing(let ranks, let seconds):
      "\(Self.words(ranks)) did not come within \(seconds) s; check that every rank was started, and that its machine "
        + "reaches rank 0"
    case .refused(let problem): problem
    case .lostRank(let rank, let how):
      "rank \(rank) was lost: \(how); start all ranks again to go on from the checkpoint"
    case .failedRank(let rank, let reason): "rank \(rank) could not go on: \(reason)"
    case .beginsAgain(let rank, let request):
      "rank \(rank) begins again (\(request)); start all ranks again to go on from the checkpoint"
    case .outOfStep(let problem): "the ranks are out of step: \(problem)"
    }
  }

  private static func words(_ ranks: [Int]) -> String {
    let list = ranks.map(String.init).joined(separator: ", ")
    return ranks.count == 1 ? "rank \(list)" : "ranks \(list)"
  }
}
