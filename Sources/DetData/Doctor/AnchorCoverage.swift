/// What anchors would cover of a data set's boxes when its images are fitted into an input size.
///
/// A box is covered when some anchor overlaps it by an IoU of 0.5 (a fair start) or 0.7 (what a region
/// proposal network counts as an object).
public struct AnchorCoverage: Sendable, Equatable, Codable {
  /// One level of the feature pyramid.
  public struct Level: Sendable, Equatable, Codable {
    /// Input pixels per cell.
    public let stride: Int
    /// Side of its anchors in pixels of the input.
    public let side: Double
    /// Share of the boxes whose best anchor is of this level.
    public let share: Double
    /// Share of all boxes that this level alone covers by 0.5.
    public let recall50: Double
    /// Share of all boxes that this level alone covers by 0.7.
    public let recall70: Double
  }

  /// The input size, as in `800x600`.
  public let input: String
  /// The levels, finest first.
  public let levels: [Level]
  /// Share of the boxes that all levels together cover by 0.5.
  public let recall50: Double
  /// Share of the boxes that all levels together cover by 0.7.
  public let recall70: Double
  /// The same as ``recall50`` for RetinaNet's anchors.
  public let dense50: Double
  /// Mean overlap of the boxes with their best anchors.
  public let meanOverlap: Double
  /// Share of the boxes of which a side is below 8 pixels in the input: two cells of the finest level.
  public let tinyShare: Double

  /// Measures the boxes that are learnt from.
  public init(_ dataset: Dataset, input: PixelSize, anchors: DetectorAnchors) {
    var best = BoxTally(levels: anchors.proposals.count)
    var dense50 = 0
    for sample in dataset.samples {
      let frame = input.lying(as: sample.size)
      let fitted = ImagePlanner.fitted(sample.size, into: frame)
      let scaleX = Double(fitted.width) / Double(sample.width)
      let scaleY = Double(fitted.height) / Double(sample.height)
      for box in sample.boxes where !box.isIgnored {
        let placed = box.mapped(x: 0, y: 0, scaleX: scaleX, scaleY: scaleY)
        func overlaps(_ levels: [DetectorAnchors.Level]) -> [Double] {
          levels.map { Self.overlap(placed, $0, input: frame) }
        }
        best.add(overlaps(anchors.proposals), isTiny: min(placed.width, placed.height) < 8)
        if (overlaps(anchors.dense).max() ?? 0) >= 0.5 { dense50 += 1 }
      }
    }
    self.init(input, anchors, best, dense50: dense50)
  }

  private init(
    _ input: PixelSize, _ anchors: DetectorAnchors, _ tally: BoxTally, dense50: Int
  ) {
    func share(_ count: Int) -> Double { Double(count) / Double(max(1, tally.boxes)) }
    self.input = input.description
    levels = anchors.proposals.map(\.stride).enumerated().map { level, stride in
      Level(
        stride: stride, side: anchors.settings.scale * Double(stride),
        share: share(tally.best[level]), recall50: share(tally.covered50[level]),
        recall70: share(tally.covered70[level]))
    }
    recall50 = share(tally.any50)
    recall70 = share(tally.any70)
    meanOverlap = tally.sum / Double(max(1, tally.boxes))
    tinyShare = share(tally.tiny)
    self.dense50 = share(dense50)
  }

  /// The largest IoU of a box with the anchors of a level. Over the centres it is largest at the one
  /// nearest to the box's own, across and down.
  static func overlap(
    _ box: LabelledBox, _ level: DetectorAnchors.Level, input: PixelSize
  ) -> Double {
    let stride = level.stride
    func centre(_ low: Double, _ high: Double, _ side: Int) -> Double {
      let padded = (side + 31) / 32 * 32
      let cells = (padded + stride - 1) / stride
      let nearest = ((low + high) / 2 / Double(stride)).rounded()
      return min(max(nearest, 0), Double(cells - 1)) * Double(stride)
    }
    let x = centre(box.x0, box.x1, input.width)
    let y = centre(box.y0, box.y1, input.height)
    var most = 0.0
    for half in level.halves {
      let anchor = LabelledBox(
        x0: x - half.width, y0: y - half.height, x1: x + half.width, y1: y + half.height,
        category: 0)
      most = max(most, anchor.overlap(with: box))
    }
    return most
  }

  /// Counts while boxes are looked at.
  private struct BoxTally {
    var boxes = 0
    var tiny = 0
    var any50 = 0
    var any70 = 0
    var sum = 0.0
    var best: [Int]
    var covered50: [Int]
    var covered70: [Int]

    init(levels: Int) {
      best = Array(repeating: 0, count: levels)
      covered50 = best
      covered70 = best
    }

    mutating func add(_ overlaps: [Double], isTiny: Bool) {
      let most = overlaps.max() ?? 0
      boxes += 1
      sum += most
      if isTiny { tiny += 1 }
      if most >= 0.5 { any50 += 1 }
      if most >= 0.7 { any70 += 1 }
      if let level = overlaps.firstIndex(of: most), most > 0 { best[level] += 1 }
      for (level, overlap) in overlaps.enumerated() {
        if overlap >= 0.5 { covered50[level] += 1 }
        if overlap >= 0.7 { covered70[level] += 1 }
      }
    }
  }
}
