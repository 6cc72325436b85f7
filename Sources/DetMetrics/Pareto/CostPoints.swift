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

  /// The same by the first coordinate's bits, then within equal ones by the second.
  private func planarOrder() -> [Int] {
    values.withUnsafeBufferPointer { all in
      var order = RadixOrder.places(of: (0..<count).map { all[2 * $0] })
      var start = 0
      while start < count {
        var end = start + 1
        while end < count, all[2 * order[end]] == all[2 * order[start]] { end += 1 }
        if end - start > 1 {
          order[start..<end].sort { left, right in
            let (mine, other) = (all[2 * left + 1], all[2 * right + 1])
            return mine != other ? mine < other : left < right
          }
        }
        start = end
      }
      return order
    }
  }
}
