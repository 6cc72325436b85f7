/// Sorting by falling score, as numpy's mergesort of the negated scores does: stable, ties in the order given.
///
/// No part of it runs inside a closure that may throw: Swift 6.3.1 loses the error register (r12) when such a
/// closure ends in a copy that it calls as its last act, and then takes a sort for a failure.
final class ScoreSorter {
  private let otherKeys = Scratch<UInt64>()
  private let otherPlaces = Scratch<Int32>()
  private let counts = Scratch<UInt32>()  // [digit, value]

  /// A key that grows as the score falls; the two zeros are one.
  @inline(__always)
  static func key(_ score: Double) -> UInt64 {
    let bits = (score + 0).bitPattern  // -0 + 0 is +0
    let ascending = bits ^ (bits >> 63 == 1 ? UInt64.max : 1 << 63)
    return ~ascending
  }

  /// Sorts `count` places by their keys, ascending and stable.
  func sort(
    keys: UnsafeMutablePointer<UInt64>, places: UnsafeMutablePointer<Int32>, count: Int
  ) {
    if count <= 48 { return insertionSort(keys, places, count) }
    otherKeys.reserve(count)
    otherPlaces.reserve(count)
    countDigits(keys, count)
    var (from, fromPlaces, to, toPlaces) = (keys, places, otherKeys.base, otherPlaces.base)
    for digit in 0..<8 {
      let column = counts.base + (digit << 8)
      // A digit in which all keys agree orders nothing.
      if Int(column[Int(from[0] >> UInt64(8 * digit) & 255)]) == count { continue }
      scatter(from, fromPlaces, to, toPlaces, count, digit)
      swap(&from, &to)
      swap(&fromPlaces, &toPlaces)
    }
    if from != keys {
      keys.update(from: from, count: count)
      places.update(from: fromPlaces, count: count)
    }
  }

  private func countDigits(_ keys: UnsafeMutablePointer<UInt64>, _ count: Int) {
    counts.reserve(8 * 256)
    counts.base.update(repeating: 0, count: 8 * 256)
    let table = counts.base
    for index in 0..<count {
      var key = keys[index]
      for digit in 0..<8 {
        table[digit << 8 | Int(key & 255)] &+= 1
        key >>= 8
      }
    }
  }

  /// One pass of a radix sort, the least digit first.
  private func scatter(
    _ from: UnsafeMutablePointer<UInt64>, _ fromPlaces: UnsafeMutablePointer<Int32>,
    _ to: UnsafeMutablePointer<UInt64>, _ toPlaces: UnsafeMutablePointer<Int32>, _ count: Int,
    _ digit: Int
  ) {
    let column = counts.base + (digit << 8)
    var start: UInt32 = 0
    for value in 0..<256 {
      let many = column[value]
      column[value] = start
      start &+= many
    }
    let shift = UInt64(8 * digit)
    for index in 0..<count {
      let value = Int(from[index] >> shift & 255)
      let place = Int(column[value])
      column[value] &+= 1
      to[place] = from[index]
      toPlaces[place] = fromPlaces[index]
    }
  }

  private func insertionSort(
    _ keys: UnsafeMutablePointer<UInt64>, _ places: UnsafeMutablePointer<Int32>, _ count: Int
  ) {
    var index = 1
    while index < count {
      let (key, place) = (keys[index], places[index])
      var hole = index
      while hole > 0, keys[hole - 1] > key {
        keys[hole] = keys[hole - 1]
        places[hole] = places[hole - 1]
        hole -= 1
      }
      keys[hole] = key
      places[hole] = place
      index += 1
    }
  }
}
