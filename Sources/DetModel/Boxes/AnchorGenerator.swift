package import DetSpec
package import DetTensor

/// The anchors of a layout as tensors: corners around the upper left corner of every cell, as in torchvision.
package struct AnchorGenerator {
  /// What is generated.
  package let layout: AnchorLayout
  private let shapes: Tensor

  /// Anchors of every level's cells.
  package init(_ layout: AnchorLayout) {
    self.layout = layout
    let corners = layout.levels.flatMap { level in
      layout.halves(at: level).flatMap {
        [-$0.width, -$0.height, $0.width, $0.height].map { Float($0) }
      }
    }
    shapes = Tensor(corners, shape: [layout.levels.count * layout.perCell, 4])
  }

  /// The grids over maps [N, C, H, W], one for each level.
  package func grids(over maps: [Tensor]) -> AnchorGrids {
    AnchorGrids(
      shapes: shapes, perCell: layout.perCell, strides: layout.levels.map(\.stride), over: maps)
  }
}

extension AnchorGrids {
  /// Grids over maps [N, C, H, W] and on their device, one for each level, with as many shapes a cell on each.
  init(shapes: Tensor, perCell: Int, strides: [Int], over maps: [Tensor]) {
    precondition(
      maps.count == strides.count, "there are \(strides.count) levels, but \(maps.count) maps")
    let sizes = maps.map(\.shape)
    self.init(
      shapes: maps.first.map { shapes.moved(to: $0.device) } ?? shapes,
      shapeCounts: strides.map { _ in perCell }, heights: sizes.map { $0[2] },
      widths: sizes.map { $0[3] }, strides: strides.map(Double.init))
  }
}
