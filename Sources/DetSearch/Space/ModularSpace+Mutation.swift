public import DetBasics
import DetSpec

extension ModularSpace {
  /// Operators of one mutation at the most; a "2" or a "-" moves by up to half as many places.
  static let operators = 4
  private static let attempts = 64

  /// A character of a stage code.
  enum Letter: Hashable { case keep, double, cut }

  /// The mutation of the authors' early code base: base channels, pyramid channels, and head channels where they vary, to a
  /// neighbouring value each with probability one half; then one to four operators drawn from inserting a "1", removing a "1", and exchanging a "2"
  /// or a "-" with the character one or two places away; where the plan allows several numbers of "2", also from making a "1" a "2" or
  /// the reverse. Draws that lead out of the space, or to a design that was tried, are drawn again.
  public func mutation(
    of parent: Int, _ generator: inout Generator, isFree: (Int) -> Bool
  ) -> Int? {
    let place = parent % heads.count
    let parent = design(at: parent)
    guard case .coded(let code) = parent.backbone,
      let base = parts.base.firstIndex(of: code.base), let neck = necks.firstIndex(of: parent.neck)
    else { return nil }
    let own = Self.letters(code)
    for _ in 0..<Self.attempts {
      var letters = own
      let base = step(base, parts.base.count, &generator)
      let neck = step(neck, necks.count, &generator)
      // Nothing is drawn where all designs have one head, so that such a search draws as it did before heads varied.
      let head = heads.count == 1 ? 0 : step(place, heads.count, &generator)
      for _ in 0..<1 + generator.index(below: Self.operators) { change(&letters, &generator) }
      if let row = Letters(letters),
        let number = number(base: base, row, neck: neck, head: head), isFree(number)
      {
        return number
      }
    }
    return nil
  }

  /// The designs that one operator of a mutation leads to, or one step of base, pyramid or head channels; ascending, without the
  /// design itself.
  public func neighbours(of number: Int) -> [Int] {
    let head = number % heads.count
    let design = design(at: number)
    guard case .coded(let code) = design.backbone,
      let base = parts.base.firstIndex(of: code.base), let neck = necks.firstIndex(of: design.neck)
    else { return [] }
    let letters = Self.letters(code)
    let rows = changes(of: letters).compactMap { Letters($0) }
    var found = Set(
      rows.compactMap { self.number(base: base, $0, neck: neck, head: head) })
    if let row = Letters(letters) {
      for step in [-1, 1] {
        let places = [
          (base + step, neck, head), (base, neck + step, head), (base, neck, head + step),
        ]
        for (base, neck, head) in places
        where parts.base.indices.contains(base) && necks.indices.contains(neck)
          && heads.indices.contains(head)
        {
          if let other = self.number(base: base, row, neck: neck, head: head) {
            found.insert(other)
          }
        }
      }
    }
    found.remove(number)
    return found.sorted()
  }

  /// What ``change(_:_:)`` can make of a code.
  private func changes(of letters: [Letter]) -> [[Letter]] {
    func changed(_ body: (inout [Letter]) -> Void) -> [Letter] {
      var changed = letters
      body(&changed)
      return changed
    }
    let longer = (0...letters.count).map { place in
      changed { $0.insert(.keep, at: place) }
    }
    let single = letters.indices.flatMap { place -> [[Letter]] in
      switch letters[place] {
      case .keep: return [changed { $0.remove(at: place) }]
      case .double, .cut:
        let others = (1...Self.operators / 2).flatMap { [place - $0, place + $0] }
          .filter(letters.indices.contains)
        return others.map { other in changed { $0.swapAt(place, other) } }
      }
    }
    guard parts.doublings.count > 1 else { return longer + single }
    let turned = letters.indices.filter { letters[$0] != .cut }.map { place in
      changed { $0[place] = $0[place] == .keep ? .double : .keep }
    }
    return longer + single + turned
  }

  private static func letters(_ code: StageCode) -> [Letter] {
    Array(code.doubles.map { $0.map { $0 ? Letter.double : .keep } }.joined(separator: [.cut]))
  }

  /// A place in a list, or with probability one half one beside it.
  private func step(_ place: Int, _ count: Int, _ generator: inout Generator) -> Int {
    guard generator.chance(0.5) else { return place }
    return generator.pick([place - 1, place + 1].filter((0..<count).contains)) ?? place
  }

  func change(_ letters: inout [Letter], _ generator: inout Generator) {
    switch generator.index(below: parts.doublings.count > 1 ? 4 : 3) {
    case 0:
      letters.insert(.keep, at: generator.index(below: letters.count + 1))
    case 1:
      guard let place = generator.pick(letters.indices.filter { letters[$0] == .keep }) else {
        return
      }
      letters.remove(at: place)
    case 2:
      let movable = letters.indices.filter { letters[$0] != .keep }
      guard let place = generator.pick(movable) else { return }
      let far = 1 + generator.index(below: Self.operators / 2)
      let other = generator.chance(0.5) ? place + far : place - far
      guard letters.indices.contains(other) else { return }
      letters.swapAt(place, other)
    default:
      guard let place = generator.pick(letters.indices.filter { letters[$0] != .cut }) else {
        return
      }
      letters[place] = letters[place] == .keep ? .double : .keep
    }
  }
}

extension Letters {
  /// The row that characters write; nil unless they are four stages, none of them empty.
  fileprivate init?(_ letters: [ModularSpace.Letter]) {
    var cuts: [Int] = []
    var doublings: [Int] = []
    var depth = 0
    for letter in letters {
      switch letter {
      case .cut:
        guard depth > cuts.last ?? 0 else { return nil }
        cuts.append(depth)
      case .double:
        doublings.append(depth)
        depth += 1
      case .keep: depth += 1
      }
    }
    guard cuts.count == StageCode.stageCount - 1, depth > cuts.last ?? 0 else { return nil }
    self.init(cuts: cuts, doublings: doublings, depth: depth)
  }
}
