import DetTensor

/// How far predicted sides are from the truth's, measured by the largest overlap that each side allows
/// (Tychsen-Smith & Petersson 2018; Wang et al. 2019, equation 6).
enum BoundedIoULoss {
  /// Where the smooth L1 loss turns from a square into a line.
  private static let beta = 0.2

  /// Summed over anchors: smooth L1 of `1 - min(w / w', w' / w)`, and of the same for heights, [n, 2] each.
  static func sum(_ sides: Tensor, _ wanted: Tensor) -> Tensor {
    let bound = (sides / wanted).minimum(wanted / sides)
    return (1 - bound).smoothL1(Tensor.zeros(like: bound), beta: beta, reduction: .sum)
  }
}
