import DetBasics
package import DetSpec
import Foundation

/// What a worker has found while the latency is still to be asked for: kept in the trial's folder, so that a program that does not
/// answer costs no training.
package struct UnmeasuredTrial: Codable {
  /// What the worker was asked to do.
  package let job: TrialJob
  /// What it found.
  package let metrics: [String: Double]

  /// Keeps it.
  package func keep() throws {
    try AtomicFile.write(JSON.text(self, pretty: true) + "\n", to: job.folder.unmeasured)
  }

  /// What an earlier attempt at the same job has left; nil when there is none, or when it was another job: of other data, say.
  package init?(of job: TrialJob) {
    guard job.resume,
      let kept = try? JSON.decode(Self.self, file: job.folder.unmeasured), kept.isOf(job)
    else { return nil }
    self.init(job: job, metrics: kept.metrics)
  }

  /// What a worker has found.
  package init(job: TrialJob, metrics: [String: Double]) {
    self.job = job
    self.metrics = metrics
  }

  private func isOf(_ other: TrialJob) -> Bool {
    (job.id, job.stage, job.design, job.seed) == (other.id, other.stage, other.design, other.seed)
      && job.recipe == other.recipe && job.weightsFingerprint == other.weightsFingerprint
      && job.dataState?.train == other.dataState?.train
      && job.dataState?.validation == other.dataState?.validation
  }

  /// Forgets what is kept in a trial's folder: it is kept in the store now, or is to be found anew.
  package static func forget(in folder: TrialFolder) { unlink(folder.unmeasured) }
}
