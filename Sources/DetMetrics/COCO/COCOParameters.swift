/// A range of areas, in square pixels, over which a number is taken.
public struct AreaRange: Equatable, Hashable, Sendable {
  /// The name in tables: `all`, `small`, …
  public let name: String
  /// The least area in the range.
  public let lower: Double
  /// The largest area in the range.
  public let upper: Double

  /// Names a closed range of areas.
  public init(_ name: String, _ lower: Double, _ upper: Double) {
    self.name = name
    self.lower = lower
    self.upper = upper
  }

  /// Every area up to 1e10.
  public static let all = AreaRange("all", 0, 1e10)
  /// Up to 32 x 32.
  public static let small = AreaRange("small", 0, 1024)
  /// From 32 x 32 to 96 x 96.
  public static let medium = AreaRange("medium", 1024, 9216)
  /// From 96 x 96 to 1e10.
  public static let large = AreaRange("large", 9216, 1e10)

  func contains(_ area: Double) -> Bool { !(area < lower || area > upper) }
}

/// What a COCO evaluation runs over; the defaults are those of the COCO challenge.
public struct COCOParameters: Equatable, Sendable {
  /// The least overlaps at which a detection counts as right, at most 64; 0.5, 0.55, … 0.95.
  public var iouThresholds: [Double]
  /// The recalls at which precision is read off, ascending; 0, 0.01, … 1.
  public var recallThresholds: [Double]
  /// How many detections of a category an image may have, best first; 1, 10, 100.
  public var detectionLimits: [Int]
  /// The ranges of areas, at most 8; all, small, medium, large.
  public var areaRanges: [AreaRange]
  /// False to match boxes whatever their category (pycocotools' `useCats`).
  public var usesCategories: Bool
  /// Whether a detection may match the annotation whose id is 0. pycocotools takes that id for "nothing"
  /// and counts the detection as wrong; false, the default, gives its numbers. Files should number from 1.
  public var matchesIDZero: Bool
  /// Whether annotations that are ignored, and the detections on them, count neither way. pycocotools overwrites
  /// `ignore` with `iscrowd`, and so counts such boxes as any other; false, the default, gives its numbers.
  public var leavesIgnoredOut: Bool

  /// Starts from the challenge's parameters.
  public init(
    iouThresholds: [Double] = COCOParameters.steps(from: 0.5, to: 0.95, count: 10),
    recallThresholds: [Double] = COCOParameters.steps(from: 0, to: 1, count: 101),
    detectionLimits: [Int] = [1, 10, 100],
    areaRanges: [AreaRange] = [.all, .small, .medium, .large],
    usesCategories: Bool = true,
    matchesIDZero: Bool = false,
    leavesIgnoredOut: Bool = false
  ) {
    precondition((1...64).contains(iouThresholds.count), "1 to 64 IoU thresholds are needed")
    precondition((1...8).contains(areaRanges.count), "1 to 8 area ranges are needed")
    precondition((1...8).contains(detectionLimits.count), "1 to 8 detection limits are needed")
    precondition(detectionLimits.allSatisfy { $0 > 0 }, "detection limits must be positive")
    precondition(
      zip(recallThresholds, recallThresholds.dropFirst()).allSatisfy { $0 <= $1 },
      "recall thresholds must ascend")
    self.iouThresholds = iouThresholds
    self.recallThresholds = recallThresholds
    self.detectionLimits = detectionLimits.sorted()
    self.areaRanges = areaRanges
    self.usesCategories = usesCategories
    self.matchesIDZero = matchesIDZero
    self.leavesIgnoredOut = leavesIgnoredOut
  }

  /// True for a truth that counts neither way, however many detections are on it.
  func leavesOut(_ annotation: GroundTruth.Annotation) -> Bool {
    annotation.isCrowd || leavesIgnoredOut && annotation.isIgnored
  }

  /// Evenly spaced numbers with both ends, each rounded as numpy's `linspace` rounds it.
  public static func steps(from start: Double, to end: Double, count: Int) -> [Double] {
    guard count > 1 else { return [start] }
    let step = (end - start) / Double(count - 1)
    var values = (0..<count).map { Double($0) * step + start }
    values[count - 1] = end
    return values
  }
}
