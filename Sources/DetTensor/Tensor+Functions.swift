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

  /// The natural logarithm of 1 + x, exact near zero.
  public func log1p() -> Tensor { map { ct_log1p($0, $1) } }

  /// The square root.
  public func sqrt() -> Tensor { map { ct_sqrt($0, $1) } }

  /// One over the square root.
  public func rsqrt() -> Tensor { map { ct_rsqrt($0, $1) } }

  /// Each element to a power.
  public func pow(_ exponent: Double) -> Tensor { map { ct_power_scalar($0, exponent, $1) } }

  /// Each element to the power of another tensor's.
  public func pow(_ exponent: Tensor) -> Tensor { map(exponent) { ct_power($0, $1, $2) } }

  /// Rounded down.
  public func floor() -> Tensor { map { ct_floor($0, $1) } }

  /// Rounded up.
  public func ceil() -> Tensor { map { ct_ceil($0, $1) } }

  /// Rounded to the nearest, halves to even.
  public func round() -> Tensor { map { ct_round($0, $1) } }

  /// -1, 0 or 1.
  public func sign() -> Tensor { map { ct_sign($0, $1) } }

  /// The sine.
  public func sin() -> Tensor { map { ct_sin($0, $1) } }

  /// The cosine.
  public func cos() -> Tensor { map { ct_cos($0, $1) } }

  /// 1 / (1 + e^-x).
  public func sigmoid() -> Tensor { map { ct_sigmoid($0, $1) } }

  /// The hyperbolic tangent.
  public func tanh() -> Tensor { map { ct_tanh($0, $1) } }

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

  /// x · sigmoid(x).
  public func silu() -> Tensor { map { ct_silu($0, $1) } }

  /// Elements limited to a range; nil is no limit.
  public func clamped(min: Double? = nil, max: Double? = nil) -> Tensor {
    map { ct_clamp($0, min ?? .nan, max ?? .nan, $1) }
  }

  /// Exponentials that sum to one along a dimension.
  public func softmax(_ dim: Int) -> Tensor { map { ct_softmax($0, dim, $1) } }

  /// The logarithm of the softmax.
  public func logSoftmax(_ dim: Int) -> Tensor { map { ct_log_softmax($0, dim, $1) } }
}
