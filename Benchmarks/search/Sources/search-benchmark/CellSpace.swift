import DetBasics
import DetSearch

/// Cells of NAS-Bench-201 (Dong and Yang 2020): six edges, each with one of five operations.
struct CellSpace: SearchSpace {
  static let edges = 6
  static let operations = 5

  let size = 15_625
  var strata: [Range<Int>] { [0..<size] }

  private func choice(_ number: Int) -> [Int] {
    var rest = number
    return (0..<Self.edges).map { _ in
      defer { rest /= Self.operations }
      return rest % Self.operations
    }
  }

  private func number(_ choice: [Int]) -> Int {
    choice.reversed().reduce(0) { $0 * Self.operations + $1 }
  }

  func distance(_ left: Int, _ right: Int) -> Double {
    Double(zip(choice(left), choice(right)).count { $0 != $1 })
  }

  func mutation(of parent: Int, _ generator: inout Generator, isFree: (Int) -> Bool) -> Int? {
    for _ in 0..<64 {
      var child = choice(parent)
      let edge = generator.index(below: Self.edges)
      child[edge] =
        (child[edge] + 1 + generator.index(below: Self.operations - 1)) % Self.operations
      let number = number(child)
      if isFree(number) { return number }
    }
    return nil
  }

  func crossing(of parent: Int, with other: Int, _ generator: inout Generator) -> Int? {
    number(zip(choice(parent), choice(other)).map { generator.chance(0.5) ? $0 : $1 })
  }

  /// Which operation each edge has, and what the ways from the cell's input to its output are like.
  func features(of number: Int) -> [Double] {
    let choice = choice(number)
    let edges = choice.flatMap { operation in
      (0..<Self.operations).map { $0 == operation ? 0.5.squareRoot() : 0 }
    }
    return edges + Self.waysFeatures(choice)
  }

  var featureGroups: [Range<Int>] {
    let edges = (0..<Self.edges).map { $0 * Self.operations..<($0 + 1) * Self.operations }
    let start = Self.edges * Self.operations
    return edges + (0..<Self.wayGroups).map { start + $0..<start + $0 + 1 }
  }

  /// The edges of each way from the input to the output, over none, one or both of the inner nodes.
  private static let ways = [[3], [0, 4], [1, 5], [0, 2, 5]]
  private static let wayGroups = 5
  private enum Operation: Int { case nothing, skip, narrow, wide, pool }

  /// How many ways are open, how many convolutions of each kind lie on them, how many the longest has, and whether one way has none
  /// of the pools.
  private static func waysFeatures(_ choice: [Int]) -> [Double] {
    func count(_ way: [Int], _ operations: Operation...) -> Int {
      way.count { edge in operations.contains { $0.rawValue == choice[edge] } }
    }
    let open = ways.filter { count($0, .nothing) == 0 }
    let used = Array(Set(open.joined()))
    let deepest = open.map { count($0, .narrow, .wide) }.max() ?? -1
    return [
      open.isEmpty ? 0 : 1, Double(count(used, .wide)) / 3, Double(count(used, .narrow)) / 3,
      Double(deepest) / 2, Double(count(used, .skip)) / 3,
    ]
  }
}
