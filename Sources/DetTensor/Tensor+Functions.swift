internal import CTorch

extension Tensor {
  /// The absolute value.
  public func abs() -> Tensor { map { ct_abs($0, $1) } }

  /// e to the power of each element.
  public func exp() -> Tensor { map { ct_exp($0, $1) } }

  /// The natural logarithm.
  public func log() -> Tensor { map { ct_log($0, $1) } }

  /// The logarithm to base 2.
  public func log2() -> Tensor { map { ct_log2($0, $1) } }

  /// The square root.
  public func sqrt() -> Tensor { map { ct_sqrt($0, $1) } }

  /// Each element to a power.
  public func pow(_ exponent: Double) -> Tensor { map { ct_power_scalar($0, exponent, $1) } }

  /// Rounded down.
  public func floor() -> Tensor { map { ct_floor($0, $1) } }

  /// Rounded up.
  public func ceil() -> Tensor { map { ct_ceil($0, $1) } }

  /// The sine.
  public func sin() -> Tensor { map { ct_sin($0, $1) } }

  /// 1 / (1 + e^-x).
  public func sigmoid() -> Tensor { map { ct_sigmoid($0, $1) } }

  /// max(x, 0).
  public func relu() -> Tensor { map { ct_relu($0, $1) } }

  /// max(x, 0) in place: for a result that nothing else reads, as that of a normalisation.
  @discardableResult
  public func relu_() -> Tensor {
    update { ct_relu_($0) }
    return self
  }

  /// min(max(x, 0), 6).
  public func relu6() -> Tensor { map { ct_relu6($0, $1) } }

  /// Elements limited to a range; nil is no limit.
  public func clamped(min: Double? = nil, max: Double? = nil) -> Tensor {
    map { ct_clamp($0, min ?? .nan, max ?? .nan, $1) }
  }

  /// Exponentials that sum to one along a dimension.
  public func softmax(_ dim: Int) -> Tensor { map { ct_softmax($0, dim, $1) } }
}
