public import DetBasics
public import DetSpec

/// A finite set of things to try, each with a number, that can be counted and walked by small changes.
///
/// Searchers know a space by this alone, so that they search one's own as they search detectors: a table of cells, say.
public protocol SearchSpace: Sendable {
  /// The exact number of things.
  var size: Int { get }
  /// Ranges of numbers that a draw chooses among with equal chance, whatever their sizes; together they are the space.
  var strata: [Range<Int>] { get }
  /// Those that are known from elsewhere, with which a search begins, the best known first.
  var classics: [Int] { get }
  /// How many steps apart two are, for spreading the first ones.
  func distance(_ left: Int, _ right: Int) -> Double
  /// A small random change that leads to a number that is free; nil when none was found.
  func mutation(of parent: Int, _ generator: inout Generator, isFree: (Int) -> Bool) -> Int?
  /// One draw with each part from one of two, with equal chance; nil where the parts do not go together, or lead out of the
  /// space.
  func crossing(of parent: Int, with other: Int, _ generator: inout Generator) -> Int?
  /// Numbers that say what one is like, for searchers that learn. The squared distance of two within a group of ``featureGroups``
  /// is 1 where they have nothing in common there.
  func features(of number: Int) -> [Double]
  /// Which features belong together: those of one part.
  var featureGroups: [Range<Int>] { get }
}

extension SearchSpace {
  /// None.
  public var classics: [Int] { [] }
}

/// A space of detectors.
public protocol DesignSpace: SearchSpace {
  /// The design with a number in 0 ..< ``SearchSpace/size``.
  func design(at index: Int) -> DetectorDesign
  /// The number of a design; nil when it is not in the space.
  func index(of design: DetectorDesign) -> Int?
  /// The designs one change away, ascending.
  func neighbours(of number: Int) -> [Int]
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
  /// A free one with each part from one of two; nil when no draw led to one.
  package func crossing(
    of parent: Int, with other: Int, _ generator: inout Generator, isFree: (Int) -> Bool
  ) -> Int? {
    for _ in 0..<16 {
      guard let child = crossing(of: parent, with: other, &generator), isFree(child) else {
        continue
      }
      return child
    }
    return nil
  }

  /// A random one among those left: first a stratum, then one of it; nil when the space is used up.
  package func draw(_ generator: inout Generator, taken: TakenNumbers) -> Int? {
    let open = strata.filter { taken.left(in: $0) > 0 }
    guard let stratum = generator.pick(open) else { return nil }
    let rank = generator.index(below: taken.left(in: stratum))
    return taken.free(rank: rank, in: stratum)
  }
}
