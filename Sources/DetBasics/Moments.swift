extension [Double] {
  /// The mean; of no values there is none.
  package var mean: Double {
    precondition(!isEmpty, "no values have no mean")
    return reduce(0, +) / Double(count)
  }

  /// The sum of the squared differences from the mean.
  package var squaredDifferences: Double {
    guard !isEmpty else { return 0 }
    let mean = mean
    return reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }

  /// The standard deviation of what these values are a sample of; 0 of a single value.
  package var sampleDeviation: Double {
    (squaredDifferences / Double(Swift.max(1, count - 1))).squareRoot()
  }
}
