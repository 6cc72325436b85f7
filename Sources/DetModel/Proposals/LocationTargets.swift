import DetSpec
import DetTensor
import Foundation

/// Where anchors should be (Wang et al. 2019, section 3.2): near the middle of an object, on the level of its size.
///
/// Of an object of the size w x h, cells in the middle `0.2 w x 0.2 h` are centres, others within `0.5 w x 0.5 h` are
/// ignored, and so are those within it on the two neighbouring levels; the rest is background. A cell belongs to a
/// region when its middle lies inside; the cell that holds the object's middle always does. Cells whose middle lies in
/// an ignored box are ignored on every level, but for centres.
struct LocationTargets {
  /// For each cell of each image, level by level: 0 a centre, -1 background, -2 ignored; [images, cells].
  let labels: Tensor
  /// The labels with all but the centres ignored.
  var onlyCentres: Tensor {
    labels.filled(where: labels.less(than: Double(Self.centre)), with: Double(Self.ignored))
  }

  private static let centreShare: Float = 0.2
  private static let ignoredShare: Float = 0.5
  private static let (centre, background, ignored) = (0, -1, -2)

  /// The targets for these truths over grids whose cells are those of the location maps.
  ///
  /// Objects are few, so this is done on the host; the labels are copied to the device of the grids.
  init(
    _ truths: [[Box]], ignored: [[Box]]? = nil, grids: AnchorGrids, scale: Double
  ) {
    let levels = Level.all(grids)
    let cells = levels.reduce(0) { $0 + $1.height * $1.width }
    let rows = truths.enumerated().map { image, boxes in
      var labels = [Int](repeating: Self.background, count: cells)
      for box in ignored?[image] ?? [] {
        for level in levels { level.fill(&labels, inside: box, with: Self.ignored) }
      }
      for box in boxes where box.width > 0 && box.height > 0 {
        let own = Self.level(of: box, strides: grids.strides, scale: scale)
        for level in max(own - 1, 0)...min(own + 1, levels.count - 1) {
          levels[level].fill(&labels, box, share: Self.ignoredShare, with: Self.ignored)
        }
      }
      for box in boxes where box.width > 0 && box.height > 0 {
        let own = Self.level(of: box, strides: grids.strides, scale: scale)
        levels[own].fill(&labels, box, share: Self.centreShare, with: Self.centre)
      }
      return labels
    }
    labels = Tensor(rows.flatMap { $0 }, shape: [truths.count, cells])
      .moved(to: grids.shapes.device)
  }

  /// The level whose square anchor, `scale` strides wide, is nearest to the box in size, on a logarithmic scale.
  static func level(of box: Box, strides: [Double], scale: Double) -> Int {
    let side = Double(box.width * box.height).squareRoot()
    let distances = strides.map { abs(log2(side / (scale * $0))) }
    return distances.indices.min { distances[$0] < distances[$1] } ?? 0
  }

  /// The cells of one level among those of all.
  private struct Level {
    let first: Int
    let height: Int
    let width: Int
    let stride: Float

    static func all(_ grids: AnchorGrids) -> [Level] {
      var first = 0
      return grids.strides.indices.map { level in
        let (height, width) = (grids.heights[level], grids.widths[level])
        defer { first += height * width }
        return Level(
          first: first, height: height, width: width, stride: Float(grids.strides[level]))
      }
    }

    /// Labels the cells whose middle lies in a box.
    func fill(_ labels: inout [Int], inside box: Box, with label: Int) {
      for row in Self.cells(box.y0 / stride, box.y1 / stride, of: height) {
        for column in Self.cells(box.x0 / stride, box.x1 / stride, of: width) {
          labels[first + row * width + column] = label
        }
      }
    }

    /// Cells along one axis whose middle lies in low ..< high.
    private static func cells(_ low: Float, _ high: Float, of count: Int) -> Range<Int> {
      func bounded(_ place: Float) -> Int {
        Int(min(max((place - 0.5).rounded(.up), 0), Float(count)))
      }
      return bounded(low)..<max(bounded(low), bounded(high))
    }

    /// Labels the cells in the middle part of a box.
    func fill(_ labels: inout [Int], _ box: Box, share: Float, with label: Int) {
      let rows = Self.cells(box.y0 / stride, box.y1 / stride, share: share, of: height)
      let columns = Self.cells(box.x0 / stride, box.x1 / stride, share: share, of: width)
      for row in rows {
        for column in columns { labels[first + row * width + column] = label }
      }
    }

    /// Cells along one axis in the middle part of low ..< high, and the one that holds the middle.
    private static func cells(_ low: Float, _ high: Float, share: Float, of count: Int)
      -> ClosedRange<Int>
    {
      let last = Float(count - 1)
      func bounded(_ place: Float) -> Int { Int(min(max(place, 0), last)) }
      let middle = (low + high) / 2
      let reach = share * (high - low) / 2
      let own = bounded(middle.rounded(.down))
      let from = bounded((middle - reach - 0.5).rounded(.up))
      let to = bounded((middle + reach - 0.5).rounded(.down))
      return min(from, own)...max(to, own)
    }
  }
}
