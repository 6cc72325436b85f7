import DetBasics
import DetSearch
import DetSpec
import Foundation
import Testing

@testable import DetExecution

/// Trainings that end before their last epoch, on simulated time and by programs.
@Suite struct EarlyStoppingTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  private static let sections = Sandbox.sections.replacingOccurrences(
    of: "\"trials\": 10",
    with: "\"trials\": 16, \"searcher\": \"evolution\", \"pruning\": false")

  private func plan(_ change: (String) -> String = { $0 }) throws -> Plan {
    var plan = try sandbox.plan(change(Self.sections))
    plan.structural?.recipe.epochs = 4
    plan.structural?.objectives = [.averagePrecision, .macs]
    return plan
  }

  /// Four epochs of one second each, the gains a little different from design to design.
  private func table() throws -> RecordedTable {
    let space = try StructuralSpace(try #require(try plan().structural?.space))
    let lines = try (0..<space.size).map { index in
      let design = space.design(at: index)
      let hash = StableHash.value(of: design.text)
      let end = Double(hash % 1000) / 1000 + 0.3
      let epochs = [(2, end - 0.2 - Double(hash / 1000 % 10) / 100), (4, end)].map {
        RecordedTable.Epoch(epoch: $0, metrics: ["AP": $1])
      }
      return
        "{\"design\": \"\(design)\", \"metrics\": \(try JSON.text(["AP": end])), \"seconds\": 4, \"epochs\": \(try JSON.text(epochs))}"
    }
    return try RecordedTable(
      data: Data((lines.joined(separator: "\n") + "\n").utf8), source: "t.jsonl")
  }

  /// One session in a folder of its own; it ends after so many reports.
  private func session(
    _ name: String, _ plan: Plan, resume: Bool = false, reports: Int = .max
  ) throws -> (seconds: Double, trials: [Trial], reports: Int) {
    let path = "\(sandbox.path)/\(name)"
    let run = try resume ? Run.resume(path, plan: plan) : Run.begin(path, plan: plan, versions: [:])
    let runner = SimulatedRunner(try table(), timeoutSeconds: 1e9)
    let coordinator = try Coordinator(
      settings: .init(plan: plan, stages: plan.stages, folder: run.folder), store: run.store,
      runner: runner, cost: Sandbox.cost)
    var asked = 0
    coordinator.shouldStopNow = {
      asked += 1
      return asked > reports
    }
    _ = try coordinator.run()
    return (runner.now, try run.store.trials(), asked)
  }

  @Test func stoppedTrainingsSaveTimeAndTheFrontIsTheSame() throws {
    let plan = try plan()
    let stopping = try session("stopping", plan)
    let whole = try session(
      "whole", plan.withoutStopping)
    let stopped = stopping.trials.filter { $0.outcome?.kind == .stopped }
    #expect(stopped.count >= 4, "\(stopped.count)")
    #expect(
      stopped.allSatisfy { $0.result?.seconds == 2 && $0.outcome?.stopping?.secondsSaved == 2 })
    #expect(stopping.seconds == whole.seconds - 2 * Double(stopped.count))
    let objectives = plan.objectives(of: .structural)
    func front(_ trials: [Trial]) -> Set<String> {
      Set(Front(of: trials, stage: .structural, objectives: objectives).members.map(\.design.text))
    }
    // All of the space was tried.
    #expect(stopping.trials.count == 16 && front(stopping.trials) == front(whole.trials))
    for trial in stopped {
      let rival = try #require(stopping.trials.first { $0.id == trial.outcome?.stopping?.rival })
      let own = try #require(whole.trials.first { $0.design == trial.design })
      #expect(rival.metrics["AP"] ?? 0 >= own.metrics["AP"] ?? 1)
    }
  }

  @Test func killedAtEveryEventItStopsTheSame() throws {
    let plan = try plan { $0.replacingOccurrences(of: "\"trials\": 16", with: "\"trials\": 12") }
    let whole = try session("whole", plan)
    #expect(whole.trials.contains { $0.outcome?.kind == .stopped })
    for cut in 1..<whole.reports {
      _ = try session("cut\(cut)", plan, reports: cut)
      let second = try session("cut\(cut)", plan, resume: true)
      #expect(content(second.trials) == content(whole.trials), "after \(cut) reports")
    }
  }

  /// A worker that would go on for a minute is ended as soon as its epoch is reported.
  @Test func aWorkerIsEndedAtOnce() throws {
    let worker = try sandbox.worker(
      """
      echo '{"event":"started","parameters":1,"epochs":4,"trainingImages":1,"validationImages":1}'
      n=$(ls '\(sandbox.path)/run/trials' | wc -l)
      if [ $n -gt 5 ]; then
        echo '{"event":"epoch","epoch":2,"metrics":{"AP":0.01}}'
        sleep 60
      fi
      echo '{"event":"epoch","epoch":2,"metrics":{"AP":0.5}}'
      echo '{"event":"finished","metrics":{"AP":0.6,"latency":2}}'
      """)
    var plan = try plan { $0.replacingOccurrences(of: "\"trials\": 16", with: "\"trials\": 8") }
    plan.structural?.objectives = [.averagePrecision]
    let begin = ContinuousClock.now
    let (end, trials) = try sandbox.search("run", plan, worker)
    #expect(end == .complete && ContinuousClock.now - begin < .seconds(30))
    #expect(
      trials.map { $0.outcome?.kind } == [
        .finished, .finished, .finished, .finished, .finished, .stopped, .stopped, .stopped,
      ])
    #expect(
      trials.suffix(3).allSatisfy {
        $0.outcome?.stopping?.epoch == 2 && $0.outcome?.stopping?.secondsSaved ?? 0 > 0
      })
  }
}

extension Plan {
  fileprivate var withoutStopping: Plan {
    var plan = self
    plan.structural?.earlyStopping = false
    return plan
  }
}
