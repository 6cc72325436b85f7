import DetCommand
import DetSearch
import DetSlurm
import Foundation

extension Context {
  /// This program's command that measures latencies for a plan: on this machine, or on a node of the cluster that the plan names.
  ///
  /// On a node it may take so many seconds.
  func stopwatch(
    for runner: RunnerPlan, node: String? = nil, seconds: Double? = nil
  ) throws -> [String] {
    let own = try torch.stopwatch()
    guard let slurm = runner.slurm, let node = node ?? slurm.measurement?.nodes.first else {
      return own
    }
    let there = slurm.program.map { [$0] + own.dropFirst() } ?? own
    return slurm.measurement(
      there, on: node,
      threads: runner.threads(cores: ProcessInfo.processInfo.activeProcessorCount),
      seconds: seconds, environment: environment)
  }
}
