import DetBasics
import Foundation

extension Plan {
  /// Keys that may differ when a run is resumed: they say how fast it goes, or how far, never what it finds.
  private static let free: Set<String> = [
    "name", "runner.workers", "runner.timeoutSeconds", "runner.graceSeconds",
    "runner.memoryLimitMebibytes", "modular.trials", "latency.timeoutSeconds",
    "latency.measuresFront",
  ]

  /// The keys in which two plans describe different searches, as `key: OLD → NEW`; empty when a run of one can continue
  /// under the other.
  ///
  /// The budget of stage one may grow as long as stage two has not begun, because that starts from stage one's end.
  package func changes(in other: Plan, stageTwoHasBegun: Bool) throws -> [String] {
    let mine = try JSON.value(self)
    let others = try JSON.value(other)
    let free = stageTwoHasBegun ? Self.free : Self.free.union(["structural.trials"])
    return mine.differences(from: others, free: free)
  }
}
