import DetBasics
import DetExecution
import DetSearch
import DetSpec
import Foundation
import TestSupport
import Testing

/// Workers in /bin/sh, a folder that goes away with the test, and a small search to carry out.
final class Sandbox {
  private let folder: TemporaryFolder
  var path: String { folder.path }

  init() throws { folder = try TemporaryFolder() }

  /// Writes a worker; `$job` is the job file, `$design` its design, `$h` a number that follows from the design.
  func worker(_ body: String, name: String = "worker.sh") throws -> [String] {
    let script = """
      job=$1
      design=$(sed -n 's/.*"design" : "\\(.*\\)",/\\1/p' "$job")
      directory=$(sed -n 's/.*"directory" : "\\(.*\\)",/\\1/p' "$job")
      h=$(printf %s "$design" | cksum | cut -d' ' -f1)
      \(body)
      """
    let file = "\(path)/\(name)"
    try AtomicFile.write(script + "\n", to: file)
    return ["/bin/sh", file]
  }

  /// Reports results that follow from the design; designs with a number divisible by 7 fail.
  static let obedient = """
    echo '{"event":"started","parameters":1,"epochs":1,"trainingImages":1,"validationImages":1}'
    echo "training $design" >&2
    if [ $((h % 7)) = 0 ]; then echo '{"event":"failed","reason":"by lot"}'; exit 1; fi
    echo '{"event":"epoch","epoch":1,"metrics":{"loss":0.5}}'
    ap=$((h % 800 + 100))
    latency=$((ap / 10 + h / 1000 % 20))
    echo "{\\"event\\":\\"finished\\",\\"metrics\\":{\\"AP\\":0.$ap,\\"latency\\":$latency}}"
    """

  static let sections = """
    "structural": { "trials": 10, "initial": 4, "recipe": "small",
      "space": { "inputs": ["256x256", "128x128"], "backbones": ["resnet18 16", "resnet34 16"],
                 "necks": ["none", "fpn P1-P4 32"], "proposals": ["none", "rpn"],
                 "heads": ["rcnn", "retinanet", "cascade 2"] } }
    """

  /// The same without pruning: no design is timed before it is trained.
  static let unpruned = sections.replacingOccurrences(
    of: "\"trials\": 10", with: "\"pruning\": false, \"trials\": 10")

  func plan(_ sections: String = Sandbox.sections, runner: String = "{ \"graceSeconds\": 0.2 }")
    throws -> Plan
  {
    var plan = try Plan(
      text: """
        { "data": { "train": {}, "validation": {} }, "seed": 3, \(sections), "runner": \(runner) }
        """)
    if !sections.contains("reseedShare") {
      plan.structural?.reseedShare = 0
      plan.modular?.reseedShare = 0
    }
    return plan
  }

  static let cost: CostModel = { design, _ in DesignCost(design, classes: 2) }

  /// Carries a run out, or on, and gives its trials. `own` is what takes the place of this program where it times designs.
  @discardableResult
  func search(
    _ folder: String, _ plan: Plan, _ command: [String], resume: Bool = false,
    maxTrials: Int = .max, own: [String]? = nil,
    configure: (Coordinator) -> Void = { _ in }
  ) throws -> (end: Coordinator.End, trials: [Trial]) {
    let path = "\(path)/\(folder)"
    let run =
      try resume ? Run.resume(path, plan: plan) : Run.begin(path, plan: plan, versions: [:])
    var settings = Coordinator.Settings(plan: run.plan, stages: run.plan.stages, folder: run.folder)
    settings.maxTrials = maxTrials
    let runner = try run.plan.runner.makeRunner(
      worker: command,
      stopwatch: StopwatchPlan(
        run.plan.latency, own: own, images: ["/images/1.png"], classes: 2, folder: run.folder))
    let coordinator = try Coordinator(
      settings: settings, store: run.store, runner: runner, cost: Self.cost)
    configure(coordinator)
    let end = try coordinator.run()
    return (end, try run.store.trials())
  }

  /// A plan with one design only, for tests of one worker.
  static let single = """
    "structural": { "trials": 1, "space": { "inputs": ["128x128"], "backbones": ["resnet18 16"],
      "necks": ["none"], "proposals": ["rpn"], "heads": ["rcnn"] } }
    """

  /// The outcome of one trial done by a worker.
  func outcome(_ body: String, runner: String = "{ \"graceSeconds\": 0.2 }") throws -> Outcome {
    let command = try worker(body)
    let trials = try search("run", plan(Self.single, runner: runner), command).trials
    return try #require(trials.first?.outcome)
  }
}

extension Run {
  /// Begins a run of a plan without paths.
  static func begin(_ path: String, plan: Plan, versions: [String: String]) throws -> Run {
    try begin(path, plan: PlacedPlan(plan), versions: versions)
  }

  /// Resumes a run of a plan without paths.
  static func resume(_ path: String, plan: Plan) throws -> Run {
    try resume(path, plan: PlacedPlan(plan))
  }
}

/// What must be equal in two runs of one plan: everything but the time a trial took.
func content(_ trials: [Trial]) -> [String] {
  trials.map { trial in
    let suggestion = trial.suggestion
    let metrics = trial.metrics.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let outcome = trial.outcome.map { "\($0.kind) \($0.reason ?? "") \(metrics)" } ?? "open"
    return
      "\(trial.id) \(suggestion.stage) \(suggestion.step) \(suggestion.design) \(suggestion.origin) "
      + "\(trial.seed) \(trial.known) \(trial.result?.sequence ?? 0) \(outcome)"
  }
}
