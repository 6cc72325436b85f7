/// What a list of designs has to do with the trials that a Gaussian process has seen: a row for each trial, of which the last ones can
/// be cut off, so that a list that is asked about again and again costs only the new trials' rows.
struct SharedRows: Sendable {
  /// The designs.
  let designs: FeatureTable
  /// How many trials there are.
  private(set) var trials = 0
  /// Covariances of the designs with each trial.
  private var shared: [Double] = []
  /// The same after L⁻¹: their squares sum up to what is known of a design.
  private var halves: [Double] = []

  /// Of designs and no trial.
  init(_ designs: FeatureTable) { self.designs = designs }

  /// Forgets the last trials.
  mutating func cut(to trials: Int) {
    guard trials < self.trials else { return }
    shared.removeLast((self.trials - trials) * designs.count)
    halves.removeLast((self.trials - trials) * designs.count)
    self.trials = trials
  }

  /// Adds the next trial, a row of the table and of the factor.
  mutating func append(
    _ row: Int, of table: FeatureTable, _ covariance: DesignKernel.Covariance,
    _ factor: ArraySlice<Double>
  ) {
    precondition(row == trials, "trial \(row) does not come after \(trials) others")
    let count = designs.count
    var distances = [Double](repeating: 0, count: table.groups.count)
    var next = [Double](repeating: 0, count: count)
    for design in 0..<count {
      designs.distances(of: design, to: table, row, into: &distances)
      next[design] = covariance(distances)
    }
    shared += next
    halves.withUnsafeBufferPointer { halves in
      next.withUnsafeMutableBufferPointer { next in
        for (trial, weight) in factor.dropLast().enumerated() {
          let first = trial * count
          for design in 0..<count { next[design] -= weight * halves[first + design] }
        }
        let diagonal = factor[factor.endIndex - 1]
        for design in 0..<count { next[design] /= diagonal }
      }
    }
    halves += next
    trials += 1
  }

  /// Of each design the mean under weights of the trials, and how much of its variance is known.
  func sums(_ weights: [Double]) -> (means: [Double], known: [Double]) {
    let count = designs.count
    var means = [Double](repeating: 0, count: count)
    var known = means
    for trial in 0..<trials {
      let first = trial * count
      let weight = weights[trial]
      for design in 0..<count {
        means[design] += weight * shared[first + design]
        known[design] += halves[first + design] * halves[first + design]
      }
    }
    return (means, known)
  }
}
