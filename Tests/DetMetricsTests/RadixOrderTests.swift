import DetBasics
import Testing

@testable import DetMetrics

/// Sorting by bits is sorting by size.
@Suite struct RadixOrderTests {
  /// Numbers of all kinds, many of them twice.
  private static func numbers(_ count: Int, seed: UInt64) -> [Double] {
    var stream = Generator(seed: seed)
    let strange = [
      0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
      .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1, 1.0.nextUp,
    ]
    return (0..<count).map { _ in
      switch stream.index(below: 4) {
      case 0: strange[stream.index(below: strange.count)]
      case 1: Double(stream.index(below: 9)) - 4
      case 2: stream.normal()
      default: Double(bitPattern: stream.next())
      }
    }.map { $0.isNaN ? 0 : $0 }
  }

  @Test(arguments: [0, 1, 2, 3, 100, 5000]) func theOrderIsThatOfAStableSort(_ count: Int) {
    for seed in 1...8 {
      let numbers = Self.numbers(count, seed: UInt64(seed))
      let expected = numbers.indices.sorted {
        numbers[$0] != numbers[$1] ? numbers[$0] < numbers[$1] : $0 < $1
      }
      #expect(RadixOrder.places(of: numbers) == expected)
    }
  }

  /// Points with many equal coordinates, by both coordinates in turn and then by their place.
  @Test func pointsAreOrderedByBothCoordinates() {
    let (xs, ys) = (Self.numbers(600, seed: 20), Self.numbers(600, seed: 21))
    let points = CostPoints(zip(xs, ys).map { [$0, $1] }, [.minimize, .minimize])
    let expected = xs.indices.sorted { left, right in
      if xs[left] != xs[right] { return xs[left] < xs[right] }
      return ys[left] != ys[right] ? ys[left] < ys[right] : left < right
    }
    #expect(points.lexicographicOrder() == expected)
  }
}
