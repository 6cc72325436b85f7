import DetBasics
package import DetSearch
package import DetSpec
import Foundation

extension Run {
  /// Asks a program to time trained detectors of the run, interleaved with one another, and keeps what it says.
  ///
  /// Trials without weights are passed over. The job file's path is added to the command as its last argument; `images` are files
  /// to detect in, `threads` what the program computes with. Gives the readings by trial.
  package func measure(
    _ trials: [Trial], command: [String], images: [String], threads: Int
  ) throws -> [Int: LatencyReading] {
    let subjects = trials.filter { isMeasurable($0) }
    guard let first = subjects.first, let recipe = plan.recipe(of: first.stage) else { return [:] }
    let job = MeasurementJob(
      detectors: subjects.map {
        .init(trial: $0.id, design: $0.design, weights: folder.trial($0.id).weights)
      },
      images: images, settings: recipe.latency, device: plan.runner.devices[0], threads: threads,
      measurementLock: folder.measurementLock)
    try Files.makeFolder(folder.measurement)
    try AtomicFile.write(JSON.text(job, pretty: true) + "\n", to: folder.measurementJob)
    let text = try ProgramOutput.of(command + [folder.measurementJob])
    var readings: [Int: LatencyReading] = [:]
    for line in text.split(separator: "\n") {
      let event = try JSON.decode(
        MeasurementEvent.self, from: String(line), source: command.joined(separator: " "))
      guard let trial = subjects.first(where: { $0.id == event.trial }) else { continue }
      try store.remeasure(trial, event.reading)
      readings[event.trial] = event.reading
    }
    let otherData = try store.trialsOfOtherData()
    let front = Front(
      of: try store.trials().filter { !otherData.contains($0.id) }, stage: first.stage,
      objectives: plan.objectives(of: first.stage))
    try AtomicFile.write(JSON.text(front, pretty: true) + "\n", to: folder.front)
    return readings
  }

  /// Whether a trial has left weights that can be timed.
  package func isMeasurable(_ trial: Trial) -> Bool {
    trial.isFinished && FileManager.default.fileExists(atPath: folder.trial(trial.id).weights)
  }
}
