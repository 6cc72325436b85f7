/// Turns ids, which may be any 64-bit numbers, into places in their sorted list.
struct IDTable: Sendable {
  /// The ids, ascending.
  let ids: [Int64]
  /// For ids that lie close together: place by id less the least id; -1 in the holes.
  private let direct: [Int32]

  init(_ unsorted: [Int64]) {
    ids = unsorted.sorted()
    guard let least = ids.first, let most = ids.last else {
      direct = []
      return
    }
    let (span, overflows) = most.subtractingReportingOverflow(least)
    guard !overflows, span < 8 * ids.count + 1024 else {
      direct = []
      return
    }
    var table = [Int32](repeating: -1, count: Int(span) + 1)
    for (place, id) in ids.enumerated() { table[Int(id - least)] = Int32(place) }
    direct = table
  }

  var count: Int { ids.count }

  @inline(__always)
  func index(of id: Int64) -> Int32? {
    guard !direct.isEmpty else { return bisect(id) }
    let (offset, overflows) = id.subtractingReportingOverflow(ids[0])
    guard !overflows, offset >= 0, offset < direct.count else { return nil }
    let place = direct[Int(offset)]
    return place < 0 ? nil : place
  }

  private func bisect(_ id: Int64) -> Int32? {
    var (low, high) = (0, ids.count)
    while low < high {
      let middle = (low + high) / 2
      if ids[middle] < id { low = middle + 1 } else { high = middle }
    }
    return low < ids.count && ids[low] == id ? Int32(low) : nil
  }
}
