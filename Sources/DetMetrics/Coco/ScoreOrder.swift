/// Sorting by falling score, as numpy's mergesort of the negated scores does: stable, ties in the order given.
enum ScoreOrder {
  /// A key that grows as the score falls; the two zeros are one.
  @inline(__always)
  static func key(_ score: Double) -> UInt64 {
    let bits = (score + 0).bitPattern  // -0 + 0 is +0
    let ascending = bits ^ (bits >> 63 == 1 ? UInt64.max : 1 << 63)
    return ~ascending
  }

  /// Sorts `count` places by their keys, ascending and stable. `otherKeys` and `otherPlaces` are room for
  /// as many; the sorted pairs end in `keys` and `places`.
  static func sort(
    keys: UnsafeMutablePointer<UInt64>, places: UnsafeMutablePointer<Int32>,
    otherKeys: UnsafeMutablePointer<UInt64>, otherPlaces: UnsafeMutablePointer<Int32>, count: Int
  ) {
    if count <= 48 { return insertionSort(keys, places, count) }
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 8 * 256) { counts in
      counts.initialize(repeating: 0)
      for index in 0..<count {
        var key = keys[index]
        for digit in 0..<8 {
          counts[digit << 8 | Int(key & 255)] += 1
          key >>= 8
        }
      }
      var (from, fromPlaces, to, toPlaces) = (keys, places, otherKeys, otherPlaces)
      for digit in 0..<8 {
        let shift = UInt64(8 * digit)
        let column = UnsafeMutableBufferPointer(rebasing: counts[digit << 8..<(digit + 1) << 8])
        // A digit in which all keys agree orders nothing.
        if column[Int(from[0] >> shift & 255)] == count { continue }
        var start: UInt32 = 0
        for value in 0..<256 {
          let many = column[value]
          column[value] = start
          start += many
        }
        for index in 0..<count {
          let value = Int(from[index] >> shift & 255)
          let place = Int(column[value])
          column[value] += 1
          to[place] = from[index]
          toPlaces[place] = fromPlaces[index]
        }
        swap(&from, &to)
        swap(&fromPlaces, &toPlaces)
      }
      if from != keys {
        keys.update(from: from, count: count)
        places.update(from: fromPlaces, count: count)
      }
    }
  }

  private static func insertionSort(
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
