internal import CTorch

/// Anchors on regular grids, one grid a level, finest first: at every cell the same shapes, moved by the stride.
///
/// Anchors are numbered level by level, within a level by row, column and shape.
package struct AnchorGrids {
  /// The boxes at cell (0, 0) of every level, [sum of `shapeCounts`, 4].
  package let shapes: Tensor
  /// Shapes at a cell, per level.
  package let shapeCounts: [Int]
  /// Cells from top to bottom, per level.
  package let heights: [Int]
  /// Cells from left to right, per level.
  package let widths: [Int]
  /// Pixels from cell to cell, per level.
  package let strides: [Double]

  /// Grids whose lists go together.
  package init(
    shapes: Tensor, shapeCounts: [Int], heights: [Int], widths: [Int], strides: [Double]
  ) {
    let levels = shapeCounts.count
    precondition(
      heights.count == levels && widths.count == levels && strides.count == levels,
      "shapes are given for \(levels) levels, cells for \(heights.count), strides for \(strides.count)"
    )
    self.shapes = shapes
    self.shapeCounts = shapeCounts
    self.heights = heights
    self.widths = widths
    self.strides = strides
  }

  /// The number of anchors.
  package var count: Int { countsPerLevel.reduce(0, +) }

  /// The number of anchors of each level.
  package var countsPerLevel: [Int] {
    strides.indices.map { heights[$0] * widths[$0] * shapeCounts[$0] }
  }

  /// All anchors, [count, 4], where the shapes lie.
  package func anchors() -> Tensor {
    if Composition.isNeeded(for: shapes) { return Composition.anchors(self) }
    return shapes.map {
      ct_grid_anchors($0, shapeCounts, heights, widths, strides, strides.count, $1)
    }
  }

  /// The anchors that are counted by `indices`, image after image, [indices, 4]: losses look at few of many.
  package func anchors(at indices: Tensor) -> Tensor {
    if Composition.isNeeded(for: shapes) {
      return Composition.anchors(self).rows(at: indices.remainder(by: Double(count)))
    }
    return shapes.map(indices) {
      ct_grid_anchors_at($0, shapeCounts, heights, widths, strides, strides.count, $1, $2)
    }
  }
}
