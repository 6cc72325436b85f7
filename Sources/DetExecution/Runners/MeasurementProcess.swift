import DetBasics
import DetSpec
import Foundation

/// A program that was asked for the latencies of trained detectors: read until it ends, and stopped when it takes too long.
///
/// Whatever it does but answer in full is a fault of the surroundings, ``ExecutionError/noLatency(command:problem:)``.
final class MeasurementProcess {
  private let command: [String]
  private let job: MeasurementJob
  private let process: GuardedProcess
  private let timeout: Double
  private let started: Double
  private var lines: [String] = []
  /// Seconds in which it may end what it has begun elsewhere, a job of a cluster's or a command on another machine.
  private static let grace = 5

  /// Writes the job to `file` and starts the program with it; what it writes for people is added to the file `log`.
  ///
  /// `timeout` are the seconds it may take, and `now` is on the clock that ``readings(now:)`` is asked by.
  init(
    _ command: [String], _ job: MeasurementJob, file: String, log: String, timeout: Double,
    now: Double, lifeline: Int32, wake: Wake
  ) throws {
    self.command = command + [file]
    self.job = job
    self.timeout = timeout
    started = now
    try AtomicFile.write(JSON.text(job, pretty: true) + "\n", to: file)
    do {
      process = try GuardedProcess(
        self.command, log: log, grace: Self.grace, lifeline: lifeline, wake: wake)
    } catch ExecutionError.start(_, let problem, _, .noWorker) {
      throw ExecutionError.noLatency(
        command: self.command, problem: "cannot be started: \(problem)")
    }
  }

  /// The pipe of its answers.
  var output: Int32 { process.output }

  /// When it must be looked at next.
  var nextTime: Double { started + timeout }

  /// Ends it now.
  func abandon() { process.abandon() }

  /// The readings by trial as soon as it has ended; nil while it is at work.
  func readings(now: Double) throws -> [Int: LatencyReading]? {
    let hasEnded = process.hasEnded()
    var tooLong: String?
    process.read {
      lines += $0
    } isTooLong: {
      tooLong = $0
    }
    if let tooLong { throw failure("printed a line without end: \(tooLong)") }
    guard hasEnded else {
      guard now >= nextTime else { return nil }
      process.abandon()
      throw failure("gave no answer within \(Durations.text(seconds: timeout))")
    }
    return try answers()
  }

  private func answers() throws -> [Int: LatencyReading] {
    let status = process.status ?? 0
    guard status == 0 else {
      let how =
        status & 0x7F == 0
        ? "ended with status \((status >> 8) & 0xFF)" : "was ended by signal \(status & 0x7F)"
      throw failure(how)
    }
    var readings: [Int: LatencyReading] = [:]
    for line in lines + [process.unfinishedLine] where line.contains(where: { !$0.isWhitespace }) {
      let event: MeasurementEvent
      do {
        event = try JSON.decode(MeasurementEvent.self, from: line, source: "its answer")
      } catch {
        throw failure("printed a line that is no answer (\(error)): \(line.prefix(200))")
      }
      guard job.detectors.contains(where: { $0.trial == event.trial }) else {
        throw failure("answered for trial \(event.trial), which it was not asked about")
      }
      if let problem = Metric.latency.problem(with: event.milliseconds.median) {
        throw failure("answered for trial \(event.trial) that \(problem)")
      }
      var reading = event.reading
      if reading.device == nil { reading.device = command.dropLast().joined(separator: " ") }
      readings[event.trial] = reading
    }
    let missing = job.detectors.map(\.trial).filter { readings[$0] == nil }
    guard missing.isEmpty else {
      let names = missing.map(String.init).joined(separator: ", ")
      throw failure("gave no latency of \(missing.count == 1 ? "trial" : "the trials") \(names)")
    }
    return readings
  }

  private func failure(_ problem: String) -> ExecutionError {
    let words = process.lastWords
    return .noLatency(
      command: command, problem: problem + (words.isEmpty ? "" : "; it said: \(words.prefix(300))"))
  }
}
