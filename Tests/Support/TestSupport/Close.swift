public import Testing

/// What a difference is measured against.
public enum Scale {
  /// Each value by its own size.
  case each
  /// All values by the size of the largest: for sums, whose rounding follows from the terms.
  case largest
}

/// Expects as many values as there should be, each within `tolerance` of what it should be.
///
/// The tolerance is a share of the size that `scale` names, and absolute where that size is below 1.
public func expectClose<Number: BinaryFloatingPoint>(
  _ found: [Number], _ expected: [Number], _ what: String = "", tolerance: Double = 1e-5,
  scale: Scale = .each, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(found.count == expected.count, "\(what)", sourceLocation: sourceLocation)
  let largest = expected.map { abs(Double($0)) }.max() ?? 0
  for (place, (value, wanted)) in zip(found, expected).enumerated() {
    let size = scale == .each ? abs(Double(wanted)) : largest
    guard largestDifference([value], [wanted]) <= tolerance * max(1, size) else {
      Issue.record(
        "\(what): value \(place) is \(value), not \(wanted) (within \(tolerance))",
        sourceLocation: sourceLocation)
      return
    }
  }
}

/// The largest difference of two rows of numbers; infinite where one has no number, or fewer of them.
public func largestDifference<Number: BinaryFloatingPoint>(
  _ found: [Number], _ expected: [Number]
) -> Double {
  guard found.count == expected.count else { return .infinity }
  let differences = zip(found, expected).map { abs(Double($0) - Double($1)) }
  return differences.contains(where: \.isNaN) ? .infinity : differences.max() ?? 0
}
