/// The version of what training computes: of equal jobs, two programs of one version make the same weights on one machine.
///
/// Whoever changes what a training or its evaluation computes (initial weights, losses, sampling, transforms, steps, scores) raises it:
/// results that an earlier version was paid for are then not taken for those of today.
public enum TrainingVersion {
  /// The version of this program.
  public static let current = 2
  /// What trains, as ``TrialJob/trainer`` says it.
  public static let trainer = "smnas-\(current)"
  /// The same for jobs of programs that did not say it yet.
  public static let unsaid = "smnas-1"
}
