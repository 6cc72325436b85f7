/// One process's place in a team: which one it is of how many, and where they meet.
public struct TeamPlace: Sendable, Equatable {
  /// The process's number, from 0.
  public var rank: Int
  /// How many processes there are.
  public var count: Int
  /// Where rank 0 waits for the others: a name or a number of its machine.
  public var address: String
  /// The port there.
  public var port: Int
  /// The process's number among those of its machine, from 0.
  public var localRank: Int
  /// What tells two teams apart that meet by mistake; empty where the launcher gives nothing.
  public var run: String

  /// Describes a place.
  public init(
    rank: Int, count: Int, address: String, port: Int, localRank: Int? = nil, run: String = ""
  ) {
    self.rank = rank
    self.count = count
    self.address = address
    self.port = port
    self.localRank = localRank ?? rank
    self.run = run
  }

  /// Where ranks listen: an address that names this machine alone can be reached by no other; else on all networks.
  var ownAddress: String? {
    let isLocal = address == "localhost" || address == "::1" || address.hasPrefix("127.")
    return isLocal ? address : nil
  }
}
