import DetSpec
package import DetTensor
import Foundation

/// One anchor a cell, of a learnt shape: `σ · stride` pixels times the exponentials of two predicted numbers, each
/// multiplied by a deviation, around the cell's middle (Wang et al. 2019, section 3.3).
package struct GuidedAnchors {
  let layout: GuidedAnchoringLayout
  // The middles stay, so that the first two play no part.
  package let coder = BoxCoder(deviations: [1, 1, deviation, deviation])

  /// The deviation of predicted numbers, by the authors' release (`anchoring_stds` of mmdetection's GA-RPN).
  static let deviation = 0.14
  /// How far a side may grow or shrink: 62.5 times, as a coded box may.
  static let mostGrowth = log(1000.0 / 16)

  init(_ layout: GuidedAnchoringLayout) { self.layout = layout }

  /// Squares of the scale, one a cell.
  package func squares(over maps: [Tensor]) -> AnchorGrids { grids(over: maps, sides: [(1, 1)]) }

  /// The anchors that stand for all shapes, sizes times ratios a cell.
  func samples(over maps: [Tensor]) -> AnchorGrids {
    let sides = layout.sampleSizes.flatMap { size in
      layout.sampleRatios.map { ratio in
        let root = ratio.squareRoot()
        return (size / root, size * root)
      }
    }
    return grids(over: maps, sides: sides)
  }

  /// Anchors of these widths and heights, in units of the scale, around every cell's middle.
  private func grids(over maps: [Tensor], sides: [(width: Double, height: Double)]) -> AnchorGrids {
    let strides = layout.levels.map(\.stride)
    let corners = strides.flatMap { stride in
      sides.flatMap { side in
        let middle = Double(stride) / 2
        let half = layout.scale * middle
        let (x, y) = (half * side.width, half * side.height)
        return [middle - x, middle - y, middle + x, middle + y].map { Float($0) }
      }
    }
    return AnchorGrids(
      shapes: Tensor(corners, shape: [strides.count * sides.count, 4]), perCell: sides.count,
      strides: strides, over: maps)
  }

  /// The anchors that predicted shapes [N, 2, H, W] per level make, without gradients: [N · cells, 4].
  func anchors(_ shapes: [Tensor], _ squares: AnchorGrids) -> Tensor {
    let all = Tensor.concatenated(shapes.map { $0.flattened(from: 2) }, dim: 2)  // [N, 2, cells]
    let growth = all.detached().transposed().reshaped([-1, 2]).to(.float32)
    let boxes = squares.anchors().repeated([all.size(0), 1])
    return coder.decode(boxes, Tensor.concatenated([Tensor.zeros(like: growth), growth], dim: 1))
  }
}
