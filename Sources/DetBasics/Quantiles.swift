extension [Double] {
  /// The value below which a share of these ascending values lies, between neighbours by straight line.
  ///
  /// ```swift
  /// [1, 2, 4].quantile(0.75)  // 3
  /// ```
  package func quantile(_ share: Double) -> Double {
    precondition(!isEmpty, "no values have no quantile")
    precondition((0...1).contains(share), "a share is from 0 to 1, not \(share)")
    let place = share * Double(count - 1)
    let below = Int(place)
    let above = Swift.min(count - 1, below + 1)
    return self[below] + (self[above] - self[below]) * (place - Double(below))
  }
}
