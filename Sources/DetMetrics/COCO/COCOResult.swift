/// What a COCO evaluation found: the twelve numbers, each class on its own, and every curve behind them.
///
/// A number for which there is no truth is -1, as in pycocotools.
public struct COCOResult: Equatable, Sendable {
  /// The categories in the order of their ids.
  public let categories: [GroundTruth.Category]
  /// What the evaluation ran over.
  public let parameters: COCOParameters
  let tables: COCOTables
  /// How many images the truth has.
  public let imageCount: Int
  /// How many detections were evaluated.
  public let detectionCount: Int

  /// One point of a precision–recall curve.
  public struct CurvePoint: Equatable, Sendable {
    /// The recall.
    public let recall: Double
    /// The best precision at that recall or any higher one.
    public let precision: Double
    /// The score at which the recall is reached; 0 when it never is.
    public let score: Double
  }

  /// The mean precision over recalls, classes and IoU thresholds.
  ///
  /// - Parameters:
  ///   - iou: one threshold of the parameters, or nil for the mean over all.
  ///   - area: the name of an area range.
  ///   - limit: a detection limit of the parameters, or nil for the largest.
  ///   - category: one category's id, or nil for the mean over all.
  /// - Returns: -1 when there is nothing to measure: no truth, or no such threshold, area, limit, category.
  public func averagePrecision(
    iou: Double? = nil, area: String = "all", limit: Int? = nil, category: Int64? = nil
  ) -> Double {
    guard let (areaPlace, limitPlace) = places(area, limit) else { return -1 }
    let shape = tables.shape
    let (thresholds, classes) = (thresholds(iou), classes(category))
    var values: [Double] = []
    values.reserveCapacity(thresholds.count * shape.recalls * classes.count)
    // The order of numpy's flattened [threshold, recall, class] decides the last bit of the mean.
    for threshold in thresholds {
      for recall in 0..<shape.recalls {
        for one in classes {
          let row = shape.row(one, areaPlace, limitPlace) + threshold
          values.append(tables.precision[row * shape.recalls + recall])
        }
      }
    }
    return PairwiseMean.overDefined(values)
  }

  /// The mean recall over classes and IoU thresholds; the parameters as for `averagePrecision`.
  public func averageRecall(
    iou: Double? = nil, area: String = "all", limit: Int? = nil, category: Int64? = nil
  ) -> Double {
    guard let (areaPlace, limitPlace) = places(area, limit) else { return -1 }
    var values: [Double] = []
    for threshold in thresholds(iou) {
      for one in classes(category) {
        values.append(tables.recall[tables.shape.row(one, areaPlace, limitPlace) + threshold])
      }
    }
    return PairwiseMean.overDefined(values)
  }

  /// The precision–recall curve of one category at one IoU threshold; empty when there is no truth.
  public func curve(
    category: Int64, iou: Double = 0.5, area: String = "all", limit: Int? = nil
  ) -> [CurvePoint] {
    guard let (areaPlace, limitPlace) = places(area, limit),
      let threshold = thresholds(iou).first, let one = classes(category).first
    else { return [] }
    let shape = tables.shape
    let start = (shape.row(one, areaPlace, limitPlace) + threshold) * shape.recalls
    guard tables.truthCounts[one * shape.areas + areaPlace] > 0 else { return [] }
    return (0..<shape.recalls).map { place in
      CurvePoint(
        recall: parameters.recallThresholds[place], precision: tables.precision[start + place],
        score: tables.scores[start + place])
    }
  }

  /// How many truths of a category count in an area range: those that are not crowds.
  public func truthCount(category: Int64? = nil, area: String = "all") -> Int {
    guard let (areaPlace, _) = places(area, nil) else { return 0 }
    return classes(category).reduce(0) { sum, one in
      sum + tables.truthCounts[one * tables.shape.areas + areaPlace]
    }
  }

  private func places(_ area: String, _ limit: Int?) -> (area: Int, limit: Int)? {
    let limits = parameters.detectionLimits
    guard let areaPlace = parameters.areaRanges.firstIndex(where: { $0.name == area }),
      let limitPlace = limit.map({ limits.firstIndex(of: $0) }) ?? limits.indices.last
    else { return nil }
    return (areaPlace, limitPlace)
  }

  private func thresholds(_ iou: Double?) -> [Int] {
    let all = parameters.iouThresholds
    return all.indices.filter { iou == nil || all[$0] == iou }
  }

  private func classes(_ category: Int64?) -> [Int] {
    guard parameters.usesCategories, let category else { return Array(0..<tables.shape.classes) }
    return categories.firstIndex { $0.id == category }.map { [$0] } ?? []
  }
}
