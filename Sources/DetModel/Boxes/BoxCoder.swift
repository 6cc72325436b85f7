public import DetTensor

/// Boxes as deltas from other boxes, scaled by deviations (Girshick et al. 2014, appendix C).
///
/// A delta (x, y, w, h) moves the centre by `x · deviation` of the width and `y · deviation` of the height, and
/// multiplies the sides by the exponentials of the other two, at most 62.5 times.
public struct BoxCoder: Equatable, Sendable {
  /// What deltas are multiplied by: x, y, width, height.
  public let deviations: [Double]

  /// For region proposals and RetinaNet.
  public static let unit = BoxCoder(deviations: [1, 1, 1, 1])

  /// For regions in the `step` (from 0) of a head: a half and a third of the first step's in later ones
  /// (Cai & Vasconcelos 2018). `share` multiplies them all, where proposals are nearer to the truth than an RPN's.
  public static func regions(step: Int, share: Double = 1) -> BoxCoder {
    BoxCoder(deviations: [0.1, 0.1, 0.2, 0.2].map { $0 * share / Double(step + 1) })
  }

  /// Four positive deviations.
  public init(deviations: [Double]) {
    precondition(
      deviations.count == 4 && deviations.allSatisfy { $0 > 0 },
      "deviations are four positive numbers, not \(deviations)")
    self.deviations = deviations
  }

  /// The deltas [n, 4] that lead from boxes [n, 4] to targets [n, 4].
  public func encode(_ boxes: Tensor, to targets: Tensor) -> Tensor {
    boxes.boxesEncoded(targets, deviations: deviations)
  }

  /// The boxes [n, 4 k] that deltas [n, 4 k] lead to from boxes [n, 4], without gradients.
  public func decode(_ boxes: Tensor, _ deltas: Tensor) -> Tensor {
    boxes.boxesDecoded(deltas, deviations: deviations)
  }
}
