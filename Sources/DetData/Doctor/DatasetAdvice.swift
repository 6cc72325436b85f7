import DetBasics

/// What a data set's images and boxes suggest: tiles, input sizes, levels and anchors.
///
/// Rules of thumb, each with its reason beside it; a search then finds out what is best.
public struct DatasetAdvice: Sendable, Equatable {
  /// Cut images this way; nil: use them whole.
  public let tiles: Tiling?
  /// Input sizes from small to large, sides in multiples of 32.
  public let inputs: [PixelSize]
  /// Anchors for them.
  public let anchors: AnchorSettings
  /// Whether the anchors are the usual ones.
  public let anchorsAreUsual: Bool
  /// The finest level worth having, 1 (stride 4) to 6 (stride 128).
  public let finestLevel: Int
  /// The coarsest level worth having.
  public let coarsestLevel: Int
  /// What the largest input and the anchors cover.
  public let coverage: AnchorCoverage

  /// Detectors that are common take images of this many pixels at most.
  public static let mostPixels = 1333 * 800
  /// Objects of fewer pixels a side are hardly found by any detector.
  static let smallestSide = 8.0

  /// Looks at a data set that is not cut into tiles.
  ///
  /// - Parameters:
  ///   - dataset: whole images with boxes.
  ///   - rule: which anchors detectors have.
  ///   - mostPixels: the most pixels of an input that the machine can be asked to train on.
  public init(
    _ dataset: Dataset, rule: AnchorRule, mostPixels: Int = DatasetAdvice.mostPixels
  ) {
    let most = min(mostPixels, Self.mostPixels)
    tiles = Self.tiles(for: dataset, mostPixels: most)
    let seen = tiles.map(dataset.tiled) ?? dataset
    inputs = Self.inputs(for: seen, mostPixels: most)
    let largest = inputs.last ?? PixelSize(width: 512, height: 512)
    let best = Self.bestAnchors(for: seen, input: largest, rule)
    (anchors, coverage) = best
    anchorsAreUsual = best.0 == rule.usual
    // A level is worth having when it fits at least one box in fifty best.
    let used = best.1.levels.indices.filter { best.1.levels[$0].share >= 0.02 }
    finestLevel = (used.first ?? 1) + 1
    coarsestLevel = max((used.last ?? 3) + 1, (used.first ?? 1) + 2)
  }

  /// Huge images lose their small objects when they are shrunk to what a detector takes: then tiles, eight times
  /// as large as a usual object, that overlap by nine of ten objects.
  private static func tiles(for dataset: Dataset, mostPixels: Int) -> Tiling? {
    let boxes = dataset.samples.flatMap(\.boxes).filter { !$0.isIgnored }
    guard !boxes.isEmpty else { return nil }
    let side = Spread(boxes.map { $0.boxArea.squareRoot() })
    let area = Spread(dataset.samples.map { Double($0.size.area) }).median
    let shrunk = min(1, (Double(mostPixels) / area).squareRoot())
    guard shrunk < 0.75, side.p10 * shrunk < 2 * smallestSide else { return nil }
    let size = min(max(rounded(side.median * 8, by: 32), 128), 1024)
    let overlap = min(rounded(side.p90, by: 8), size / 2)
    return Tiling(size: size, stride: size - overlap)
  }

  /// Four sizes of the shape that images have, the largest as large as images and machine allow, and larger than
  /// the images where their smallest objects would be lost otherwise.
  private static func inputs(for dataset: Dataset, mostPixels: Int) -> [PixelSize] {
    let widths = Spread(dataset.samples.map { Double($0.width) })
    let heights = Spread(dataset.samples.map { Double($0.height) })
    let sides = Spread(
      dataset.samples.flatMap(\.boxes).filter { !$0.isIgnored }.map { min($0.width, $0.height) })
    let area = widths.median * heights.median
    let enlarging = sides.count == 0 ? 1 : min(max(1, 2 * smallestSide / max(sides.p10, 1)), 1.5)
    let bound = (Double(mostPixels) / area).squareRoot()
    let scale = min(enlarging, bound)
    var sizes: [PixelSize] = []
    for share in [0.4, 0.6, 0.8, 1] {
      let size = PixelSize(
        width: max(64, rounded(widths.median * scale * share, by: 32)),
        height: max(64, rounded(heights.median * scale * share, by: 32)))
      if sizes.last != size { sizes.append(size) }
    }
    return sizes
  }

  /// The usual anchors unless others cover clearly more.
  private static func bestAnchors(
    for dataset: Dataset, input: PixelSize, _ rule: AnchorRule
  ) -> (AnchorSettings, AnchorCoverage) {
    let usual = AnchorCoverage(dataset, input: input, anchors: rule.anchors(rule.usual))
    var best = (rule.usual, usual)
    for scale in [2.0, 3, 4, 6, 8, 12] {
      for ratios in [[0.5, 1, 2], [1], [0.33, 1, 3], [1, 2, 3], [0.33, 0.5, 1]] {
        let settings = AnchorSettings(scale: scale, ratios: ratios)
        let coverage = AnchorCoverage(dataset, input: input, anchors: rule.anchors(settings))
        if coverage.meanOverlap > best.1.meanOverlap { best = (settings, coverage) }
      }
    }
    let gain = best.1.recall50 - usual.recall50
    return gain > 0.05 || best.1.meanOverlap > usual.meanOverlap + 0.05
      ? best : (rule.usual, usual)
  }

  private static func rounded(_ length: Double, by unit: Int) -> Int {
    max(1, Int((length / Double(unit)).rounded())) * unit
  }
}
