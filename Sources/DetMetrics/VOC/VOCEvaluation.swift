/// Average precision as the Pascal VOC challenge measures it.
///
/// One IoU threshold; a detection takes the truth it overlaps most and is right when that truth is free
/// and overlaps at least so much. `difficult` truths, and crowds, count neither way. Follows `VOCevaldet.m` of the
/// development kit; VOC's inclusive pixel corners and `+ 1` are the same numbers as this project's exclusive ones.
public struct VOCEvaluation: Sendable {
  /// How the curve becomes one number.
  public enum Method: String, Codable, Sendable {
    /// The mean of the best precisions at recall 0, 0.1, … 1 (VOC 2007).
    case elevenPoint
    /// The area under the falling curve (VOC 2010 and later).
    case area
  }

  /// One class.
  public struct ClassResult: Equatable, Sendable {
    /// The category.
    public let category: GroundTruth.Category
    /// Average precision; NaN when the truth has none of the class.
    public let averagePrecision: Double
    /// Truths that count.
    public let truthCount: Int
    /// The curve: after each detection, best first.
    public let recall: [Double]
    /// The precision there.
    public let precision: [Double]
  }

  /// The classes in the order of their ids.
  public let classes: [ClassResult]

  /// The mean over the classes that the truth has; NaN when it has none.
  public var meanAveragePrecision: Double {
    let defined = classes.map(\.averagePrecision).filter { !$0.isNaN }
    return defined.isEmpty ? .nan : defined.reduce(0, +) / Double(defined.count)
  }

  /// Evaluates all that was added to `evaluator`, class by class.
  public init(_ evaluator: COCOEvaluator, iou: Double = 0.5, method: Method = .elevenPoint) {
    let scene = SceneIndex(evaluator)
    classes = scene.categories.enumerated().map { place, category in
      Self.evaluate(scene, place, category, iou, method)
    }
  }

  private static func evaluate(
    _ scene: SceneIndex, _ place: Int, _ category: GroundTruth.Category, _ iou: Double,
    _ method: Method
  ) -> ClassResult {
    let ranked = scene.detections(ofClass: place).sorted { left, right in
      left.score != right.score ? left.score > right.score : left.order < right.order
    }
    let truthCount = scene.truths.lazy.filter { $0.category == place && !$0.isExempt }.count
    var taken = [Bool](repeating: false, count: scene.truths.count)
    var (right, wrong) = (0.0, 0.0)
    var recall: [Double] = []
    var precision: [Double] = []
    for detection in ranked {
      var best = -Double.infinity
      var match: Int?
      for truth in scene.truths(inImage: detection.image)
      where scene.truths[truth].category == place {
        let overlap = detection.box.intersectionOverUnion(scene.truths[truth].box, isCrowd: false)
        if overlap > best { (best, match) = (overlap, truth) }
      }
      if let match, best >= iou {
        if !scene.truths[match].isExempt {
          if taken[match] { wrong += 1 } else { right += 1 }
          taken[match] = true
        }
      } else {
        wrong += 1
      }
      recall.append(truthCount > 0 ? right / Double(truthCount) : 0)
      precision.append(right + wrong > 0 ? right / (right + wrong) : 0)
    }
    let value = truthCount > 0 ? averagePrecision(recall, precision, method) : .nan
    return ClassResult(
      category: category, averagePrecision: value, truthCount: truthCount, recall: recall,
      precision: precision)
  }

  /// One number for a curve whose recall rises.
  static func averagePrecision(
    _ recall: [Double], _ precision: [Double], _ method: Method
  ) -> Double {
    switch method {
    case .elevenPoint:
      let heights = (0...10).map { step in
        zip(recall, precision).filter { $0.0 >= Double(step) / 10 }.map { $0.1 }.max() ?? 0
      }
      return heights.reduce(0, +) / 11
    case .area:
      var envelope = precision
      for place in envelope.indices.dropLast().reversed() {
        envelope[place] = max(envelope[place], envelope[place + 1])
      }
      var (area, before) = (0.0, 0.0)
      for (reached, height) in zip(recall, envelope) where reached > before {
        area += (reached - before) * height
        before = reached
      }
      return area
    }
  }
}
