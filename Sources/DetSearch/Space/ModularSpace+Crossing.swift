package import DetBasics
package import DetSpec

extension ModularSpace {
  private static let crossings = 16

  /// Base channels, pyramid channels and each stage from one of the two, with equal chance; draws that lead out of the space, or
  /// that were tried, are drawn again.
  package func crossing(
    of parent: DetectorDesign, with other: DetectorDesign, _ generator: inout Generator,
    isFree: (Int) -> Bool
  ) -> DetectorDesign? {
    guard case .coded(let one) = parent.backbone, case .coded(let two) = other.backbone else {
      return nil
    }
    for _ in 0..<Self.crossings {
      let base = generator.chance(0.5) ? one.base : two.base
      let neck = generator.chance(0.5) ? parent.neck : other.neck
      let stages = zip(one.doubles, two.doubles).map { generator.chance(0.5) ? $0 : $1 }
      guard let child = design(base: base, stages, neck), let number = index(of: child),
        isFree(number)
      else { continue }
      return child
    }
    return nil
  }
}
