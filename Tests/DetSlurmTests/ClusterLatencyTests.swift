import DetBasics
import DetExecution
import DetSearch
import DetSpec
import Foundation
import Testing

@testable import DetSlurm

/// Latencies that nodes measure beside the jobs that train.
@Suite struct ClusterLatencyTests {
  let cluster: FakeCluster
  init() throws { cluster = try FakeCluster() }

  /// A program that answers with a time that follows from the design, and what it does before.
  private func stopwatches(
    _ before: String, nodes: [String] = ["n3", "n4"]
  ) throws -> (RunFolder) -> [StopwatchPlan] {
    let program = try cluster.worker(
      """
      trial=$(sed -n 's/.*"trial" : \\([0-9]*\\),*/\\1/p' "$job")
      echo "$trial $SLURMD_NODENAME" >> '\(cluster.path)/measured'
      \(before)
      ms=$((h % 97 + 100))
      echo "{\\"trial\\":$trial,\\"milliseconds\\":{\\"median\\":$ms,\\"p10\\":$ms,\\"p90\\":$ms,\\"samples\\":[$ms]},\\"conditions\\":{\\"device\\":\\"$device\\"}}"
      """, name: "stopwatch.sh")
    let path = cluster.commands
    return { folder in
      nodes.compactMap { node in
        StopwatchPlan(
          LatencyPlan(), own: ["\(path)/srun", "--nodelist=\(node)"] + program, node: node,
          images: ["/images/1.png"], classes: 2, folder: folder)
      }
    }
  }

  private func search(
    _ before: String, _ trials: Int = 4, sections: String = "\"pruning\": false,"
  ) throws -> (end: Coordinator.End, trials: [Trial], notices: String) {
    let command = try cluster.worker(
      FakeCluster.finishing.replacingOccurrences(of: ",\\\"latency\\\":$latency", with: ""))
    let plan = try cluster.plan(
      command, trials: trials, slurm: "\"tasks\": 2", sections: sections)
    let session = try cluster.session(
      "run", plan, stopwatches: stopwatches("device=card\n" + before))
    return (try session.coordinator.run(), try session.trials, session.notices.text)
  }

  @Test func everyTrainedTrialIsTimedOnANodeThatThePlanNames() throws {
    let (end, trials, _) = try search("")
    #expect(end == .complete)
    #expect(trials.allSatisfy { ($0.metrics[.latency] ?? 0) >= 100 })
    #expect(
      Set(cluster.lines("measured").compactMap { $0.split(separator: " ").last }) == ["n3", "n4"])
    #expect(cluster.lines("measured").count == 4)
  }

  @Test func designsAreTimedBeforeTheyAreTrained() throws {
    let (end, trials, _) = try search("", sections: "")
    #expect(end == .complete)
    #expect(trials.filter(\.isFinished).allSatisfy { ($0.metrics[.latency] ?? 0) >= 100 })
    let trained = Set(cluster.lines("measured"))
    #expect(trained.count == cluster.lines("measured").count, "none is timed twice")
  }

  @Test func aNodeThatGivesNoAnswerHasAnotherAsked() throws {
    let (end, trials, notices) = try search(
      "if [ $SLURMD_NODENAME = n3 ]; then echo 'srun: error: Node failure on n3' >&2; exit 1; fi")
    #expect(end == .complete && trials.allSatisfy { $0.metrics[.latency] != nil })
    #expect(notices.contains("is asked for again"))
  }

  @Test func differentCardsNeverStandOnOneAxis() throws {
    let (end, _, _) = try search("device=$SLURMD_NODENAME")
    guard case .paused(let pause) = end else {
      Issue.record("the search ended with \(end)")
      return
    }
    #expect(pause.cause == .fault(.otherDevice))
  }
}
