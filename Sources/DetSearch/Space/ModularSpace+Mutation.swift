public import DetBasics
import DetSpec

extension ModularSpace {
  /// Operators of one mutation at the most; a "2" or a "-" moves by up to half as many places.
  static let operators = 4
  private static let attempts = 64

  /// The mutation of the authors' early code base: base channels, and pyramid channels, to a neighbouring value each with
  /// probability one half; then one to four operators drawn from inserting a "1", removing a "1", and exchanging a "2"
  /// or a "-" with the character one or two places away. Draws that lead out of the space, or to a design that was
  /// tried, are drawn again.
  public func mutation(
    of parent: Int, _ generator: inout Generator, isFree: (Int) -> Bool
  ) -> Int? {
    let parent = design(at: parent)
    guard case .coded(let code) = parent.backbone else { return nil }
    for _ in 0..<Self.attempts {
      var letters = Array(code.stageText)
      let base = step(code.base, in: parts.base, &generator)
      let neck = step(parent.neck, in: necks, &generator)
      for _ in 0..<1 + generator.index(below: Self.operators) {
        Self.change(&letters, &generator)
      }
      guard let stages = try? StageCode.parse(stages: String(letters)),
        let design = design(base: base, stages, neck), let number = index(of: design),
        isFree(number)
      else { continue }
      return number
    }
    return nil
  }

  private func step<Value: Equatable>(
    _ value: Value, in list: [Value], _ generator: inout Generator
  ) -> Value {
    guard generator.chance(0.5), let place = list.firstIndex(of: value) else { return value }
    let neighbours = [place - 1, place + 1].filter(list.indices.contains)
    return generator.pick(neighbours).map { list[$0] } ?? value
  }

  static func change(_ letters: inout [Character], _ generator: inout Generator) {
    switch generator.index(below: 3) {
    case 0:
      letters.insert("1", at: generator.index(below: letters.count + 1))
    case 1:
      guard let place = generator.pick(letters.indices.filter { letters[$0] == "1" }) else {
        return
      }
      letters.remove(at: place)
    default:
      let movable = letters.indices.filter { letters[$0] != "1" }
      guard let place = generator.pick(movable) else { return }
      let far = 1 + generator.index(below: operators / 2)
      let other = generator.chance(0.5) ? place + far : place - far
      guard letters.indices.contains(other) else { return }
      letters.swapAt(place, other)
    }
  }
}
