import DetBasics
import DetExecution
import DetSearch
import DetSpec
import Foundation
import Testing

@Suite struct RunnerPlanTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  @Test func aPlansFileMeansProcesses() throws {
    let plan = try sandbox.plan()
    #expect(try plan.runner.makeRunner(worker: ["/bin/true"]) is SubprocessRunner)
  }

  @Test func aTableIsLookedUpByTheSameCoordinator() throws {
    let plan = try sandbox.plan(Sandbox.single)
    let line = """
      {"design":"128x128 | resnet18 16 | none | rpn | rcnn","metrics":{"AP":0.5,"latency":20},"seconds":80}
      """
    try AtomicFile.write(line + "\n", to: "\(sandbox.path)/table.jsonl")
    let runner = SimulatedRunner(
      try RecordedTable(file: "\(sandbox.path)/table.jsonl"), timeoutSeconds: 1e9)
    let store = try Store(path: ":memory:")
    let coordinator = try Coordinator(
      settings: .init(plan: plan, stages: plan.stages, folder: nil), store: store, runner: runner,
      cost: Sandbox.cost)
    #expect(try coordinator.run() == .complete)
    #expect(runner.now == 80)
    #expect(try store.trials().map(\.metrics["AP"]) == [0.5])
  }

  @Test func aTableThatIsNotThereIsNamed() throws {
    let error = #expect(throws: FileError.self) {
      try RecordedTable(file: "\(sandbox.path)/nowhere.jsonl")
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("nowhere.jsonl"))
  }
}
