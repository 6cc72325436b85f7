package import DetSearch
package import DetSpec

extension Coordinator {
  /// How a session ended.
  package enum End: Sendable, Equatable {
    /// All trials of the plan are done, or the spaces are used up.
    case complete
    /// The session's limit of trials is reached; the run can be resumed later.
    case limit
    /// Somebody asked to stop; trials that had not ended are done again on resume.
    case interrupted
    /// Something around the designs must be mended first; trials that met it are done again on resume.
    case paused(Pause)
  }

  /// What a coordinator needs to know of the run.
  package struct Settings {
    /// The plan.
    package var plan: Plan
    /// The stages to carry out.
    package var stages: [SearchStage]
    /// Where files go; nil keeps none, as on simulated time.
    package var folder: RunFolder?
    /// What the data are; nil when only the worker can know.
    package var dataState: DataState?
    /// Threads of each worker.
    package var threads = 1
    /// Evaluated trials in the run after which the session ends.
    package var maxTrials = Int.max
    /// Whether designs that fail in the same way one after another pause the search.
    package var pausesAtEqualFailures = true

    /// Describes the settings.
    package init(plan: Plan, stages: [SearchStage], folder: RunFolder?) {
      self.plan = plan
      self.stages = stages
      self.folder = folder
    }
  }
}
