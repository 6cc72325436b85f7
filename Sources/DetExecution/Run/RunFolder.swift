package import DetSpec

/// Where a run keeps its files; see the architecture's "A run on disk".
package struct RunFolder: Sendable, Hashable {
  /// The folder.
  package let path: String

  /// Names a folder; nothing is made.
  package init(_ path: String) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// The plan, in full.
  package var plan: String { "\(path)/plan.json" }
  /// The versions of everything that took part.
  package var versions: String { "\(path)/versions.json" }
  /// The trials.
  package var store: String { "\(path)/study.sqlite" }
  /// The front of the latest stage, rewritten after each trial.
  package var front: String { "\(path)/front.json" }
  /// The validation annotations in COCO format.
  package var truth: String { "\(path)/truth.json" }
  /// The report.
  package var report: String { "\(path)/report.html" }
  /// Held by the one coordinator that works in the folder.
  package var lock: String { "\(path)/lock" }
  /// Through which workers take turns, so that latency is measured while nothing else computes.
  package var measurementLock: String { "\(path)/measure.lock" }

  /// Images in which detectors are timed, and the job that asks for it.
  package var measurement: String { "\(path)/measurement" }
  /// See ``measurement``.
  package var measurementJob: String { "\(measurement)/job.json" }

  /// The folders of the trials.
  package var trials: String { "\(path)/trials" }
  /// The folder of a trial's files: `trials/000017`.
  package func trial(_ id: Int) -> TrialFolder { TrialFolder(trial: id, in: trials) }
}
