import DetBasics
package import DetSearch
package import DetSpec
import Foundation

extension Store {
  /// The device on which the latest latency of a stage's results was taken, or another metric's latency; nil without one that says it.
  package func latencyDevice(
    of stage: SearchStage, for metric: Metric = .latency
  ) throws -> String? {
    let rows = try database.query(
      """
      SELECT event FROM events JOIN trials ON trials.id = events.trial
      JOIN outcomes ON outcomes.trial = trials.id
      WHERE stage = ? AND outcome = ? AND event LIKE '%"event":"latency"%'
      ORDER BY number DESC LIMIT 1
      """, [.text(stage.rawValue), .text(Outcome.Kind.finished.rawValue)])
    guard let text = rows.first?.text("event"),
      case .latency(let reading) = try JSON.decode(
        TrialEvent.self, from: text, source: "\(database.path), events")
    else { return nil }
    return reading.reading(of: metric)?.device
  }

  /// The latest latency of a trial; nil without one.
  package func latency(ofTrial id: Int) throws -> LatencyReading? {
    for case .latency(let reading) in try events(ofTrial: id).reversed() { return reading }
    return nil
  }

  /// Keeps a latency that was taken before a trial's training.
  package func add(_ reading: LatencyReading, ofUntrained trial: Int) throws {
    try change([trial]) { try add(.latency(reading), trial: trial) }
  }

  /// Keeps a latency that was taken again after a trial had ended: the event, and the number among its results.
  ///
  /// Earlier events stay, so that all readings of a trial can be seen; the last one counts.
  package func remeasure(_ trial: Trial, _ reading: LatencyReading) throws {
    guard var metrics = trial.outcome?.metrics, trial.isFinished else { return }
    metrics.takeLatency(reading)
    try change([trial.id]) {
      try add(.latency(reading), trial: trial.id)
      try database.query(
        "UPDATE outcomes SET metrics = ? WHERE trial = ?",
        [.text(try JSON.text(metrics)), SQLValue(trial.id)])
    }
  }
}
