/// What became of the detections and truths of one image, at one overlap and for detections of at least some score.
public struct ImageJudgement: Sendable, Equatable {
  /// A box of a class.
  public struct Box: Sendable, Equatable {
    /// Where it is, in pixels of the image.
    public let box: COCOBox
    /// The id of its class.
    public let categoryID: Int64
    /// The detector's score; nil for a truth.
    public let score: Double?
  }

  /// The image.
  public let imageID: Int64
  /// Detections on a truth of their class, best first.
  public fileprivate(set) var right: [Box] = []
  /// Detections that are wrong, best first.
  public fileprivate(set) var wrong: [Box] = []
  /// Truths that no detection found.
  public fileprivate(set) var missed: [Box] = []

  fileprivate init(_ imageID: Int64) { self.imageID = imageID }

  /// The harmonic mean of precision and recall; 1 where there is nothing to find and nothing was found.
  public var f1: Double {
    let both = 2 * right.count + wrong.count + missed.count
    return both == 0 ? 1 : Double(2 * right.count) / Double(both)
  }
}

extension COCOEvaluator {
  /// Judges every image by itself, in the order of the images' ids. What counts neither way is left out.
  ///
  /// - Parameters:
  ///   - score: detections of a lower one are taken as not made.
  ///   - iou: how far a detection must overlap a truth to be right.
  /// - Returns: a judgement of every image.
  public func judgements(fromScore score: Double, iou: Double = 0.5) -> [ImageJudgement] {
    let scene = SceneIndex(self, fromScore: score)
    let limit = parameters.detectionLimits.last ?? 100
    var ledger = ErrorLedger(scene, foreground: iou, background: 0.1)
    for image in 0..<scene.imageCount { ledger.judge(image: image, limit: limit) }
    var judgements = index.images.ids.map(ImageJudgement.init)
    for (found, isRight) in ledger.counted {
      let box = ImageJudgement.Box(
        box: found.box, categoryID: scene.categories[found.category].id, score: found.score)
      if isRight {
        judgements[found.image].right.append(box)
      } else {
        judgements[found.image].wrong.append(box)
      }
    }
    for truth in ledger.notFound {
      judgements[truth.image].missed.append(
        .init(box: truth.box, categoryID: scene.categories[truth.category].id, score: nil))
    }
    return judgements
  }

  /// The score, in hundredths, from which on detections have the greatest F1 over all images and classes; nil when none is right.
  public func bestScore(iou: Double = 0.5) -> Double? {
    let scores = (0...100).map { Double($0) / 100 }
    let classes = counts(atScores: scores, iou: iou)
    let truths = classes.reduce(0) { $0 + $1.truths }
    let values = scores.indices.map { place -> Double in
      let right = classes.reduce(0) { $0 + $1.right[place] }
      let wrong = classes.reduce(0) { $0 + $1.wrong[place] }
      return right == 0 ? 0 : Double(2 * right) / Double(right + wrong + truths)
    }
    guard let best = values.max(), best > 0 else { return nil }
    return values.lastIndex(of: best).map { scores[$0] }
  }
}
