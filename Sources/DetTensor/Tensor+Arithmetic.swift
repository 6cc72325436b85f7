internal import CTorch

extension Tensor {
  /// The sum, element by element; shapes are broadcast.
  public static func + (a: Tensor, b: Tensor) -> Tensor { a.map(b) { ct_add($0, $1, $2) } }

  /// The difference, element by element.
  public static func - (a: Tensor, b: Tensor) -> Tensor { a.map(b) { ct_subtract($0, $1, $2) } }

  /// The product, element by element.
  public static func * (a: Tensor, b: Tensor) -> Tensor { a.map(b) { ct_multiply($0, $1, $2) } }

  /// The quotient, element by element; whole numbers give float32.
  public static func / (a: Tensor, b: Tensor) -> Tensor { a.map(b) { ct_divide($0, $1, $2) } }

  /// Adds a number, which takes the tensor's kind when it can.
  public static func + (a: Tensor, b: Double) -> Tensor { a.map { ct_add_scalar($0, b, $1) } }

  /// Adds a number.
  public static func + (a: Double, b: Tensor) -> Tensor { b.map { ct_add_scalar($0, a, $1) } }

  /// Subtracts a number.
  public static func - (a: Tensor, b: Double) -> Tensor { a.map { ct_add_scalar($0, -b, $1) } }

  /// Subtracts from a number.
  public static func - (a: Double, b: Tensor) -> Tensor { b.map { ct_scalar_subtract(a, $0, $1) } }

  /// Multiplies by a number.
  public static func * (a: Tensor, b: Double) -> Tensor { a.map { ct_multiply_scalar($0, b, $1) } }

  /// Multiplies by a number.
  public static func * (a: Double, b: Tensor) -> Tensor { b.map { ct_multiply_scalar($0, a, $1) } }

  /// Divides by a number; whole numbers give float32.
  public static func / (a: Tensor, b: Double) -> Tensor { a.map { ct_divide_scalar($0, b, $1) } }

  /// Divides a number.
  public static func / (a: Double, b: Tensor) -> Tensor { b.map { ct_scalar_divide(a, $0, $1) } }

  /// The negative.
  public static prefix func - (a: Tensor) -> Tensor { a.map { ct_negate($0, $1) } }

  /// The quotient rounded down.
  public func floorDivided(by divisor: Double) -> Tensor {
    map { ct_floor_divide_scalar($0, divisor, $1) }
  }

  /// What floor division leaves over, with the divisor's sign.
  public func remainder(by divisor: Double) -> Tensor {
    map { ct_remainder_scalar($0, divisor, $1) }
  }

  /// The matrix product [.., n, k] · [.., k, m].
  public func matrixProduct(_ other: Tensor) -> Tensor { map(other) { ct_matmul($0, $1, $2) } }

  /// The larger of two, element by element.
  public func maximum(_ other: Tensor) -> Tensor { map(other) { ct_maximum($0, $1, $2) } }

  /// The smaller of two, element by element.
  public func minimum(_ other: Tensor) -> Tensor { map(other) { ct_minimum($0, $1, $2) } }
}

// In-place operations stay in DetTensor and DetNN, and in code that fills tables.
extension Tensor {
  /// Adds `factor` times another tensor, in place.
  public func add_(_ other: Tensor, times factor: Double = 1) {
    withExtendedLifetime(other.handle) { update { ct_add_($0, other.pointer, factor) } }
  }

  /// Adds a number, in place.
  public func add_(_ value: Double) { update { ct_add_scalar_($0, value) } }

  /// Multiplies by another tensor, in place.
  public func mul_(_ other: Tensor) {
    withExtendedLifetime(other.handle) { update { ct_multiply_($0, other.pointer) } }
  }

  /// Multiplies by a number, in place.
  public func mul_(_ value: Double) { update { ct_multiply_scalar_($0, value) } }

  /// Sets every element to a value.
  public func fill_(_ value: Double) { update { ct_fill_($0, value) } }

  /// Takes over the values of another tensor, broadcast to this shape.
  public func copy_(_ source: Tensor) {
    withExtendedLifetime(source.handle) { update { ct_copy_($0, source.pointer) } }
  }
}
