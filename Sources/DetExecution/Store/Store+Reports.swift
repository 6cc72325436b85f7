import DetBasics
package import DetSpec

/// What workers reported, of all trials in one go.
extension Store {
  /// A line of the store's table of events.
  package struct Report: Sendable {
    /// Its number; later ones are greater.
    package let number: Int
    /// The trial.
    package let trial: Int
    /// What was reported.
    package let event: TrialEvent
  }

  /// What was reported after the event of a number, in order, but for the moments within an epoch.
  package func reports(after number: Int) throws -> [Report] {
    try reports(
      "WHERE number > ? AND json_extract(event, '$.event') IN ('started', 'epoch', 'latency')",
      SQLValue(number))
  }

  /// The latest moment within an epoch of a trial; nil where its worker reports none.
  package func lastStep(ofTrial id: Int) throws -> TrialEvent.Step? {
    let last = try reports(
      "WHERE trial = ? AND json_extract(event, '$.event') = 'step' ORDER BY number DESC LIMIT 1",
      SQLValue(id), isOrdered: true)
    guard case .step(let step) = last.first?.event else { return nil }
    return step
  }

  private func reports(_ condition: String, _ value: SQLValue, isOrdered: Bool = false) throws
    -> [Report]
  {
    let order = isOrdered ? "" : " ORDER BY number"
    return try database.query(
      "SELECT number, trial, event FROM events \(condition)\(order)", [value]
    ).compactMap { row in
      guard let number = row.integer("number"), let trial = row.integer("trial") else { return nil }
      let event = try JSON.decode(
        TrialEvent.self, from: row.text("event") ?? "", source: "\(database.path), events")
      return Report(number: number, trial: trial, event: event)
    }
  }
}
