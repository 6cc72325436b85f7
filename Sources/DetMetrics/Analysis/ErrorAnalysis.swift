/// Why a detector loses precision: every wrong detection and every missed truth gets one kind of error, and each
/// kind the AP that would be gained if all of it were fixed.
///
/// After TIDE (Bolya, Foley, Hays & Hoffman 2020): right means an overlap of at least `foreground` (0.5) with a
/// free truth of its class; below `background` (0.1) nothing is there. The gains do not add up, as fixing one
/// kind changes the room for another; equal to tidecv's, save that tidecv shows a loss as 0.
///
/// ```swift
/// let analysis = ErrorAnalysis(evaluator)
/// analysis.gains[.localization]  // AP50 gained if every sloppy box were exact
/// ```
public struct ErrorAnalysis: Sendable {
  /// The kinds of error, in the order in which a detection is tested for them after `localization`.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// On an object of another class.
    case classification
    /// On an object of its class, but not well enough.
    case localization
    /// Not well enough, and on an object of another class.
    case both
    /// On an object that a better scored detection had already found.
    case duplicate
    /// On nothing.
    case background
    /// A truth that no detection found, nor would after fixing class or place.
    case missed
  }

  /// AP at the foreground overlap, as it is; -1 without truth.
  public let averagePrecision: Double
  /// How often each kind occurs.
  public let counts: [Kind: Int]
  /// How much AP rises when all of a kind is fixed: a box or class corrected where the truth is free, other
  /// wrong detections removed, missed truths not asked for.
  public let gains: [Kind: Double]

  /// Analyses all that was added to `evaluator`, the best detections of each image and class up to the
  /// parameters' largest limit.
  public init(_ evaluator: COCOEvaluator, foreground: Double = 0.5, background: Double = 0.1) {
    let scene = SceneIndex(evaluator)
    let limit = evaluator.parameters.detectionLimits.last ?? 100
    var ledger = ErrorLedger(scene, foreground: foreground, background: background)
    for image in 0..<scene.imageCount { ledger.judge(image: image, limit: limit) }
    ledger.settleMissed()
    let base = ledger.averagePrecision(fixing: nil)
    averagePrecision = base
    var counts: [Kind: Int] = [:]
    var gains: [Kind: Double] = [:]
    for kind in Kind.allCases {
      counts[kind] = ledger.count(of: kind)
      gains[kind] = base < 0 ? 0 : ledger.averagePrecision(fixing: kind) - base
    }
    self.counts = counts
    self.gains = gains
  }
}
