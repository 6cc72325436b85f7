public import DetBasics
import DetSpec

extension StructuralSpace {
  /// Input, backbone, neck, proposals and head of either.
  public func crossing(
    of parent: Int, with other: Int, _ generator: inout Generator
  ) -> Int? {
    let child = zip(choice(of: parent), choice(of: other)).map {
      generator.chance(0.5) ? $0 : $1
    }
    return number(of: child)
  }
}
