package import DetBasics
package import DetSpec

extension StructuralSpace {
  /// Input, backbone, neck, proposals and head of either.
  package func crossing(
    of parent: DetectorDesign, with other: DetectorDesign, _ generator: inout Generator
  ) -> DetectorDesign? {
    guard let one = index(of: parent), let two = index(of: other) else { return nil }
    let child = zip(choice(of: one), choice(of: two)).map { generator.chance(0.5) ? $0 : $1 }
    return number(of: child).map(design(at:))
  }
}
