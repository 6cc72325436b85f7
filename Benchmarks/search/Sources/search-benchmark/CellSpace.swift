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

  func features(of number: Int) -> [Double] {
    choice(number).flatMap { operation in
      (0..<Self.operations).map { $0 == operation ? 0.5.squareRoot() : 0 }
    }
  }

  var featureGroups: [Range<Int>] {
    (0..<Self.edges).map { $0 * Self.operations..<($0 + 1) * Self.operations }
  }
}
