package import DetSearch

extension SlurmPlan {
  /// The command that measures on one of the cluster's nodes, which it has to itself; the job file's path follows.
  ///
  /// - Parameters:
  ///   - own: the program that measures, as this machine finds it.
  ///   - node: where.
  ///   - threads: what it computes with.
  ///   - environment: this process's variables.
  /// - Returns: the words.
  package func measurement(
    _ own: [String], on node: String, threads: Int, environment: [String: String]
  ) -> [String] {
    let words = Scheduler.wordsOutsideOfJobs(environment)
    let begun =
      setup.isEmpty
      ? [] : ["bash", "-c", (setup + ["exec \"$@\""]).joined(separator: "\n"), "bash"]
    return words
      + [
        "srun", "--exclusive", "--nodes=1", "--ntasks=1", "--nodelist=\(node)",
        "--cpus-per-task=\(threads)", "--job-name=smnas-latency",
      ] + (measurement?.options ?? []) + begun + launch + own
  }
}
