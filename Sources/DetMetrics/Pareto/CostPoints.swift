import DetBasics

/// Points laid flat with every coordinate turned so that smaller is better.
///
/// One layout for every algorithm of this folder; a NaN has no place in an order and is refused here.
struct CostPoints {
  let dimensions: Int
  let count: Int
  let values: [Double]  // [count, dimensions], row by row

  init(_ points: [[Double]], _ directions: [Direction]) {
    let dimensions = directions.count
    precondition(dimensions > 0, "at least one objective is needed")
    let signs = directions.map(Dominance.sign)
    values = [Double](unsafeUninitializedCapacity: points.count * dimensions) { buffer, filled in
      for (row, point) in points.enumerated() {
        precondition(
          point.count == dimensions,
          "point \(row) has \(point.count) coordinates for \(dimensions) objectives")
        for axis in 0..<dimensions {
          let value = point[axis] * signs[axis]
          precondition(!value.isNaN, "point \(row) is NaN in objective \(axis)")
          buffer.initializeElement(at: row * dimensions + axis, to: value)
        }
      }
      filled = points.count * dimensions
    }
    self.dimensions = dimensions
    count = points.count
  }

  /// Whether row `left` dominates row `right`.
  func dominates(_ left: Int, _ right: Int) -> Bool {
    values.withUnsafeBufferPointer { all in
      Dominance.holds(
        axes: dimensions, of: { all[left * dimensions + $0] },
        over: { all[right * dimensions + $0] })
    }
  }

  /// Row numbers in lexicographic order of their coordinates; equal rows keep their order.
  func lexicographicOrder() -> [Int] {
    if dimensions == 2 { return planarOrder() }
    return values.withUnsafeBufferPointer { all in
      (0..<count).sorted { left, right in
        for axis in 0..<dimensions {
          let mine = all[left * dimensions + axis]
          let other = all[right * dimensions + axis]
          if mine != other { return mine < other }
        }
        return left < right
      }
    }
  }

  /// The same with the two coordinates beside the row number, so that sorting stays in one block.
  private func planarOrder() -> [Int] {
    var rows: [(x: Double, y: Double, row: Int)] = []
    rows.reserveCapacity(count)
    for row in 0..<count { rows.append((values[2 * row], values[2 * row + 1], row)) }
    rows.sort { left, right in
      if left.x != right.x { return left.x < right.x }
      return left.y != right.y ? left.y < right.y : left.row < right.row
    }
    return rows.map(\.row)
  }
}
