import DetBasics
import DetSearch
import DetSpec
import Foundation

/// What one task of a wave is to do. It lies in the wave's folder for as long as somebody wants the result.
struct Ticket: Codable, Sendable {
  static let currentVersion = 1

  var version = currentVersion
  /// The word of the run that wants it.
  let token: String
  /// Which of the trial's submissions this is, from 1; of two that are there only the later one counts.
  let submission: Int
  /// The job as the search gave it; its folder is the trial's.
  let job: TrialJob
  /// How the trial is to be run.
  let runner: RunnerPlan
  /// Seconds that earlier submissions have worked on it.
  let secondsUsed: Double
  /// How often a time limit ended earlier submissions.
  let timeLimits: Int

  /// The ticket of a task; nil when it is withdrawn.
  ///
  /// - Throws: what keeps it from being read.
  static func read(_ path: String) throws -> Ticket? {
    do {
      return try JSON.decode(Ticket.self, file: path)
    } catch let error as FileError where error.errorNumber == ENOENT {
      return nil
    }
  }
}

/// Which task of a wave does which trial.
struct WaveTable: Codable, Sendable {
  struct Entry: Codable, Sendable, Hashable {
    let trial: Int
    let submission: Int
  }

  static let currentVersion = 1
  var version = currentVersion
  /// By the number of the task in the array.
  let tasks: [Entry]
}
