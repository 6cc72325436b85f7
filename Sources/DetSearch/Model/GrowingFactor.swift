/// The Cholesky factor L of a symmetric positive definite matrix A = L Lᵀ that gains a row at a time, and can lose its last ones.
///
/// Row after row is worked out from those before it, so that a factor that was cut and grown again has the bits of one that was never
/// cut.
struct GrowingFactor: Sendable {
  /// Rows, and columns.
  private(set) var order = 0
  /// L row after row, each up to its diagonal.
  private var rows: [Double] = []

  private func start(_ row: Int) -> Int { row * (row + 1) / 2 }

  /// Adds the matrix's next row, the diagonal last; false, and nothing is changed, when it is not positive definite then.
  mutating func append(_ row: [Double]) -> Bool {
    precondition(row.count == order + 1, "row \(order) has \(row.count) values")
    var next = row
    for column in 0..<order {
      let sum = product(of: next, withRow: column, count: column)
      next[column] = (next[column] - sum) / rows[start(column) + column]
    }
    let rest = next[order] - (0..<order).reduce(0) { $0 + next[$1] * next[$1] }
    guard rest > 0, rest.isFinite else { return false }
    next[order] = rest.squareRoot()
    rows += next
    order += 1
    return true
  }

  /// Forgets the last rows.
  mutating func cut(to order: Int) {
    guard order < self.order else { return }
    rows.removeLast(rows.count - start(order))
    self.order = order
  }

  /// A row up to its diagonal.
  func row(_ row: Int) -> ArraySlice<Double> { rows[start(row)..<start(row + 1)] }

  /// A⁻¹ b.
  func solve(_ right: [Double]) -> [Double] {
    precondition(right.count == order, "\(right.count) values for \(order) rows")
    var result = right
    for row in 0..<order {
      let sum = product(of: result, withRow: row, count: row)
      result[row] = (result[row] - sum) / rows[start(row) + row]
    }
    for row in (0..<order).reversed() {
      let first = start(row)
      let value = result[row] / rows[first + row]
      result[row] = value
      for column in 0..<row { result[column] -= value * rows[first + column] }
    }
    return result
  }

  /// Σ of the first products of some values and a row.
  private func product(of values: [Double], withRow row: Int, count: Int) -> Double {
    let first = start(row)
    return values.withUnsafeBufferPointer { left in
      rows.withUnsafeBufferPointer { right in
        // Two sums, so that one need not wait for the other.
        var (even, odd) = (0.0, 0.0)
        var place = 0
        while place + 2 <= count {
          even += left[place] * right[first + place]
          odd += left[place + 1] * right[first + place + 1]
          place += 2
        }
        if place < count { even += left[place] * right[first + place] }
        return even + odd
      }
    }
  }
}
