package import DetSearch

/// How a run's trials are timed by a program of the plan's own.
package struct StopwatchPlan: Sendable {
  /// The program, with its arguments.
  package let command: [String]
  /// Seconds it may take for one detector.
  package let timeoutSeconds: Double
  /// Image files to detect in.
  package let images: [String]
  /// The file through which the run's processes take turns.
  package let measurementLock: String

  /// The plan's program for a run in `folder`; nil where the workers time their detectors themselves.
  package init?(_ plan: LatencyPlan, images: [String], folder: RunFolder) {
    guard let command = plan.command else { return nil }
    self.command = command
    timeoutSeconds = plan.timeoutSeconds
    self.images = images
    measurementLock = folder.measurementLock
  }
}
