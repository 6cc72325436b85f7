import DetSpec
import DetTensor

/// What a checkpoint holds beside tensors and the description of the model: where the training stands, and what must be the
/// same for it to go on as if it had never stopped.
struct TrainingState: Codable, Hashable, Sendable {
  /// The name under which it stands in the metadata.
  static let metadataKey = "smnas-training"
  /// The newest version that this program reads.
  static let currentVersion = 1

  /// See ``currentVersion``.
  var version = TrainingState.currentVersion
  /// What the numbers depend on beside design, recipe and seed.
  var conditions: Conditions
  /// Where the training stands.
  var progress: TrainingProgress
  /// Images computed at once: the recipe's, or fewer since memory ran out.
  var imagesAtOnce: Int
  /// The best epoch so far.
  var best: BestEpoch?
  /// What was measured of the last epoch whose steps were all taken.
  var epochMetrics: [String: Double] = [:]
  /// Whether that epoch was evaluated, where it is to be, and reported.
  var isReported = true

  /// What the numbers depend on beside design, recipe and seed.
  struct Conditions: Codable, Hashable, Sendable {
    /// The fingerprint of the data.
    var data: String
    /// `cpu` or `cuda`.
    var device: String
    /// Threads that computed: sums depend on how they are divided.
    var threads: Int
    /// Processes that trained together; nil for one alone.
    var processes: Int?

    init(data: String, device: Device, threads: Int, processes: Int = 1) {
      self.data = data
      self.processes = processes == 1 ? nil : processes
      self.threads = threads
      switch device {
      case .cpu: self.device = "cpu"
      case .cuda: self.device = "cuda"
      }
    }
  }
}

/// The epoch after which a detector was most accurate.
struct BestEpoch: Codable, Hashable, Sendable {
  /// The epoch's number, from 1.
  let epoch: Int
  /// Its accuracy: AP of a detector, top-1 of a classifier.
  let accuracy: Double

  /// The better of this and another; the earlier where they are equal.
  static func better(_ best: BestEpoch?, _ other: BestEpoch) -> BestEpoch {
    guard let best, best.accuracy >= other.accuracy else { return other }
    return best
  }
}

extension TrainingState {
  /// Where a training stands that goes on from what was saved, or begins.
  init(
    saved: SavedTraining<some WeightsDescription>?, conditions: Conditions, imagesAtOnce: Int?,
    recipe: Int
  ) {
    self.init(
      conditions: conditions,
      progress: saved?.state?.progress ?? TrainingProgress(epoch: saved?.description.epochs ?? 0),
      imagesAtOnce: imagesAtOnce ?? saved?.state?.imagesAtOnce ?? recipe, best: saved?.state?.best,
      epochMetrics: saved?.state?.epochMetrics ?? [:], isReported: saved?.state?.isReported ?? true)
  }

  /// What people should know of how a training goes on.
  func notices(
    after saved: SavedTraining<some WeightsDescription>?, _ job: TrialJob? = nil
  ) -> [String] {
    guard let saved else { return [] }
    var notices = [saved.note].compactMap { $0 }
    notices.append("going on after epoch \(progress.epoch), step \(progress.step)")
    if let job, job.threads != conditions.threads {
      notices.append(
        "with the \(conditions.threads) threads that the training began with, not \(job.threads)")
    }
    return notices
  }
}
