public import DetBasics
import DetSpec

extension ModularSpace {
  /// Base channels, pyramid channels, head channels and each stage of either.
  public func crossing(
    of parent: Int, with other: Int, _ generator: inout Generator
  ) -> Int? {
    let (left, right) = (design(at: parent), design(at: other))
    guard case .coded(let one) = left.backbone, case .coded(let two) = right.backbone else {
      return nil
    }
    let base = generator.chance(0.5) ? one.base : two.base
    let neck = generator.chance(0.5) ? left.neck : right.neck
    // Nothing is drawn where all designs have one head, so that such a search draws as it did before heads varied.
    let isOwnHead = heads.count == 1 || generator.chance(0.5)
    let head = heads[(isOwnHead ? parent : other) % heads.count]
    let stages = zip(one.doubles, two.doubles).map { generator.chance(0.5) ? $0 : $1 }
    return design(base: base, stages, neck, head).flatMap(index)
  }
}
