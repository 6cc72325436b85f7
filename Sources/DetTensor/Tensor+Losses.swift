internal import CTorch

/// How the losses of single elements are combined.
public enum Reduction: Int, Sendable {
  /// They are returned one by one.
  case none = 0
  /// Their mean.
  case mean = 1
  /// Their sum.
  case sum = 2
}

extension Tensor {
  /// Binary cross-entropy of logits against targets of 0 … 1, with an optional weight for each element.
  public func binaryCrossEntropyWithLogits(
    _ target: Tensor, weight: Tensor? = nil, reduction: Reduction = .mean
  ) -> Tensor {
    withExtendedLifetime(weight?.handle) {
      map(target) { ct_bce_with_logits($0, $1, weight?.pointer, reduction.rawValue, $2) }
    }
  }

  /// Half the square over beta where the difference is below beta, else the difference less beta / 2.
  public func smoothL1(_ target: Tensor, beta: Double = 1, reduction: Reduction = .mean) -> Tensor {
    map(target) { ct_smooth_l1($0, $1, beta, reduction.rawValue, $2) }
  }

  /// Cross-entropy of logits [N, classes] against int64 classes [N]; rows of the class `ignoring` count nothing.
  public func crossEntropy(
    _ target: Tensor, ignoring: Int = -100, smoothing: Double = 0, reduction: Reduction = .mean
  ) -> Tensor {
    map(target) { ct_cross_entropy($0, $1, ignoring, smoothing, reduction.rawValue, $2) }
  }
}
