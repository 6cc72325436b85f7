/// Gives annotations whose id is missing or used before a number of their own: the next ones above all that are there.
package struct AnnotationIDs {
  /// The ids, all different.
  package private(set) var ids: [Int64]
  /// The places of those that were used before.
  package private(set) var repeated: [Int] = []

  /// Goes through the ids in the order of the file; nil: missing.
  package init(_ stated: [Int64?]) {
    var largest: Int64 = 0
    var isRising = true
    var last = Int64.min
    ids = stated.map { $0 ?? 0 }
    for (place, id) in stated.enumerated() {
      isRising = isRising && id != nil && (place == 0 || ids[place] > last)
      last = ids[place]
      largest = max(largest, last)
    }
    // Most files number upwards.
    if isRising { return }
    var seen: Set<Int64> = []
    var taken = largest == .max ? Set(ids) : []
    var next: Int64 = largest == .max ? 0 : largest
    for place in stated.indices {
      if let id = stated[place] {
        if seen.insert(id).inserted { continue }
        repeated.append(place)
      }
      repeat { next += 1 } while taken.contains(next)
      if largest == .max { taken.insert(next) }
      ids[place] = next
    }
  }
}
