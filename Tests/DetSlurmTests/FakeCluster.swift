import CommandTestSupport
import DetBasics
import DetExecution
import DetSearch
import DetSpec
import Foundation
import TestSupport
import Testing

@testable import DetSlurm

/// A cluster played by `Tests/Support/fake-slurm`, with real jobs of the built program, and small searches to carry out on it.
final class FakeCluster {
  private let temporary: TemporaryFolder
  var path: String { temporary.path }
  /// The folder of Slurm's commands.
  var commands: String { "\(path)/slurm" }

  init() throws {
    temporary = try TemporaryFolder()
    for name in ["tasks", "control"] { try temporary.makeFolder("slurm/\(name)") }
    for name in ["sbatch", "squeue", "scancel", "scontrol", "srun"] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(commands)/\(name)",
        withDestinationPath: Checkout.folder("Tests/Support/fake-slurm"))
    }
  }

  deinit { for task in tasks { if let pid = pid(task) { kill(pid, SIGKILL) } } }

  var scheduler: Scheduler {
    Scheduler(folder: commands, environment: ProcessInfo.processInfo.environment)
  }

  // MARK: - Orders

  func order(_ name: String, _ text: String = "") throws {
    try temporary.write("slurm/control/\(name)", text)
  }

  func lift(_ name: String) { unlink("\(commands)/control/\(name)") }

  /// The tasks by Slurm's names, in order.
  var tasks: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(commands)/tasks")) ?? [])
      .filter { $0.contains("_") }.sorted { $0.localizedStandardCompare($1) == .orderedAscending }
  }

  func fact(_ name: String, of task: String) -> String? {
    try? Files.text("\(commands)/tasks/\(task)/\(name)")
  }

  func pid(_ task: String) -> pid_t? { fact("pid", of: task).flatMap { pid_t($0) } }

  /// Ends a task at once, in a state.
  func force(_ task: String, _ state: String) throws {
    try temporary.write("slurm/tasks/\(task)/force", state)
  }

  func signal(_ task: String, _ number: Int32) { if let pid = pid(task) { kill(pid, number) } }

  /// The lines of a file that the cluster or a worker has written.
  func lines(_ name: String) -> [String] {
    ((try? Files.text("\(path)/\(name)")) ?? "").split(separator: "\n").map(String.init)
  }

  // MARK: - Searches

  /// Writes a worker; `$job` is the job file, `$design` its design, `$h` a number that follows from the design, `$attempt` the
  /// number of the trial's training, from 1. Every training leaves a line in `trainings`.
  func worker(_ body: String, name: String = "worker.sh") throws -> [String] {
    let file = try temporary.write(
      name,
      """
      job=$1
      design=$(sed -n 's/.*"design" : "\\(.*\\)",/\\1/p' "$job")
      directory=$(sed -n 's/.*"directory" : "\\(.*\\)",/\\1/p' "$job")
      h=$(printf %s "$design" | cksum | cut -d' ' -f1)
      echo "$design" >> '\(path)/trainings'
      attempt=$(grep -cFx "$design" '\(path)/trainings')
      checkpoint="$directory/checkpoint.safetensors"
      \(body)

      """)
    return ["/bin/sh", file]
  }

  /// Reports results that follow from the design; designs with a number divisible by 7 fail.
  static let obedient = """
    echo '{"event":"started","parameters":1,"epochs":1,"trainingImages":1,"validationImages":1}'
    if [ $((h % 7)) = 0 ]; then echo '{"event":"failed","reason":"by lot"}'; exit 1; fi
    echo '{"event":"epoch","epoch":1,"metrics":{"loss":0.5}}'
    echo "weights of $design" > "$directory/weights.safetensors"
    ap=$((h % 800 + 100))
    latency=$((ap / 10 + h / 1000 % 20))
    echo "{\\"event\\":\\"finished\\",\\"metrics\\":{\\"AP\\":0.$ap,\\"latency\\":$latency}}"
    """

  /// The same of designs that all finish.
  static let finishing = obedient.replacingOccurrences(of: "h % 7", with: "h % 1000000007")

  /// Waits in its first training, until it is asked to stop; then it leaves a checkpoint.
  static let waiting = """
    trap 'echo "step 7" > "$checkpoint"; exit 130' TERM
    if [ ! -e "$checkpoint" ]; then
      echo waits >> "$directory/../../../../../waiting"
      while :; do sleep 0.05; done
    fi
    cat "$checkpoint" >> "$directory/../../../../../resumed"
    \(finishing)
    """

  /// A plan of so many trials.
  func plan(
    _ command: [String], trials: Int = 5, slurm: String? = "", runner: String = "",
    sections: String = "\"pruning\": false,"
  ) throws -> Plan {
    let cluster =
      slurm.map {
        "\"slurm\": { \($0.contains("\"tasks\"") ? "" : "\"tasks\": 1,") \"pollSeconds\": 0.1, \"program\": \"\(BuiltProgram.path)\", \($0) },"
      } ?? ""
    var plan = try Plan(
      text: """
        { "data": { "train": {}, "validation": {} }, "seed": 3,
          "structural": { "trials": \(trials), "initial": \(min(4, trials)), \(sections) "recipe": "small",
            "space": { "inputs": ["256x256", "128x128"], "backbones": ["resnet18 16", "resnet34 16"],
                       "necks": ["none", "fpn P1-P4 32"], "proposals": ["none", "rpn"],
                       "heads": ["rcnn", "retinanet", "cascade 2"] } },
          "runner": { "graceSeconds": 0.2, \(cluster) \(runner)
                      "command": \(try JSON.text(command)) } }
        """)
    plan.structural?.reseedShare = 0
    return plan
  }

  /// A run that is begun, or resumed, with all that carries it out.
  struct Session {
    let run: Run
    let coordinator: Coordinator
    /// What the runner wanted known.
    let notices: Notices

    var trials: [Trial] { get throws { try run.store.trials() } }
  }

  /// Words that are gathered.
  final class Notices {
    var lines: [String] = []
    var text: String { lines.joined(separator: "\n") }
  }

  func session(
    _ name: String, _ plan: Plan, resume: Bool = false,
    onMoment: @escaping (SlurmRunner.Moment) -> Void = { _ in },
    stopwatches: (RunFolder) -> [StopwatchPlan] = { _ in [] }
  ) throws -> Session {
    try Self.session(
      "\(path)/\(name)", plan, scheduler: scheduler, resume: resume, onMoment: onMoment,
      stopwatches: stopwatches)
  }

  static func session(
    _ path: String, _ plan: Plan, scheduler: Scheduler, resume: Bool,
    onMoment: @escaping (SlurmRunner.Moment) -> Void,
    stopwatches: (RunFolder) -> [StopwatchPlan] = { _ in [] }
  ) throws -> Session {
    let placed = PlacedPlan(plan)
    let run =
      try resume ? Run.resume(path, plan: placed) : Run.begin(path, plan: placed, versions: [:])
    let notices = Notices()
    let runner: any TrialRunner
    if let slurm = run.plan.runner.slurm {
      var settings = SlurmRunner.Settings(
        folder: run.folder, program: BuiltProgram.path, scheduler: scheduler)
      settings.stopwatches = stopwatches(run.folder)
      settings.onMoment = onMoment
      let made = try SlurmRunner(plan: run.plan.runner, slurm, settings)
      made.onNotice = { notices.lines.append($0) }
      runner = made
    } else {
      runner = try run.plan.runner.makeRunner(worker: [])
    }
    var settings = Coordinator.Settings(
      plan: run.plan, stages: run.plan.stages, folder: run.folder)
    settings.threads = run.plan.runner.threads(cores: 1)
    let coordinator = try Coordinator(
      settings: settings, store: run.store, runner: runner,
      cost: { design, _ in DesignCost(design, classes: 2) })
    return Session(run: run, coordinator: coordinator, notices: notices)
  }

  /// Carries a run out, or on; `watch` is called again and again meanwhile.
  @discardableResult
  func search(
    _ name: String, _ plan: Plan, resume: Bool = false, watch: @escaping () -> Void = {}
  ) throws -> (end: Coordinator.End, trials: [Trial], notices: String) {
    let session = try session(name, plan, resume: resume)
    session.coordinator.shouldStop = {
      watch()
      return false
    }
    let end = try session.coordinator.run()
    return (end, try session.trials, session.notices.text)
  }
}

/// What must be equal in two runs of one plan: everything but the time a trial took.
func content(_ trials: [Trial]) -> [String] {
  trials.map { trial in
    let metrics = trial.metrics.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let outcome = trial.outcome.map { "\($0.kind) \($0.reason ?? "") \(metrics)" } ?? "open"
    return
      "\(trial.id) \(trial.stage) \(trial.design) \(trial.seed) \(trial.known) \(trial.result?.sequence ?? 0) \(outcome)"
  }
}
