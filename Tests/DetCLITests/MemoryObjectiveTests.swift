import CommandTestSupport
import DetBasics
import DetSearch
import DetSpec
import Foundation
import Testing

/// A search for detectors that need little memory, with real trials.
@Suite(.enabled(if: FileManager.default.isWritableFile(atPath: "/proc/self/clear_refs")))
struct MemoryObjectiveTests {
  private let program: BuiltProgram
  private let run: String

  init() throws {
    program = try BuiltProgram()
    run = "\(program.folder)/run"
    let plan = try program.write(
      "plan.json",
      """
      { "name": "memory", "seed": 3,
        "data": {
          "train": { "format": "shapes", "count": 8, "size": "64x64", "seed": 1, "classes": ["circle", "square"] },
          "validation": { "format": "shapes", "count": 4, "size": "64x64", "seed": 2, "classes": ["circle", "square"] } },
        "structural": {
          "trials": 2, "initial": 2, "objectives": ["AP50", "memory"],
          "recipe": { "extends": "small", "epochs": 1, "batch": 4, "latency": { "warmupRuns": 2, "runs": 3 } },
          "space": { "inputs": ["64x64"], "backbones": ["resnet18 8", "resnet18 64"], "necks": ["fpn P1-P2 16"],
                     "proposals": ["none"], "heads": ["retinanet"] } },
        "runner": { "workers": 1, "threads": 1, "timeoutSeconds": 300 } }
      """)
    #expect(try program.run("search", plan, "--run", run).status == 0)
  }

  @Test func memoryIsAnObjectiveAColumnAndALimit() throws {
    let front = try JSON.decode(
      StageFronts.self, from: try program.run("front", run, "--json").output, source: "front")
    #expect(front.objectives == [.averagePrecision50, .memory])
    let least = try #require(front.members.first?.metrics[.memory])
    // A process with libtorch in it holds tens of megabytes, and these designs need little more.
    #expect((20e6...2e9).contains(least), "\(least) bytes")
    let table = try program.run("front", run).output.split(separator: "\n").map(String.init)
    #expect(table.first?.contains("memory") == true)
    let most = Metric.memory.text(try #require(front.members.last?.metrics[.memory]))
    let last = try #require(front.members.last)
    #expect(table.contains { $0.contains(" \(last.trial)  \(last.design)") && $0.contains(most) })
    #expect(try program.run("best", run, "--memory", "8GB").status == 0)
    let none = try program.run("best", run, "--memory", "5MB")
    #expect(none.status == 1)
    #expect(none.log.contains("the least memory is \(Metric.memory.text(least)), of trial"))
  }
}
