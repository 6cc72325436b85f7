import DetBasics
package import DetSearch
package import DetSpec
import Foundation

extension Run {
  /// Asks a program to time trained detectors of the run, interleaved with one another, and keeps what it says.
  ///
  /// Trials without weights are passed over. `own` is the program of this machine, which is asked where the plan names none;
  /// `images` are files to detect in, `threads` what the program computes with. Gives the readings by trial. Nothing is kept when
  /// the program does not answer in full, or when its latencies would stand beside those of another device.
  package func measure(
    _ trials: [Trial], own: @autoclosure () throws -> [String], images: [String], threads: Int,
    shouldStop: () -> Bool = { false }
  ) throws -> [Int: LatencyReading] {
    let subjects = trials.filter { isMeasurable($0) }
    guard let first = subjects.first, let recipe = plan.recipe(of: first.stage) else { return [:] }
    let job = MeasurementJob(
      detectors: subjects.map {
        .init(trial: $0.id, design: $0.design, weights: folder.trial($0.id).weights)
      },
      images: images, settings: recipe.latency, device: plan.runner.devices[0], threads: threads,
      measurementLock: plan.runner.slurm?.measurement == nil ? folder.measurementLock : nil)
    let timeout = plan.latency.command.map { _ in
      plan.latency.timeoutSeconds * Double(subjects.count)
    }
    try Files.makeFolder(folder.measurement)
    func answers(of command: [String], within timeout: Double) throws -> [Int: LatencyReading] {
      try job.answers(
        of: command, file: folder.measurementJob, log: folder.measurementLog, timeout: timeout,
        shouldStop: shouldStop)
    }
    var readings = try answers(of: plan.latency.command ?? own(), within: timeout ?? .infinity)
    for (device, command) in plan.latency.others {
      let others = try answers(
        of: command,
        within: plan.latency.timeoutSeconds * Double(subjects.count))
      for (trial, reading) in others { readings[trial]?.others[device] = reading }
    }
    for metric in plan.latency.metrics {
      try checkDevices(
        readings.compactMapValues { $0.reading(of: metric) }, metric, stage: first.stage)
    }
    for trial in subjects { try readings[trial.id].map { try store.remeasure(trial, $0) } }
    let (trials, otherData) = (
      try store.trials(judgedBy: plan), try store.trialsOfOtherData()
    )
    let judged = trials.filter { !otherData.contains($0.id) }
    let fronts = StageFronts(
      of: judged.pooled(alike: plan.stagesTrainedAlike), stage: first.stage,
      objectives: plan.objectives(of: first.stage),
      choices: try store.choices() ?? Choices(of: plan, trials: trials))
    try AtomicFile.write(JSON.text(fronts, pretty: true) + "\n", to: folder.front)
    return readings
  }

  /// Latencies of two devices never stand on one axis.
  private func checkDevices(
    _ readings: [Int: LatencyReading], _ metric: Metric, stage: SearchStage
  ) throws {
    let devices = Set(readings.values.compactMap(\.device)).sorted()
    guard let device = devices.first else { return }
    func refused(_ problem: String, _ cure: String) -> ExecutionError {
      .run(path: folder.path, problem: problem, cure: cure)
    }
    guard devices.count == 1 else {
      throw refused(
        "was given latencies of several devices at once: \(devices.joined(separator: "; "))",
        "let \(metric.device.map { "latency.devices.\($0)" } ?? "latency.command") ask one device only"
      )
    }
    let left = try store.trials().filter {
      $0.stage == stage && $0.metrics[metric] != nil && readings[$0.id] == nil
    }
    guard !left.isEmpty, let others = try store.latencyDevice(of: stage, for: metric),
      others != device
    else {
      return
    }
    throw refused(
      "has latencies of \(others), beside which those of \(device) cannot stand (trials \(left.map { "\($0.id)" }.joined(separator: ", ")) would keep the old ones)",
      "measure all trials of the stage there, with --all, or measure on the device of the run")
  }

  /// Whether a trial has left weights that can be timed.
  package func isMeasurable(_ trial: Trial) -> Bool {
    trial.isFinished && FileManager.default.fileExists(atPath: folder.trial(trial.id).weights)
  }
}
