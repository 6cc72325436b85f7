import DetBasics
import DetSearch
import DetSpec
import Foundation
import Testing

@testable import DetExecution

/// Designs that are timed before it is decided whether to train them, by programs.
@Suite struct TimedFirstTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  /// Notes what it trains; whatever latency it reports itself does not count.
  private var worker: String {
    """
    echo "train $(basename "$directory")" >> '\(sandbox.path)/done'
    echo '{"event":"latency","milliseconds":{"median":1,"p10":1,"p90":1,"samples":[1]}}'
    \(Sandbox.obedient)
    """
  }

  /// Notes what it times, and answers with a time that follows from the design.
  private var answer: String {
    """
    mkdir '\(sandbox.path)/busy' || echo overlap >> '\(sandbox.path)/done'
    echo "time $(printf %06d "$trial")" >> '\(sandbox.path)/done'
    ms=$((h / 7 % 90 + 10))
    rmdir '\(sandbox.path)/busy'
    echo "{\\"trial\\":$trial,\\"milliseconds\\":{\\"median\\":$ms,\\"p10\\":$ms,\\"p90\\":$ms,\\"samples\\":[$ms]},\\"conditions\\":{\\"device\\":\\"telephone\\",\\"interval\\":{\\"low\\":$ms,\\"high\\":$ms.5}}}"
    """
  }

  private func program(_ body: String) throws -> [String] {
    try sandbox.worker(
      "trial=$(sed -n 's/.*\"trial\" : \\([0-9]*\\),*/\\1/p' \"$job\")\n" + body,
      name: "stopwatch.sh")
  }

  /// All 16 designs, as far as they are not pruned.
  private static let sections = Sandbox.sections.replacingOccurrences(
    of: "\"trials\": 10", with: "\"trials\": 16, \"searcher\": \"evolution\"")

  private func plan(_ command: [String]?, runner: String = "{ \"graceSeconds\": 0.2 }") throws
    -> Plan
  {
    let latency = try command.map { "\"latency\": { \"command\": \(try JSON.text($0)) }," } ?? ""
    return try sandbox.plan(latency + Self.sections, runner: runner)
  }

  private var done: [String] {
    get throws {
      try Files.text("\(sandbox.path)/done").split(separator: "\n").map(String.init)
    }
  }

  /// By the plan's own program, by this one's, and by two workers.
  @Test(arguments: [(true, 1), (false, 1), (true, 2)])
  func everyDesignIsTimedAndThenPrunedOrTrained(_ isOfPlan: Bool, _ workers: Int) throws {
    let command = try program(answer)
    let plan = try plan(
      isOfPlan ? command : nil, runner: "{ \"graceSeconds\": 0.2, \"workers\": \(workers) }")
    let (end, trials) = try sandbox.search(
      "run", plan, sandbox.worker(worker), own: isOfPlan ? nil : command)
    #expect(end == .complete)
    let pruned = trials.filter { $0.outcome?.kind == .pruned }
    #expect(!pruned.isEmpty && trials.count == 16)
    let done = try done
    #expect(!done.contains("overlap"))
    let run = try RunSnapshot("\(sandbox.path)/run")
    for trial in trials {
      let name = String(TrialFolder(trial: trial.id, in: "").path.dropFirst())
      let isTrained = trial.outcome?.wasEvaluated == true
      #expect(
        done.filter { $0.hasSuffix(name) } == ["time \(name)"]
          + (isTrained ? ["train \(name)"] : []))
      let folder = run.folder.trial(trial.id)
      let job = try JSON.decode(MeasurementJob.self, file: folder.measurementJob)
      #expect(job.detectors.map(\.design) == [trial.design] && job.measurementLock == nil)
      #expect(job.detectors[0].weights == nil && job.detectors[0].classes == 2)
      #expect(job.detectors[0].recipe?.norm == plan.structural?.recipe.norm)
      let readings = try run.events(ofTrial: trial.id).compactMap { event in
        if case .latency(let reading) = event { reading } else { nil }
      }
      #expect(readings.map(\.device) == ["telephone"])
      if isTrained {
        #expect(try !JSON.decode(TrialJob.self, file: folder.job).measuresLatency)
      } else {
        #expect(trial.suggestion.prunedBecause == nil && trial.result?.seconds ?? 0 > 0)
      }
      if trial.isFinished { #expect(trial.metrics[.latency] == readings[0].runs.median) }
    }
    try expectProofs(trials)
  }

  /// What was pruned is what the definition says, by the outcomes that were known; and nothing else.
  private func expectProofs(_ trials: [Trial]) throws {
    let run = try RunSnapshot("\(sandbox.path)/run")
    for trial in trials {
      let known = trials.filter { $0.isFinished && $0.result?.sequence ?? .max <= trial.known }
      let reading = try #require(try run.readings(of: [trial.id])[trial.id])
      func isProof(_ larger: Trial, _ rival: Trial) -> Bool {
        trial.design.isBelow(larger.design)
          && rival.metrics["AP"] ?? 0 >= (larger.metrics["AP"] ?? 0) + 0.01
          && (rival.metrics.comparableRange(of: .latency)?.upperBound ?? .infinity) <= reading
            .interval?.low
            ?? 0
      }
      let isPruned = known.contains { larger in known.contains { isProof(larger, $0) } }
      #expect(isPruned == (trial.outcome?.kind == .pruned), "trial \(trial.id)")
      guard let proof = trial.outcome?.proof else { continue }
      let larger = try #require(known.first { $0.id == proof.larger })
      #expect(isProof(larger, try #require(known.first { $0.id == proof.rival })))
      #expect(proof.metric == .latency && proof.cost == reading.runs.median)
      let share =
        Double(Sandbox.cost(trial.design, .structural).macs)
        / Double(Sandbox.cost(larger.design, .structural).macs)
      #expect(abs(proof.secondsSaved - share * (larger.result?.seconds ?? 0)) < 1e-9)
    }
  }

  @Test func designsThatArePrunedDoNotCountForTheBudget() throws {
    var plan = try plan(try program(answer))
    plan.structural?.trials = 8
    plan.structural?.initial = 4
    let (end, trials) = try sandbox.search("run", plan, sandbox.worker(worker))
    #expect(end == .complete)
    #expect(trials.count { $0.outcome?.wasEvaluated == true } == 8)
    #expect(trials.count > 8)
  }

  @Test func aPlansProgramThatDoesNotAnswerPausesTheSearchBeforeTheTraining() throws {
    let fault = "if [ ! -e '\(sandbox.path)/mended' ] && [ \"$trial\" = 3 ]; then exit 3; fi\n"
    let plan = try plan(try program(fault + answer))
    let command = try sandbox.worker(worker)
    let first = try sandbox.search("run", plan, command)
    guard case .paused(let pause) = first.end else {
      Issue.record("the search ended with \(first.end)")
      return
    }
    #expect(pause.cause == .fault(.noLatency) && pause.trial == 3)
    #expect(pause.reason.contains("ended with status 3"), "\(pause.reason)")
    #expect(pause.reason.contains("\"pruning\": false"), "\(pause.reason)")
    #expect(first.trials.map { $0.outcome == nil } == [false, false, true])
    #expect(try !done.contains("train 000003"))
    try AtomicFile.write("", to: "\(sandbox.path)/mended")
    let second = try sandbox.search("run", plan, command, resume: true)
    let whole = try sandbox.search("whole", plan, command)
    #expect(content(second.trials) == content(whole.trials))
  }

  /// It may be the design, which its worker finds out; where it is not, the worker times what it has trained.
  @Test func whereThisProgramCannotTimeADesignItIsTrained() throws {
    let own = try program("if [ \"$trial\" = 2 ]; then exit 1; fi\n" + answer)
    let (end, trials) = try sandbox.search("run", plan(nil), sandbox.worker(worker), own: own)
    #expect(end == .complete)
    let folder = RunFolder("\(sandbox.path)/run").trial(2)
    #expect(try JSON.decode(TrialJob.self, file: folder.job).measuresLatency)
    #expect(trials[1].outcome?.wasEvaluated == true)
  }

  @Test func aForeignWorkerWithoutAProgramForLatenciesIsTrainedAndPrunesNothing() throws {
    let (end, trials) = try sandbox.search("run", plan(nil), sandbox.worker(worker))
    #expect(end == .complete && trials.count == 16)
    #expect(trials.allSatisfy { $0.outcome?.wasEvaluated == true })
    #expect(try done.allSatisfy { $0.hasPrefix("train") })
  }
}
