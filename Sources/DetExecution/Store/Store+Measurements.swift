import DetBasics
package import DetSearch
package import DetSpec
import Foundation

extension Store {
  /// Keeps a latency that was taken again after a trial had ended: the event, and the number among its results.
  ///
  /// Earlier events stay, so that all readings of a trial can be seen; the last one counts.
  package func remeasure(_ trial: Trial, _ reading: LatencyReading) throws {
    guard var metrics = trial.outcome?.metrics, trial.isFinished else { return }
    metrics[.latency] = reading.runs.median
    metrics.notesDisturbedLatency(!reading.isCalm)
    try database.transaction {
      try add(.latency(reading), trial: trial.id)
      try database.query(
        "UPDATE outcomes SET metrics = ? WHERE trial = ?",
        [.text(try JSON.text(metrics)), SQLValue(trial.id)])
    }
  }
}
