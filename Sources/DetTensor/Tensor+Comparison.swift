internal import CTorch

/// The comparisons, as CTorchMath.h numbers them.
private enum Comparison: Int {
  case equal = 0
  case unequal = 1
  case less = 2
  case atMost = 3
  case greater = 4
  case atLeast = 5
}

extension Tensor {
  private func compared(_ kind: Comparison, _ other: Tensor, _ name: StaticString = #function)
    -> Tensor
  {
    map(other, name) { ct_compare($0, $1, kind.rawValue, $2) }
  }

  private func compared(_ kind: Comparison, _ value: Double, _ name: StaticString = #function)
    -> Tensor
  {
    map(name) { ct_compare_scalar($0, value, kind.rawValue, $1) }
  }

  /// Where elements are the same.
  public func equal(to other: Tensor) -> Tensor { compared(.equal, other) }

  /// Where elements are the value.
  public func equal(to value: Double) -> Tensor { compared(.equal, value) }

  /// Where elements differ.
  public func unequal(to other: Tensor) -> Tensor { compared(.unequal, other) }

  /// Where elements are not the value.
  public func unequal(to value: Double) -> Tensor { compared(.unequal, value) }

  /// Where elements are greater.
  public func greater(than other: Tensor) -> Tensor { compared(.greater, other) }

  /// Where elements are greater than the value.
  public func greater(than value: Double) -> Tensor { compared(.greater, value) }

  /// Where elements are less.
  public func less(than other: Tensor) -> Tensor { compared(.less, other) }

  /// Where elements are less than the value.
  public func less(than value: Double) -> Tensor { compared(.less, value) }

  /// Where elements are greater or the same.
  public func atLeast(_ other: Tensor) -> Tensor { compared(.atLeast, other) }

  /// Where elements are the value or greater.
  public func atLeast(_ value: Double) -> Tensor { compared(.atLeast, value) }

  /// Where elements are less or the same.
  public func atMost(_ other: Tensor) -> Tensor { compared(.atMost, other) }

  /// Where elements are the value or less.
  public func atMost(_ value: Double) -> Tensor { compared(.atMost, value) }

  /// Where both are true.
  public func and(_ other: Tensor) -> Tensor { map(other) { ct_and($0, $1, $2) } }

  /// Where either is true.
  public func or(_ other: Tensor) -> Tensor { map(other) { ct_or($0, $1, $2) } }

  /// Where it is false.
  public func not() -> Tensor { map { ct_not($0, $1) } }

  /// Where elements are neither infinite nor NaN.
  public func isFinite() -> Tensor { map { ct_is_finite($0, $1) } }

  /// Elements of `a` where the condition is true, of `b` elsewhere.
  public static func `where`(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
    withExtendedLifetime((condition.handle, b.handle)) {
      a.map { ct_where(condition.pointer, $0, b.pointer, $1) }
    }
  }

  /// Whether every element is true.
  public func all() -> Bool { map { ct_all($0, $1) }.item() != 0 }
}
