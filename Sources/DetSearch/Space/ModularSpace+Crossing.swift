package import DetBasics
package import DetSpec

extension ModularSpace {
  /// Base channels, pyramid channels and each stage of either.
  package func crossing(
    of parent: DetectorDesign, with other: DetectorDesign, _ generator: inout Generator
  ) -> DetectorDesign? {
    guard case .coded(let one) = parent.backbone, case .coded(let two) = other.backbone else {
      return nil
    }
    let base = generator.chance(0.5) ? one.base : two.base
    let neck = generator.chance(0.5) ? parent.neck : other.neck
    let stages = zip(one.doubles, two.doubles).map { generator.chance(0.5) ? $0 : $1 }
    return design(base: base, stages, neck)
  }
}
