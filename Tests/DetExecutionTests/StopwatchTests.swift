import DetBasics
import DetSearch
import DetSpec
import Foundation
import Testing

@testable import DetExecution

/// Trials whose latency is asked of a program of the plan's own when they are trained.
@Suite struct StopwatchTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  /// Counts its trainings, and reports times of its own, which must not count.
  private static let worker =
    "echo x >> \"$directory/../../../trainings\"\n"
    + "echo '{\"event\":\"latency\",\"milliseconds\":{\"median\":1,\"p10\":1,\"p90\":1,\"samples\":[1]},\"conditions\":{\"device\":\"here\"}}'\n"
    + Sandbox.obedient.replacingOccurrences(of: "h % 7", with: "h % 1000000007")

  /// Answers with a time that follows from the design, taken on a telephone; `$trial` is the trial's number.
  private static let answer = """
    for one in $trial; do ms=$((h % 97 + 100))
    echo "{\\"trial\\":$one,\\"milliseconds\\":{\\"median\\":$ms,\\"p10\\":$ms,\\"p90\\":$ms,\\"samples\\":[$ms]},\\"conditions\\":{\\"device\\":\\"telephone\\",\\"ownLoad\\":$((ms / 2))}}"
    done
    """

  /// A program that is asked for latencies.
  private func stopwatch(_ program: String, _ name: String = "stopwatch.sh") throws -> [String] {
    try sandbox.worker(
      "trial=$(sed -n 's/.*\"trial\" : \\([0-9]*\\),*/\\1/p' \"$job\")\n" + program, name: name)
  }

  private func plan(_ program: String, timeout: Double = 60, runner: String? = nil) throws -> Plan {
    let command = try stopwatch(program)
    let latency = """
      "latency": { "command": \(try JSON.text(command)), "timeoutSeconds": \(timeout) },
      """
    return try sandbox.plan(
      latency + Sandbox.unpruned, runner: runner ?? "{ \"graceSeconds\": 0.2 }")
  }

  private var trainings: Int {
    get throws { try Files.text("\(sandbox.path)/trainings").split(separator: "\n").count }
  }

  @Test func everyLatencyIsTheAnswerOfThePlansProgramAndOfItsDevice() throws {
    let command = try sandbox.worker(Self.worker)
    let (end, trials) = try sandbox.search("run", plan(Self.answer), command)
    #expect(end == .complete)
    #expect(trials.count == 10)
    let run = try RunSnapshot("\(sandbox.path)/run")
    for trial in trials {
      let latency = try #require(trial.metrics[.latency])
      #expect(latency >= 100, "the worker's own 1 ms does not count")
      #expect(trial.metrics.ownLoadLatency == Double(Int(latency) / 2))
      let readings = try run.events(ofTrial: trial.id).compactMap { event in
        if case .latency(let reading) = event { reading } else { nil }
      }
      #expect(readings.map(\.device) == ["telephone"])
      let folder = run.folder.trial(trial.id)
      let job = try JSON.decode(MeasurementJob.self, file: folder.measurementJob)
      #expect(job.detectors.map(\.design) == [trial.design])
      #expect(job.detectors[0].weights == folder.weights && job.images == ["/images/1.png"])
      #expect(job.measurementLock == nil)
      #expect(try !JSON.decode(TrialJob.self, file: folder.job).measuresLatency)
      #expect(!FileManager.default.fileExists(atPath: folder.unmeasured))
    }
  }

  @Test(arguments: [
    (
      "exit", "echo 'no route to the telephone' >&2; exit 3",
      "ended with status 3; it said: no route"
    ),
    ("signal", "kill -KILL $$", "was ended by signal 9"),
    ("silent", "exit 0", "gave no latency of trial 3"),
    ("garbage", "echo 12 ms", "printed a line that is no answer"),
    ("stranger", "echo \"$reply\" | sed 's/:3,/:99,/'", "answered for trial 99"),
    ("zero", "echo \"$reply\" | sed 's/median\":[0-9]*/median\":0/'", "latency is 0.0"),
    ("half", "echo \"$reply\"; exit 1", "ended with status 1"),
    ("hang", "sleep 600 & echo $! > \"$directory/child\"; wait", "gave no answer within 1.0 s"),
    // What it has begun elsewhere, it may end first; not for ever.
    (
      "hang asked",
      "trap 'echo over > \"$directory/asked\"; exit 4' TERM; "
        + "sleep 600 & echo $! > \"$directory/child\"; wait", "gave no answer within 1.0 s"
    ),
    (
      "hang on", "trap '' TERM; sleep 600 & echo $! > \"$directory/child\"; wait",
      "gave no answer within 1.0 s"
    ),
  ])
  func aProgramThatDoesNotAnswerPausesTheSearchAndCostsNoTraining(
    _ name: String, _ fault: String, _ words: String
  ) throws {
    let body = """
      directory='\(sandbox.path)'
      if [ ! -e "$directory/mended" ] && [ "$trial" = 3 ]; then
        reply=$(\(Self.answer)
        )
        \(fault); exit $?
      fi
      """
    let plan = try plan(body + "\n" + Self.answer, timeout: name.hasPrefix("hang") ? 1 : 60)
    let command = try sandbox.worker(Self.worker)
    let first = try sandbox.search("run", plan, command)
    guard case .paused(let pause) = first.end else {
      Issue.record("\(name): the search ended with \(first.end)")
      return
    }
    #expect(pause.cause == .fault(.noLatency) && pause.trial == 3)
    #expect(pause.reason.contains(words), "\(pause.reason)")
    #expect(pause.reason.contains("trials/000003/measurement.json"), "\(pause.reason)")
    #expect(first.trials.map { $0.outcome == nil } == [false, false, true])
    if name.hasPrefix("hang") {
      #expect(
        FileManager.default.fileExists(atPath: "\(sandbox.path)/asked") == (name == "hang asked"))
      #expect(isGone(try Files.text("\(sandbox.path)/child").filter { $0 != "\n" }))
    }
    try AtomicFile.write("", to: "\(sandbox.path)/mended")
    let second = try sandbox.search("run", plan, command, resume: true)
    #expect(second.end == .complete)
    #expect(try trainings == 10, "the third is not trained again")
    let whole = try sandbox.search("whole", plan, command)
    #expect(content(second.trials) == content(whole.trials))
  }

  @Test func whatWasTrainedForAnotherJobIsTrainedAgain() throws {
    let command = try sandbox.worker(Self.worker)
    let failing = "if [ ! -e '\(sandbox.path)/mended' ]; then exit 1; fi\n" + Self.answer
    let plan = try plan(failing)
    try sandbox.search("run", plan, command)
    let kept = RunFolder("\(sandbox.path)/run").trial(1).unmeasured
    let text = try Files.text(kept)
    try AtomicFile.write(
      text.replacingOccurrences(of: "\"seed\" : ", with: "\"seed\" : 1"), to: kept)
    try AtomicFile.write("", to: "\(sandbox.path)/mended")
    let (end, _) = try sandbox.search("run", plan, command, resume: true)
    #expect(end == .complete)
    #expect(try trainings == 11)
  }

  @Test func aProgramThatIsNotThereIsNamedWithThePlansKey() throws {
    var plan = try plan(Self.answer)
    plan.latency.command = ["/nonexistent/stopwatch"]
    let (end, _) = try sandbox.search("run", plan, sandbox.worker(Self.worker))
    guard case .paused(let pause) = end else {
      Issue.record("the search ended with \(end)")
      return
    }
    #expect(pause.cause == .fault(.noLatency))
    #expect(
      pause.reason.contains("/nonexistent/stopwatch") && pause.cure.contains("latency.command"))
  }

  @Test func latenciesOfAnotherDeviceNeverStandBesideThoseOfTheRun() throws {
    let plan = try plan(
      Self.answer
        + " | if [ -e '\(sandbox.path)/other' ]; then sed s/telephone/tablet/; else cat; fi")
    let command = try sandbox.worker(Self.worker)
    try sandbox.search("run", plan, command, maxTrials: 4)
    try AtomicFile.write("", to: "\(sandbox.path)/other")
    let (end, trials) = try sandbox.search("run", plan, command, resume: true)
    guard case .paused(let pause) = end else {
      Issue.record("the search ended with \(end)")
      return
    }
    #expect(pause.cause == .fault(.otherDevice) && pause.trial == 5)
    #expect(
      pause.reason == "this latency was taken on tablet, those of the run on telephone")
    #expect(trials.map { $0.outcome == nil } == [false, false, false, false, true])
    // Some of them there would leave two devices on one axis, all of them not.
    try {
      let run = try Run.resume("\(sandbox.path)/run", plan: plan)
      for trial in trials { try AtomicFile.write("", to: run.folder.trial(trial.id).weights) }
      let finished = trials.filter(\.isFinished)
      let error = #expect(throws: ExecutionError.self) {
        try run.measure(Array(finished.prefix(2)), own: [], images: [], threads: 1)
      }
      #expect("\(error.map { "\($0)" } ?? "")".contains("would keep the old ones"))
      let readings = try run.measure(finished, own: [], images: [], threads: 1)
      #expect(Set(readings.values.map(\.device)) == ["tablet"])
      #expect(try run.store.latencyDevice(of: .structural) == "tablet")
    }()
    // The run is the tablet's now, and the trial that met it is not trained again.
    #expect(try sandbox.search("run", plan, command, resume: true).end == .complete)
    #expect(try trainings == 10)
  }

  /// Every device that a plan names gives a metric of its own, which can be an objective; none of them disturbs the others' axes.
  @Test func severalDevicesAreSeveralObjectives() throws {
    let watch = try stopwatch(
      Self.answer.replacing("% 97 + 100", with: "% 89 + 1000").replacing(
        "telephone", with: "a watch")
        + " | if [ -e '\(sandbox.path)/other' ]; then sed 's/a watch/a ring/'; else cat; fi",
      "watch.sh")
    let plan = try sandbox.plan(
      """
      "latency": { "command": \(try JSON.text(stopwatch(Self.answer))), "devices": { "watch": \(try JSON.text(watch)) } },
      """
        + Sandbox.unpruned.replacing(
          "\"recipe\"", with: "\"objectives\": [\"AP\", \"latency\", \"latency@watch\"], \"recipe\""
        ))
    let command = try sandbox.worker(Self.worker)
    try sandbox.search("run", plan, command, maxTrials: 4)
    let metric = Metric.latency(on: "watch")
    do {
      let run = try RunSnapshot("\(sandbox.path)/run")
      for trial in run.trials {
        let (here, there) = (
          try #require(trial.metrics[.latency]), try #require(trial.metrics[metric])
        )
        #expect(here < 200 && there >= 1000)
      }
      #expect(
        try run.latencyDevices(of: .structural) == [.latency: "telephone", metric: "a watch"])
      let readings = try run.readings(of: [1])
      #expect(
        readings[1]?.others["watch"]?.device == "a watch" && readings[1]?.device == "telephone")
      let front = try #require(run.fronts(of: .structural)?.members)
      #expect(front.allSatisfy { $0.metrics[metric] != nil })
    }
    // All are asked again, and the readings of both replace what was there.
    do {
      let run = try Run.resume("\(sandbox.path)/run", plan: plan)
      let trials = try run.store.trials()
      for trial in trials { try AtomicFile.write("", to: run.folder.trial(trial.id).weights) }
      let readings = try run.measure(trials, own: [], images: [], threads: 1)
      #expect(readings.count == 4 && readings.values.allSatisfy { $0.others["watch"] != nil })
      #expect(try run.store.trials().allSatisfy { $0.metrics[metric] ?? 0 >= 1000 })
    }
    // Another watch is another axis.
    try AtomicFile.write("", to: "\(sandbox.path)/other")
    let (end, _) = try sandbox.search("run", plan, command, resume: true)
    guard case .paused(let pause) = end else {
      Issue.record("the search ended with \(end)")
      return
    }
    #expect(
      pause.reason == "this latency@watch was taken on a ring, those of the run on a watch")
  }

  /// Without a program for here, this one is asked as well, in the same turn.
  @Test func whereOtherDevicesAreAskedSoIsThisOne() throws {
    let watch = try stopwatch(
      Self.answer.replacing("telephone", with: "a watch"), "watch.sh")
    let own = try stopwatch(Self.answer.replacing("telephone", with: "here"), "own.sh")
    let plan = try sandbox.plan(
      "\"latency\": { \"devices\": { \"watch\": \(try JSON.text(watch)) } }, " + Sandbox.unpruned)
    #expect(!plan.workersMeasure)
    let trials = try sandbox.search(
      "run", plan, sandbox.worker(Self.worker), maxTrials: 2, own: own
    ).trials
    #expect(trials.count == 2)
    #expect(trials.allSatisfy { $0.metrics[.latency] == $0.metrics[.latency(on: "watch")] })
    #expect(trials.allSatisfy { ($0.metrics[.latency] ?? 0) >= 100 })
  }

  @Test func aWorkerIsNotLateForTheTimeThatAMeasurementTook() throws {
    let slow = """
      if [ "$trial" = 1 ]; then sleep 6; echo > '\(sandbox.path)/measured'; fi
      """
    let plan = try plan(
      slow + "\n" + Self.answer, runner: "{ \"workers\": 2, \"timeoutSeconds\": 5 }")
    let waiting = """
      if [ "$(basename "$directory")" != 000001 ]; then
        while [ ! -e '\(sandbox.path)/measured' ]; do sleep 0.05; done
      fi
      """
    let command = try sandbox.worker(waiting + "\n" + Self.worker)
    let (_, trials) = try sandbox.search("run", plan, command, maxTrials: 2)
    #expect(trials.map(\.isFinished) == [true, true], "\(trials.map(\.outcome))")
  }

  @Test func theTurnIsTakenWhenTheStepsUnderWayHaveEnded() throws {
    let path = "\(sandbox.path)/measure.lock"
    let step = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    defer { close(step) }
    #expect(flock(step, LOCK_SH) == 0)
    let turn = MeasurementTurn(lock: path)
    #expect(try !turn.take())
    #expect(FileLock.isHeld(path + ".turnstile"), "no new step begins")
    flock(step, LOCK_UN)
    #expect(try turn.take())
    #expect(flock(step, LOCK_SH | LOCK_NB) != 0)
    turn.giveBack()
    #expect(!FileLock.isHeld(path + ".turnstile"))
    #expect(flock(step, LOCK_SH | LOCK_NB) == 0)
  }
}
