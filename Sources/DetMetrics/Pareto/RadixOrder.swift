/// Places of numbers in ascending order, equal ones in the order in which they stand.
///
/// They are dealt out by the leading bits, digit by digit, which takes a time that grows with their count alone; the few that agree in
/// those are compared.
enum RadixOrder {
  private static let buckets = 1 << 11
  /// The leading digits by which numbers are dealt out: sign, exponent and 21 bits of what follows.
  private static let shifts: [UInt64] = [31, 42, 53]

  /// A number's bits and its place.
  private struct Item {
    let key: UInt64
    let place: Int
  }

  /// The places, smallest number first. NaN is not allowed.
  static func places(of numbers: [Double]) -> [Int] {
    var items = numbers.enumerated().map { Item(key: key($1), place: $0) }
    var others = items
    items.withUnsafeMutableBufferPointer { items in
      others.withUnsafeMutableBufferPointer { others in
        for (pass, shift) in shifts.enumerated() {
          // An odd number of passes ends among the others.
          if pass.isMultiple(of: 2) {
            deal(items, to: others, by: shift)
          } else {
            deal(others, to: items, by: shift)
          }
        }
      }
    }
    compare(&others)
    return others.map(\.place)
  }

  /// Moves items in the order of one digit, those of equal digits as they stand.
  private static func deal(
    _ items: UnsafeMutableBufferPointer<Item>, to others: UnsafeMutableBufferPointer<Item>,
    by shift: UInt64
  ) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: buckets) { starts in
      starts.initialize(repeating: 0)
      for item in items { starts[bucket(item.key, shift)] += 1 }
      var sum = 0
      for slot in 0..<buckets { (starts[slot], sum) = (sum, sum + starts[slot]) }
      for item in items {
        let slot = bucket(item.key, shift)
        others[starts[slot]] = item
        starts[slot] += 1
      }
    }
  }

  /// Puts those that agree in their leading bits in order.
  private static func compare(_ items: inout [Item]) {
    let rest = shifts[0]
    var start = 0
    while start < items.count {
      var end = start + 1
      while end < items.count, items[end].key >> rest == items[start].key >> rest { end += 1 }
      if end - start > 1 {
        items[start..<end].sort { ($0.key, $0.place) < ($1.key, $1.place) }
      }
      start = end
    }
  }

  private static func bucket(_ key: UInt64, _ shift: UInt64) -> Int {
    Int(truncatingIfNeeded: key >> shift) & (buckets - 1)
  }

  /// Bits that order as the numbers do: those of negative numbers are turned over, and both zeros are one.
  private static func key(_ number: Double) -> UInt64 {
    let bits = (number + 0).bitPattern
    return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }
}
