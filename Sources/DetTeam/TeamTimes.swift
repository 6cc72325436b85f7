/// How long a team waits for what.
public struct TeamTimes: Sendable, Equatable {
  /// For all ranks to come, seconds: machines of a cluster start one after the other.
  public var joining = 300.0
  /// Without a word from a rank before it counts as lost, seconds.
  public var silence = 30.0
  /// Between two signs of life, seconds.
  public var beat = 3.0
  /// For a stranger to say who it is, and for the team to say who was lost, seconds.
  public var courtesy = 5.0

  /// The times that trainings use.
  public init() {}
}
