import DetTensor

/// Losses of box deltas and of classes, with the normalisers that torchvision uses.
enum BoxLoss {
  /// Where the smooth L1 loss turns from a square into a line (Ren et al. 2015).
  static let beta = 1.0 / 9

  /// Smooth L1 summed over boxes and divided by the number of samples, boxes without a truth included.
  static func smoothL1(_ deltas: Tensor, _ targets: Tensor, samples: Int) -> Tensor {
    deltas.smoothL1(targets, beta: beta, reduction: .sum) / Double(max(1, samples))
  }
}
