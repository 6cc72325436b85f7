import DetBasics
import DetSearch
import DetSpec
import Foundation
import Testing

@testable import DetSlurm

/// The section `runner.slurm` of a plan.
@Suite struct SlurmPlanTests {
  private func plan(_ runner: String, objectives: String = "\"AP\", \"macs\"", more: String = "")
    throws -> Plan
  {
    try Plan(
      text: """
        { "data": { "train": {}, "validation": {} }, \(more)
          "structural": { "trials": 4, "objectives": [\(objectives)] }, "runner": { \(runner) } }
        """)
  }

  @Test func theSectionReadsBackAsItIsWritten() throws {
    let plan = try plan(
      """
      "threads": 4, "slurm": { "options": ["--partition=gpu", "--gres=gpu:1"], "tasks": 64, "exclude": ["n7"],
        "launch": ["apptainer", "exec", "smnas.sif"], "store": "/var/tmp/me",
        "measurement": { "nodes": ["n1", "n2"], "options": ["--partition=quiet"] } }
      """, objectives: "\"AP\", \"latency\"")
    #expect(plan.runner.atOnce == 64 && plan.runner.threads(cores: 99) == 4)
    #expect(plan.runner.slurm?.measurement?.nodes == ["n1", "n2"])
    #expect(try Plan(text: JSON.text(plan)) == plan)
  }

  @Test(arguments: [
    ("[]", 0), ("[\"--gres=gpu:2\"]", 2), ("[\"--gres\", \"gpu\"]", 1),
    ("[\"--gres=disk:1,gpu:l4:4\"]", 4),
    ("[\"-G\", \"a100:3\"]", 3), ("[\"--gpus-per-node=8\", \"--nodes=2\"]", 16),
    ("[\"--gpus=1\", \"--gpus=4\"]", 4),
  ])
  func theCardsOfAJobAreThoseThatItsOptionsAskFor(_ options: String, _ cards: Int) throws {
    #expect(try plan("\"slurm\": { \"options\": \(options) }").runner.slurm?.cards == cards)
  }

  @Test func aRunMayMoveToAClusterAndBack() throws {
    let here = try plan("\"threads\": 1")
    let there = try plan("\"threads\": 1, \"slurm\": {}")
    #expect(try here.changes(in: there, begun: [.structural]).isEmpty)
    #expect(try !JSON.text(here).contains("slurm"))
  }

  @Test(arguments: [
    ("\"slurm\": { \"options\": [\"--array=0-3\"] }", "has --array, which the search gives itself"),
    ("\"slurm\": { \"options\": [\"gpu\"] }", "begins with \"gpu\"; use options such as"),
    ("\"slurm\": { \"tasks\": 5000 }", "runner.slurm: tasks is 5000; use 1 to 4096"),
    ("\"slurm\": { \"exclude\": [\"n[1-3]\"] }", "has n[1-3]; use names such as"),
    ("\"slurm\": { \"measurement\": {} }", "nodes"),
    ("\"slurm\": { \"measurement\": { \"nodes\": [] } }", "is an empty list"),
    ("\"slurm\": { \"store\": \"here\" }", "use a path that begins with /"),
    ("\"slurm\": { \"task\": 3 }", "did you mean \"tasks\""),
    ("\"slurm\": {}, \"device\": [\"cuda:0\", \"cuda:1\"]", "name one, such as \"cuda:0\""),
    (
      "\"command\": [\"mine\"], \"slurm\": { \"measurement\": { \"nodes\": [\"n1\"] } }",
      "runner.command names another program"
    ),
  ])
  func whatCannotBeIsRefusedWhenThePlanIsRead(_ runner: String, _ words: String) {
    let error = #expect(throws: (any Error).self) { try plan(runner) }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.lowercased().contains(words.lowercased()), "\(text)")
  }

  @Test func latenciesAreComparedOnNodesThatThePlanNames() throws {
    let error = #expect(throws: (any Error).self) {
      try plan("\"slurm\": {}", objectives: "\"AP\", \"latency\"")
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("runner.slurm.measurement names no nodes"))
    let other = try plan(
      "\"slurm\": {}", objectives: "\"AP\", \"latency\"",
      more: "\"latency\": { \"command\": [\"ask-the-telephone\"] },")
    #expect(!other.latency.measuresFront || other.runner.slurm != nil)
  }

  @Test func theCommandThatMeasuresHasItsNodeToItself() throws {
    let slurm = try #require(
      try plan(
        "\"slurm\": { \"setup\": [\"module load cuda\"], \"launch\": [\"box\"], \"measurement\": { \"nodes\": [\"n3\"], \"options\": [\"-p\", \"quiet\"] } }"
      ).runner.slurm)
    let own = ["smnas-torch", "measurement"]
    let timed = slurm.measurement(own, on: "n3", threads: 2, seconds: 90, environment: [:])
    // The plan's options come behind the limit, so that theirs counts.
    let limit = try #require(timed.firstIndex(of: "--time=3"))
    #expect(limit < (timed.firstIndex(of: "-p") ?? 0))
    #expect(
      slurm.measurement(own, on: "n3", threads: 2, seconds: nil, environment: [:])
        == [
          "srun", "--exclusive", "--nodes=1", "--ntasks=1", "--nodelist=n3", "--cpus-per-task=2",
          "--job-name=smnas-latency", "-p", "quiet", "bash", "-c",
          "module load cuda\nexec \"$@\"", "bash", "box", "smnas-torch", "measurement",
        ])
  }
}
