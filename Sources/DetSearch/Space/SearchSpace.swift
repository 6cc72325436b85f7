package import DetBasics
package import DetSpec

/// A finite set of valid designs that can be counted, listed by number, and walked by small changes.
package protocol SearchSpace: Sendable {
  /// The exact number of designs.
  var size: Int { get }
  /// Ranges of numbers that a draw chooses among with equal chance, whatever their sizes; together they are the space.
  var strata: [Range<Int>] { get }
  /// The design with a number in 0 ..< ``size``.
  func design(at index: Int) -> DetectorDesign
  /// The number of a design; nil when it is not in the space.
  func index(of design: DetectorDesign) -> Int?
  /// How many steps apart two designs of the space are, for spreading the first ones.
  func distance(_ left: DetectorDesign, _ right: DetectorDesign) -> Double
  /// A small random change of a design that leads to a free design of the space; nil when none was found.
  func mutation(
    of parent: DetectorDesign, _ generator: inout Generator, isFree: (Int) -> Bool
  ) -> DetectorDesign?
  /// One draw of a design with each part from one of two designs of the space, with equal chance; nil where the parts do not go
  /// together, or lead out of the space.
  func crossing(
    of parent: DetectorDesign, with other: DetectorDesign, _ generator: inout Generator
  ) -> DetectorDesign?
}

/// The numbers of a space that were used up, so that each draw is uniform over those that are left.
package struct TakenNumbers: Sendable {
  private var sorted: [Int] = []
  private var members: Set<Int> = []

  /// None yet.
  package init() {}

  /// How many there are.
  package var count: Int { sorted.count }

  /// Whether a number is used up.
  package func contains(_ number: Int) -> Bool { members.contains(number) }

  /// Uses a number up.
  package mutating func insert(_ number: Int) {
    guard members.insert(number).inserted else { return }
    sorted.insert(number, at: firstPlace { $0 >= number })
  }

  /// How many numbers of a range are left.
  package func left(in range: Range<Int>) -> Int {
    let below = firstPlace { $0 >= range.lowerBound }
    let belowEnd = firstPlace { $0 >= range.upperBound }
    return range.count - (belowEnd - below)
  }

  /// The number of a range that has exactly `rank` unused ones of that range before it.
  ///
  /// Exact even when one single number is left: nothing is drawn and thrown away.
  package func free(rank: Int, in range: Range<Int>) -> Int {
    let start = firstPlace { $0 >= range.lowerBound }
    // Before the k-th taken number t of the range lie t - lowerBound - k free ones; the wanted number lies behind
    // all those that have at most `rank` free ones before them.
    var (low, high) = (start, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      let freeBefore = sorted[middle] - range.lowerBound - (middle - start)
      if freeBefore <= rank { low = middle + 1 } else { high = middle }
    }
    return range.lowerBound + rank + (low - start)
  }

  private func firstPlace(where condition: (Int) -> Bool) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if condition(sorted[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension SearchSpace {
  /// A free design with each part from one of two; nil when no draw led to one.
  package func crossing(
    of parent: DetectorDesign, with other: DetectorDesign, _ generator: inout Generator,
    isFree: (Int) -> Bool
  ) -> DetectorDesign? {
    for _ in 0..<16 {
      guard let child = crossing(of: parent, with: other, &generator),
        let number = index(of: child), isFree(number)
      else { continue }
      return child
    }
    return nil
  }

  /// A random design among those left: first a stratum, then a design of it; nil when the space is used up.
  package func draw(_ generator: inout Generator, taken: TakenNumbers) -> Int? {
    let open = strata.filter { taken.left(in: $0) > 0 }
    guard let stratum = generator.pick(open) else { return nil }
    let rank = generator.index(below: taken.left(in: stratum))
    return taken.free(rank: rank, in: stratum)
  }
}
