public import DetBasics
import DetSpec

extension StructuralSpace {
  /// The lists of parts in the order of a design's text.
  private enum List {
    static let input = 0
    static let followers = 2...4
    static let all = Array(0...4)
  }

  /// Exchanges one part, chosen at random, for another of the plan's list.
  ///
  /// An input size becomes a neighbouring one. Where the new part does not go with the others (a RetinaNet head with
  /// proposals), as few of neck, proposals and head as possible follow it. When every exchange of the chosen part
  /// leads to designs that were tried, the other parts get their turn.
  public func mutation(
    of parent: Int, _ generator: inout Generator, isFree: (Int) -> Bool
  ) -> Int? {
    let choice = choice(of: parent)
    for list in generator.shuffled(List.all) {
      let values = exchanges(of: list, in: choice).compactMap { designs in
        let free = designs.filter(isFree)
        return free.isEmpty ? nil : free
      }
      guard let designs = generator.pick(values), let child = generator.pick(designs) else {
        continue
      }
      return child
    }
    return nil
  }

  /// The designs that the exchange of one part leads to; ascending.
  public func neighbours(of number: Int) -> [Int] {
    let choice = choice(of: number)
    let found = List.all.flatMap { exchanges(of: $0, in: choice).flatMap { $0 } }
    return Set(found).subtracting([number]).sorted()
  }

  /// For each other value of a part, the numbers of the valid designs that need the fewest further changes.
  func exchanges(of list: Int, in choice: [Int]) -> [[Int]] {
    let current = choice[list]
    let others = (0..<count(ofList: list)).filter { value in
      list == List.input ? abs(value - current) == 1 : value != current
    }
    return others.map { value in
      var changed = choice
      changed[list] = value
      return nearest(to: changed, keeping: list)
    }
  }

  /// The valid designs that differ in the fewest of neck, proposals and head from a choice, which need not be valid.
  private func nearest(to choice: [Int], keeping list: Int) -> [Int] {
    if let number = number(of: choice) { return [number] }
    let ranges = List.followers.map { follower in
      follower == list ? choice[follower]..<choice[follower] + 1 : 0..<count(ofList: follower)
    }
    var found: [Int] = []
    var least = Int.max
    for neck in ranges[0] {
      for proposals in ranges[1] {
        for head in ranges[2] {
          let other = [choice[0], choice[1], neck, proposals, head]
          guard let number = number(of: other) else { continue }
          let changes = zip(choice, other).count { $0 != $1 }
          if changes < least { (found, least) = ([], changes) }
          if changes == least { found.append(number) }
        }
      }
    }
    return found
  }
}
