/// Choosing three places among many, numbered: the combinatorial number system.
///
/// The choice a < b < c has the number C(a, 1) + C(b, 2) + C(c, 3).
enum Combinations {
  /// The number of ways to choose 3 of `count`.
  static func ofThree(_ count: Int) -> Int {
    count < 3 ? 0 : count * (count - 1) * (count - 2) / 6
  }

  /// The choice with a number, ascending.
  static func places(number: Int) -> [Int] {
    let third = largest { ofThree($0) <= number }
    let rest = number - ofThree(third)
    let second = largest { $0 * ($0 - 1) / 2 <= rest }
    return [rest - second * (second - 1) / 2, second, third]
  }

  /// The number of a choice of three places, ascending.
  static func number(of places: [Int]) -> Int {
    places[0] + places[1] * (places[1] - 1) / 2 + ofThree(places[2])
  }

  private static func largest(where holds: (Int) -> Bool) -> Int {
    var place = 0
    while holds(place + 1) { place += 1 }
    return place
  }
}
