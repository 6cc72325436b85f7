package import DetBasics
package import DetSpec

extension StructuralSpace {
  private static let attempts = 16

  /// Each part from one of the two, with equal chance; draws that do not go together, or that were tried, are drawn again.
  package func crossing(
    of parent: DetectorDesign, with other: DetectorDesign, _ generator: inout Generator,
    isFree: (Int) -> Bool
  ) -> DetectorDesign? {
    guard let one = index(of: parent).map(choice), let two = index(of: other).map(choice) else {
      return nil
    }
    for _ in 0..<Self.attempts {
      let child = zip(one, two).map { generator.chance(0.5) ? $0 : $1 }
      if let number = number(of: child), isFree(number) { return design(at: number) }
    }
    return nil
  }
}
