package import DetTensor

/// A value of a graph that is being made; what is done with it is recorded.
package struct GraphValue {
  /// Where it is recorded.
  package let builder: GraphBuilder
  /// Its number in the graph.
  package let number: Int

  /// Shape and kind.
  var type: ValueType { builder.graph.types[number] }
  /// The size of each dimension; ``Graph/unknown`` where only running tells.
  package var shape: [Int] { type.shape }
  /// The kind of its elements.
  package var dtype: DType { type.dtype }

  /// An operation on this value whose result has another shape.
  func apply(
    _ operation: Operation, _ others: [GraphValue] = [], shape: [Int], dtype: DType? = nil
  ) -> GraphValue {
    builder.apply(
      operation, [self] + others, ValueType(shape: shape, dtype: dtype ?? self.dtype))
  }
}

// Element by element.
extension GraphValue {
  package static func + (a: GraphValue, b: GraphValue) -> GraphValue { a.with(b, .add) }
  package static func - (a: GraphValue, b: GraphValue) -> GraphValue { a.with(b, .subtract) }
  package static func * (a: GraphValue, b: GraphValue) -> GraphValue { a.with(b, .multiply) }
  package static func / (a: GraphValue, b: GraphValue) -> GraphValue { a.with(b, .divide) }
  package static func + (a: GraphValue, b: Double) -> GraphValue { a + a.number(b) }
  package static func - (a: GraphValue, b: Double) -> GraphValue { a - a.number(b) }
  package static func * (a: GraphValue, b: Double) -> GraphValue { a * a.number(b) }

  /// The smaller of two.
  package func minimum(_ other: GraphValue) -> GraphValue { with(other, .minimum) }
  /// The larger of two.
  package func maximum(_ other: GraphValue) -> GraphValue { with(other, .maximum) }
  /// Where elements are less.
  package func less(than other: GraphValue) -> GraphValue { with(other, .less) }
  /// Where elements are greater.
  package func greater(than other: GraphValue) -> GraphValue { with(other, .greater) }
  /// Where elements are greater than a number.
  package func greater(than value: Double) -> GraphValue { greater(than: number(value)) }
  /// Where elements are a number or greater.
  package func atLeast(_ value: Double) -> GraphValue { with(number(value), .atLeast) }
  /// Where elements are the same.
  package func equal(to other: GraphValue) -> GraphValue { with(other, .equal) }
  /// Where both are true.
  package func and(_ other: GraphValue) -> GraphValue { with(other, .and) }
  /// Where one of both is true.
  package func or(_ other: GraphValue) -> GraphValue { with(other, .or) }
  /// Where it is false.
  package func not() -> GraphValue { apply(.unary(.not), shape: shape) }
  /// 1 / (1 + e^-x).
  package func sigmoid() -> GraphValue { apply(.unary(.sigmoid), shape: shape) }
  /// e to the power of each element.
  package func exp() -> GraphValue { apply(.unary(.exp), shape: shape) }
  /// Limited to a range.
  package func clipped(low: Double, high: Double) -> GraphValue {
    apply(.clip(low: low, high: high), shape: shape)
  }
  /// The elements where a mask is true, another value elsewhere.
  package func kept(where mask: GraphValue, else other: Double) -> GraphValue {
    kept(where: mask, else: number(other))
  }
  /// The elements where a mask is true, those of another value elsewhere.
  package func kept(where mask: GraphValue, else other: GraphValue) -> GraphValue {
    builder.apply(
      .select, [mask, self, other],
      ValueType(shape: broadcast(mask.shape, broadcast(shape, other.shape)), dtype: dtype))
  }
  /// Whole numbers divided and rounded down.
  package func quotient(by divisor: Int) -> GraphValue { apply(.quotient(divisor), shape: shape) }
  /// What that leaves over.
  package func remainder(by divisor: Int) -> GraphValue {
    apply(.remainder(divisor), shape: shape)
  }

  private func number(_ value: Double) -> GraphValue { builder.number(value, dtype) }

  private func with(_ other: GraphValue, _ operation: Operation.Binary) -> GraphValue {
    precondition(
      dtype == other.dtype, "\(operation.rawValue) of \(dtype) and \(other.dtype); make them one")
    return apply(
      .binary(operation), [other], shape: broadcast(shape, other.shape),
      dtype: operation.isQuestion ? .bool : dtype)
  }
}

extension Operation.Binary {
  /// Whether what comes out is true or false.
  var isQuestion: Bool {
    switch self {
    case .add, .subtract, .multiply, .divide, .minimum, .maximum: false
    case .less, .greater, .atLeast, .equal, .and, .or: true
    }
  }
}

/// The shape of what two shapes make together.
func broadcast(_ first: [Int], _ second: [Int]) -> [Int] {
  let count = max(first.count, second.count)
  func padded(_ shape: [Int]) -> [Int] {
    Array(repeating: 1, count: count - shape.count) + shape
  }
  return zip(padded(first), padded(second)).map { a, b in
    precondition(a == b || a == 1 || b == 1, "the shapes \(first) and \(second) do not go together")
    return a == 1 ? b : a
  }
}
