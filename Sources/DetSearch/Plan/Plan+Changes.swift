import DetBasics
package import DetSpec

extension Plan {
  /// Keys that may differ when a run is resumed: they say how fast it goes, or how far, never what it finds.
  private static let free: Set<String> = [
    "name", "runner.workers", "runner.timeoutSeconds", "runner.graceSeconds",
    "runner.memoryLimitMebibytes", "modular.trials", "latency.timeoutSeconds",
    "latency.measuresFront", "cache", "runner.cacheKey", "runner.slurm",
  ]

  /// The keys in which two plans describe different searches, as `key: OLD → NEW`; empty when a run of one can continue
  /// under the other.
  ///
  /// A stage that has not begun may come, go and change. The budget of stage one may grow as long as stage two has not begun,
  /// because that starts from stage one's end. `begun` are the stages that have.
  package func changes(in other: Plan, begun: Set<SearchStage>) throws -> [String] {
    var free = Self.free.union(
      SearchStage.allCases.filter { !begun.contains($0) }.map(\.rawValue))
    if !begun.contains(.modular) { free.insert("structural.trials") }
    return try JSON.value(self).differences(from: JSON.value(other), free: free)
  }
}
