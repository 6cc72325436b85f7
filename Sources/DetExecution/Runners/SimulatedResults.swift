package import DetSpec

/// What trials come to on simulated time: recorded ones, or what a formula makes of costs.
package protocol SimulatedResults: Sendable {
  /// What a training of a design comes to, the first or one `again` by another seed; nil for a design that is not known.
  func row(for design: DetectorDesign, stage: SearchStage?, again: Int) -> RecordedTable.Row?
}

extension RecordedTable: SimulatedResults {}
