/// Features of several designs, row after row, with squared distances by groups.
struct FeatureTable: Sendable, Hashable {
  /// Which columns belong together.
  let groups: [Range<Int>]
  /// How many designs there are.
  private(set) var count = 0
  private var values: [Double] = []

  /// A table of rows.
  init(_ rows: [[Double]], groups: [Range<Int>]) {
    self.groups = groups
    for row in rows { append(row) }
  }

  /// Adds a design.
  mutating func append(_ row: [Double]) {
    precondition(row.count == groups.last?.upperBound ?? 0, "a row of \(row.count) features")
    values += row
    count += 1
  }

  /// Some of its designs.
  func rows(_ places: [Int]) -> FeatureTable {
    let width = groups.last?.upperBound ?? 0
    return FeatureTable(
      places.map { Array(values[$0 * width..<($0 + 1) * width]) }, groups: groups)
  }

  /// With how many designs this table and another begin alike.
  func rowsInCommon(with other: FeatureTable) -> Int {
    let width = groups.last?.upperBound ?? 0
    let least = min(count, other.count)
    return (0..<least).first { row in
      let place = row * width..<(row + 1) * width
      return values[place] != other.values[place]
    } ?? least
  }

  /// Writes the squared distance of a design to one of another table, group by group.
  func distances(
    of row: Int, to other: FeatureTable, _ otherRow: Int, into result: inout [Double]
  ) {
    let width = groups.last?.upperBound ?? 0
    values.withUnsafeBufferPointer { left in
      other.values.withUnsafeBufferPointer { right in
        for (place, group) in groups.enumerated() {
          var sum = 0.0
          for column in group {
            let step = left[row * width + column] - right[otherRow * width + column]
            sum += step * step
          }
          result[place] = sum
        }
      }
    }
  }
}
