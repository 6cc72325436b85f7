package import DetSearch

extension SlurmPlan {
  /// The command that measures on one of the cluster's nodes, which it has to itself; the job file's path follows.
  ///
  /// - Parameters:
  ///   - own: the program that measures, as this machine finds it.
  ///   - node: where.
  ///   - threads: what it computes with.
  ///   - seconds: what it may take; then the node is free again, even if whoever waits for the answer is gone. Nil for as long as it
  ///     takes, or as the plan's options say.
  ///   - environment: this process's variables.
  /// - Returns: the words.
  package func measurement(
    _ own: [String], on node: String, threads: Int, seconds: Double?, environment: [String: String]
  ) -> [String] {
    let words = Scheduler.wordsOutsideOfJobs(environment)
    let begun =
      setup.isEmpty
      ? [] : ["bash", "-c", (setup + ["exec \"$@\""]).joined(separator: "\n"), "bash"]
    // Of two limits the latter counts: the plan's.
    let limit = seconds.map { ["--time=\(Int(($0 / 60).rounded(.up)) + 1)"] } ?? []
    return words
      + [
        "srun", "--exclusive", "--nodes=1", "--ntasks=1", "--nodelist=\(node)",
        "--cpus-per-task=\(threads)", "--job-name=smnas-latency",
      ] + limit + (measurement?.options ?? []) + begun + launch + own
  }
}
