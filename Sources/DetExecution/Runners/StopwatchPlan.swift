package import DetSearch

/// How a run's designs are timed by a program that is asked for it: before they are trained, and where it is the plan's own,
/// instead of their workers' own measurement.
package struct StopwatchPlan: Sendable {
  /// A program that is asked.
  struct Asked: Sendable {
    /// The plan's name of its device; nil for the one of which all else is told.
    let device: String?
    /// The program, with its arguments.
    let command: [String]
    /// Whether the plan names it; else it is this program.
    let isOfPlan: Bool
  }

  /// The programs, in the order in which they are asked: one, and those of other devices.
  let asked: [Asked]
  /// Whether it is asked for the latencies of trained trials as well, which their workers then do not measure.
  package let timesTrained: Bool
  /// Seconds it may take for one detector.
  package let timeoutSeconds: Double
  /// Image files to detect in.
  package let images: [String]
  /// How many classes the data have, for designs that are not trained yet.
  package let classes: Int
  /// The file through which the processes take turns that would disturb one another.
  package let measurementLock: String

  /// The plan's program for a run in `folder`, or else this one's, `own`, which is asked for untrained designs alone unless there are
  /// other devices; nil without both: then workers time what they have trained.
  ///
  /// `node` names the machine of a cluster on which `own` measures; then it times trained trials, too.
  package init?(
    _ plan: LatencyPlan, own: [String]? = nil, node: String? = nil, images: [String], classes: Int,
    folder: RunFolder
  ) {
    guard let command = plan.command ?? own else { return nil }
    asked =
      [Asked(device: nil, command: command, isOfPlan: plan.command != nil)]
      + plan.others.map { Asked(device: $0.device, command: $0.command, isOfPlan: true) }
    timesTrained = plan.command != nil || node != nil || asked.count > 1
    timeoutSeconds = plan.timeoutSeconds
    self.images = images
    self.classes = classes
    measurementLock = folder.measurementLock + (node.map { ".\($0)" } ?? "")
  }
}
