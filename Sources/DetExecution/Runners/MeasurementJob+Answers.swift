import DetBasics
package import DetSpec
import Foundation

extension MeasurementJob {
  /// Asks a program to do the job, and waits for its answers.
  ///
  /// - Parameters:
  ///   - command: the program, with its arguments.
  ///   - file: where the job is written.
  ///   - log: the file that gets what the program writes for people.
  ///   - timeout: seconds that it may take.
  ///   - shouldStop: asked repeatedly; true ends it.
  /// - Returns: the readings by the trials' numbers.
  /// - Throws: an ``ExecutionError`` when it does not answer in full.
  package func answers(
    of command: [String], file: String, log: String, timeout: Double = .infinity,
    shouldStop: () -> Bool
  ) throws -> [Int: LatencyReading] {
    let watch = try ProcessWatch()
    let start = ContinuousClock.now
    let process = try MeasurementProcess(
      command, self, file: file, log: log, timeout: timeout, now: 0, lifeline: watch.lifeline,
      wake: watch.wake)
    while !shouldStop() {
      if let readings = try process.readings(now: (ContinuousClock.now - start).inSeconds) {
        return readings
      }
      watch.wait(for: [process.output])
    }
    throw ExecutionError.noLatency(command: command + [file], problem: "was interrupted")
  }
}
