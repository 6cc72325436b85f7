package import DetTensor

/// What a node of a graph does: the closed list of everything that is exported.
///
/// Each case is one operator of ONNX, opset 17, or of the few that its comment names; ``Interpreter`` carries the same out on
/// tensors. Inputs are named in order.
package enum Operation: Hashable, Sendable {
  // Layers

  /// x [N, C, H, W], filters [out, C / groups, k, k], bias [out].
  case convolution(stride: Int, padding: Int, dilation: Int, groups: Int)
  /// x [n, in], weights [out, in], bias [out].
  case linear
  /// a [N, n, k], b [N, k, m]: each image's product [n, m].
  case matrixProduct
  /// x [N, C, L], scale [C], bias [C]: each row with mean 0 and variance 1, then scaled and moved.
  case instanceNormalization(epsilon: Double)
  /// x [N, C, H, W]: the largest of each window.
  case maxPool(kernel: Int, stride: Int, padding: Int)
  /// x [N, C, H, W] to another size: the pixel to the upper left.
  case nearestResize(to: [Int])
  /// x [N, C, H, W], places [N, h, w, 2] as x and y from -1 (the left edge of the first pixel) to 1 (the right edge of the
  /// last): bilinear, zero outside.
  case gridSample
  /// x [N, C, H, W], boxes [R, 4] in pixels, image numbers [R]: RoIAlign on one level.
  case regionAlign(bins: Int, samplingRatio: Int, isAligned: Bool, stride: Double)
  /// Exponentials that sum to one along a dimension.
  case softmax(axis: Int)

  // Element by element

  /// Of one value.
  case unary(Unary)
  /// Of two values, whose shapes are broadcast.
  case binary(Binary)
  /// Where the first is true the second, else the third.
  case select
  /// Limited to a range.
  case clip(low: Double, high: Double)
  /// As another kind.
  case cast(DType)
  /// Whole numbers that are not negative, divided by a positive one and rounded down.
  case quotient(Int)
  /// What that division leaves over.
  case remainder(Int)

  // Shapes

  /// The same elements in another shape; at most one size may be -1.
  case reshape([Int])
  /// The dimensions in another order.
  case transpose([Int])
  /// Values one after another along a dimension.
  case concatenate(axis: Int)
  /// The places `from` ..< `to` along a dimension.
  case slice(axis: Int, from: Int, to: Int)
  /// Repeated along dimensions of size one.
  case expand([Int])
  /// The mean over dimensions, which stay as ones or go.
  case mean(axes: [Int], keeps: Bool)
  /// The sum over dimensions, which go.
  case sum(axes: [Int])
  /// The largest over a dimension, which stays as one.
  case largest(axis: Int)

  // Places

  /// x, indices of any shape: the places along the first dimension.
  case gatherRows
  /// x, indices [n, dimensions of x]: one element for each row.
  case gatherElements
  /// x, indices [n, dimensions of x], values [n]: x with those elements replaced.
  case scatterElements
  /// A mask [n]: the numbers of its true elements, [1, count].
  case trueIndices
  /// x [.., n]: the largest elements of each row in falling order, of equal ones the first, and their places. Two outputs.
  case topK(Int)
  /// Boxes [N, n, 4], scores [N, C, n]: the rows (image, class, box) that greedy suppression keeps, of each class at most so
  /// many, of those with scores above the floor.
  case nonMaximumSuppression(most: Int, overlap: Double, floor: Double)

  /// Of one value.
  package enum Unary: String, Hashable, Sendable, CaseIterable {
    case relu, sigmoid, exp, not
  }

  /// Of two values.
  package enum Binary: String, Hashable, Sendable, CaseIterable {
    case add, subtract, multiply, divide, minimum, maximum, less, greater, atLeast, equal, and, or
  }
}
