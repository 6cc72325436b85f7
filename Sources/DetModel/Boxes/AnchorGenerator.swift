package import DetTensor

/// Anchors of several sizes and shapes at every cell of every level (Ren et al. 2015; Lin et al. 2017).
///
/// Sizes are in strides of the level. Corners are whole pixels around the cell's upper left corner, as in
/// torchvision, so that its weights see the anchors they were trained with.
package struct AnchorGenerator {
  /// Pixels per cell, finest level first.
  package let strides: [Int]
  /// Anchors per cell.
  package let shapesPerCell: Int
  private let shapes: Tensor

  /// Anchors of `ratios.count * scales.count` shapes; a ratio is height over width.
  package init(strides: [Int], scales: [Double], ratios: [Double]) {
    self.strides = strides
    shapesPerCell = scales.count * ratios.count
    let corners = strides.flatMap { Self.shapes(stride: $0, scales: scales, ratios: ratios) }
    shapes = Tensor(corners, shape: [strides.count * shapesPerCell, 4])
  }

  /// Anchors of a region proposal network: one size a level.
  package static func proposals(strides: [Int], scale: Double, ratios: [Double]) -> AnchorGenerator
  {
    AnchorGenerator(strides: strides, scales: [scale], ratios: ratios)
  }

  /// Anchors of RetinaNet: three sizes an octave, from half the scale of a region proposal network.
  package static func dense(strides: [Int], scale: Double, ratios: [Double]) -> AnchorGenerator {
    let third = 1.2599210498948732  // 2 to the power of 1/3
    let scales = [1, third, third * third].map { $0 * scale / 2 }
    return AnchorGenerator(strides: strides, scales: scales, ratios: ratios)
  }

  /// Anchors where there is no pyramid: five sizes, a quarter to four times the scale, on one level.
  package static func single(stride: Int, scale: Double, ratios: [Double]) -> AnchorGenerator {
    AnchorGenerator(
      strides: [stride], scales: [0.25, 0.5, 1, 2, 4].map { $0 * scale }, ratios: ratios)
  }

  private static func shapes(stride: Int, scales: [Double], ratios: [Double]) -> [Float] {
    ratios.flatMap { ratio in
      scales.flatMap { scale in
        let size = (scale * Double(stride)).rounded(.down)
        let height = (size * ratio.squareRoot() / 2).rounded(.toNearestOrEven)
        let width = (size / ratio.squareRoot() / 2).rounded(.toNearestOrEven)
        return [-width, -height, width, height].map { Float($0) }
      }
    }
  }

  /// The grids over maps [N, C, H, W], one for each level.
  package func grids(over maps: [Tensor]) -> AnchorGrids {
    AnchorGrids(shapes: shapes, perCell: shapesPerCell, strides: strides, over: maps)
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
