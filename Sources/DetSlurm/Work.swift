import DetBasics
import DetExecution
import DetSpec

/// What a runner knows of a trial under way.
final class Work {
  let job: TrialJob
  let isTimed: Bool
  /// On the runner's clock.
  let began: Double
  /// Where it is submitted; nil while it waits for that.
  var entry: WaveLedger.Place?
  /// Its latest attempt that was seen.
  var attempt: Attempt?
  var tail: EventTail?
  /// Looks at which the scheduler had no live job of it, and no verdict was there.
  var looksWithoutJob = 0
  /// Times in a row that a job of it was gone without a word.
  var losses = 0
  /// Time limits that the scheduler enforced before a job could leave a word.
  var hardLimits = 0
  /// A node that it is not to be submitted to, because it failed there.
  var avoids: String?
  /// What it came to there.
  var firstVerdict: AttemptEnd.Verdict?
  /// Whether a verdict was taken: then nothing more is looked for.
  var isJudged = false

  init(job: TrialJob, isTimed: Bool, began: Double, earlier: WaveLedger.Place?) {
    self.job = job
    self.isTimed = isTimed
    self.began = began
    entry = earlier
  }

  /// Takes it out of the wave that it was in, to be submitted again.
  func queueAgain() {
    entry = nil
    attempt = nil
    tail = nil
    looksWithoutJob = 0
  }
}
