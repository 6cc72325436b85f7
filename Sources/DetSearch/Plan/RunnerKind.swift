/// What carries a plan's trials out. Each kind has its file in DetExecution's `Runners`, and is made there from the plan.
public enum RunnerKind: Hashable, Sendable {
  /// Processes of this machine, one a trial.
  case processes
  /// Nothing: the trials were recorded in a file, and are looked up there on simulated time.
  case table(String)
}
