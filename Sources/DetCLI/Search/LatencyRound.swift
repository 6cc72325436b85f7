import DetCommand
import DetData
import DetExecution
import DetSearch
import DetSpec
import DetTask
import Foundation

/// A round of measurements of a run's trained detectors, by the plan's own command or by this program's.
struct LatencyRound {
  private let session: Run
  private let validation: Dataset?
  private let context: Context

  /// A round on images of the validation set, which is loaded unless it is given.
  init(_ session: Run, validation: Dataset? = nil, _ context: Context) {
    self.session = session
    self.validation = validation
    self.context = context
  }

  /// The readings by trial; they are kept in the run.
  func measure(
    _ trials: [Trial], threads: Int? = nil, shouldStop: () -> Bool = { false }
  ) throws -> [Int: LatencyReading] {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    return try session.measure(
      trials, own: context.stopwatch(for: session.plan.runner), images: try images(),
      threads: threads ?? session.plan.runner.threads(cores: cores), shouldStop: shouldStop)
  }

  /// Images of the plan's validation set; none where only another program can read the data.
  private func images() throws -> [String] {
    guard session.plan.runner.command == nil else { return [] }
    let sources = try TrainingSets.Description(session.plan.data, source: session.folder.plan)
    return try MeasurementImages.files(
      validation ?? Dataset.load(sources.validation), in: session.folder)
  }
}
