/// Choosing places among many, numbered: the combinatorial number system.
///
/// The choice a < b < c … has the number C(a, 1) + C(b, 2) + C(c, 3) …
enum Combinations {
  /// C(count, chosen): the number of ways to choose some of `count` places.
  static func count(_ chosen: Int, of count: Int) -> Int {
    guard chosen <= count else { return 0 }
    return (0..<chosen).reduce(1) { $0 * (count - $1) / ($1 + 1) }
  }

  /// The choice of so many places with a number, ascending.
  static func places(number: Int, chosen: Int) -> [Int] {
    var rest = number
    var places: [Int] = []
    for rank in stride(from: chosen, to: 0, by: -1) {
      var place = rank - 1
      while count(rank, of: place + 1) <= rest { place += 1 }
      rest -= count(rank, of: place)
      places.append(place)
    }
    return places.reversed()
  }

  /// The number of a choice of places, ascending.
  static func number(of places: [Int]) -> Int {
    places.enumerated().reduce(0) { $0 + count($1.offset + 1, of: $1.element) }
  }
}
