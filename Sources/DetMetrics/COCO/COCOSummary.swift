/// The twelve numbers by which detectors are compared; -1 where there is no truth to measure against.
public struct COCOSummary: Codable, Equatable, Sendable {
  /// Average precision over IoU 0.50 to 0.95, the number of the challenge.
  public let AP: Double
  /// Average precision at IoU 0.50.
  public let AP50: Double
  /// Average precision at IoU 0.75.
  public let AP75: Double
  /// AP of small objects, below 32 x 32 pixels.
  public let APsmall: Double
  /// AP of objects between 32 x 32 and 96 x 96 pixels.
  public let APmedium: Double
  /// AP of large objects, above 96 x 96 pixels.
  public let APlarge: Double
  /// Average recall with one detection an image and class (the first limit of the parameters).
  public let AR1: Double
  /// Average recall with ten (the second limit).
  public let AR10: Double
  /// Average recall with a hundred (the last limit).
  public let AR100: Double
  /// Average recall of small objects.
  public let ARsmall: Double
  /// Average recall of medium objects.
  public let ARmedium: Double
  /// Average recall of large objects.
  public let ARlarge: Double

  /// Names and values in the familiar order.
  public var named: [(name: String, value: Double)] {
    [
      ("AP", AP), ("AP50", AP50), ("AP75", AP75), ("APsmall", APsmall), ("APmedium", APmedium),
      ("APlarge", APlarge), ("AR1", AR1), ("AR10", AR10), ("AR100", AR100), ("ARsmall", ARsmall),
      ("ARmedium", ARmedium), ("ARlarge", ARlarge),
    ]
  }
}

extension COCOResult {
  /// The twelve numbers over all classes.
  public var summary: COCOSummary { summary(category: nil) }

  /// The twelve numbers of one category, or of all.
  public func summary(category: Int64?) -> COCOSummary {
    let limits = parameters.detectionLimits
    func recall(_ place: Int) -> Double {
      place < limits.count ? averageRecall(limit: limits[place], category: category) : -1
    }
    return COCOSummary(
      AP: averagePrecision(category: category),
      AP50: averagePrecision(iou: 0.5, category: category),
      AP75: averagePrecision(iou: 0.75, category: category),
      APsmall: averagePrecision(area: "small", category: category),
      APmedium: averagePrecision(area: "medium", category: category),
      APlarge: averagePrecision(area: "large", category: category),
      AR1: recall(0), AR10: recall(1), AR100: averageRecall(category: category),
      ARsmall: averageRecall(area: "small", category: category),
      ARmedium: averageRecall(area: "medium", category: category),
      ARlarge: averageRecall(area: "large", category: category))
  }
}

extension COCOResult {
  /// The twelve numbers by names that say their limits: `AR400` where 400 detections an image and class were judged.
  public var namedNumbers: [(name: String, value: Double)] {
    let limits = parameters.detectionLimits
    let most = limits[limits.count - 1]
    let ofRecall = ["AR1": limits[0], "AR10": limits.count > 1 ? limits[1] : most, "AR100": most]
    return summary.named.map { name, value in
      (ofRecall[name].map { "AR\($0)" } ?? name, value)
    }
  }
}
