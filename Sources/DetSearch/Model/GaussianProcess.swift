import DetBasics
import DetMetrics
import Foundation

/// What is expected of a design's value.
struct Prediction: Sendable, Hashable {
  /// The mean.
  let mean: Double
  /// The standard deviation of what is not known, noise left out.
  let deviation: Double
}

/// A Gaussian process over designs (Rasmussen and Williams 2006): says of any design what its value will be and how sure that is,
/// from the values of others.
struct GaussianProcess: Sendable {
  /// How much designs have to do with each other.
  let kernel: DesignKernel
  /// Which features belong together.
  var groups: [Range<Int>] { table.groups }
  private let covariance: DesignKernel.Covariance
  private var table: FeatureTable
  private var factor = GrowingFactor()
  private var standing: SharedRows?
  private var weights: [Double] = []
  private var scaled = ScaledValues.none

  /// Designs that are asked about at once: their rows stay in the processor's cache.
  private static let block = 128

  /// A process that has seen nothing.
  ///
  /// - Parameters:
  ///   - kernel: how much designs have to do with each other.
  ///   - groups: which of their features belong together.
  ///   - standing: designs that are asked about whenever something new is seen.
  init(_ kernel: DesignKernel, groups: [Range<Int>], standing: FeatureTable? = nil) {
    self.kernel = kernel
    covariance = kernel.covariance
    table = FeatureTable([], groups: groups)
    self.standing = standing.map(SharedRows.init)
  }

  /// A process that has seen some values; nil where the numbers do not allow it.
  init?(_ kernel: DesignKernel, table: FeatureTable, values: [Double]) {
    self.init(kernel, groups: table.groups)
    guard see(table, values: values) else { return nil }
  }

  /// Has seen these values and no others. What was worked out for the designs with which the table begins as the last one did is kept;
  /// the result is the same to the bit without it.
  ///
  /// - Returns: false where the numbers do not allow it.
  mutating func see(_ designs: FeatureTable, values: [Double]) -> Bool {
    guard let scaled = ScaledValues(values) else { return false }
    let kept = table.rowsInCommon(with: designs)
    factor.cut(to: kept)
    standing?.cut(to: kept)
    table = designs
    var distances = [Double](repeating: 0, count: table.groups.count)
    for row in kept..<designs.count {
      var next: [Double] = []
      next.reserveCapacity(row + 1)
      for other in 0...row {
        table.distances(of: row, to: table, other, into: &distances)
        next.append(covariance(distances))
      }
      next[row] += exp(kernel.noise)
      guard factor.append(next) else {
        table = table.rows(Array(0..<row))
        return false
      }
      standing?.append(row, of: table, covariance, factor.row(row))
    }
    self.scaled = scaled
    weights = factor.solve(scaled.values)
    return true
  }

  /// Has also seen designs come out as expected: where work is under way, less is to be learnt. The values are those that this process
  /// has seen.
  mutating func expect(_ designs: [[Double]], at values: [Double]) -> Bool {
    guard !designs.isEmpty else { return true }
    let expected = predict(FeatureTable(designs, groups: table.groups)).map(\.mean)
    var table = table
    for design in designs { table.append(design) }
    return see(table, values: values + expected)
  }

  /// What is expected of designs.
  func predict(_ designs: FeatureTable) -> [Prediction] {
    stride(from: 0, to: designs.count, by: Self.block).flatMap { first in
      let places = first..<min(first + Self.block, designs.count)
      var rows = SharedRows(designs.rows(Array(places)))
      for row in 0..<table.count { rows.append(row, of: table, covariance, factor.row(row)) }
      return predictions(rows)
    }
  }

  /// What is expected of the designs that are always asked about.
  var standingPredictions: [Prediction] { standing.map(predictions) ?? [] }

  private func predictions(_ rows: SharedRows) -> [Prediction] {
    let (means, known) = rows.sums(weights)
    return zip(means, known).map { mean, known in
      let variance = max(kernel.variance - known, 1e-12)
      return Prediction(
        mean: scaled.center + scaled.scale * mean,
        deviation: scaled.scale * variance.squareRoot())
    }
  }

  // MARK: - Learning the kernel

  /// What was learnt from values about how alike designs are.
  struct Lesson: Sendable, Hashable {
    /// The parameters under which the values are likeliest.
    let kernel: DesignKernel
    /// Kendall's tau between values that were held out and what the others let expect of them, of -1 … 1: 0 is chance.
    let agreement: Double
  }

  /// What values teach.
  ///
  /// - Parameters:
  ///   - table: the designs.
  ///   - values: their values.
  ///   - own: of each whether it is one of those by which the kernel's agreement is judged; nil for all.
  ///   - without: what the kernel leaves out.
  /// - Returns: the kernel under which the values are likeliest, the prior counted; nil where the numbers do not allow any.
  static func learn(
    _ table: FeatureTable, values: [Double], judging own: [Bool]? = nil,
    without: Set<ModelPart> = []
  ) -> Lesson? {
    guard let scaled = ScaledValues(values) else { return nil }
    let known = KnownDistances(table)
    let start = DesignKernel(groups: table.groups.count, without: without)
    let priors = start.priors(without: without)
    var best: (cost: Double, kernel: DesignKernel)?
    var walk = ResilientDescent(from: start.list, within: priors.map(\.range))
    for _ in 0..<(without.contains(.learning) ? 1 : steps) {
      var kernel = start
      kernel.list = walk.place
      guard let evidence = Evidence(kernel, known, scaled.values) else { break }
      var cost = evidence.cost
      var slopes = evidence.slopes
      for (index, prior) in priors.enumerated() {
        let (value, slope) = prior.cost(walk.place[index])
        cost += value
        slopes[index] += slope
      }
      if cost < best?.cost ?? .infinity { best = (cost, kernel) }
      walk.step(slopes)
    }
    return best.map {
      Lesson(
        kernel: $0.kernel, agreement: agreement($0.kernel, table, values, judging: own))
    }
  }

  /// Holds out every fourth value in turn, and compares only those with one another that were held out together: what is left shifts
  /// their expectations all alike, against them, so that between turns even a perfect order looks wrong.
  private static func agreement(
    _ kernel: DesignKernel, _ table: FeatureTable, _ values: [Double], judging own: [Bool]?
  ) -> Double {
    let judged = values.indices.filter { own?[$0] ?? true }
    let (pairs, sum) = (0..<turns).reduce((0.0, 0.0)) { total, turn in
      let held = judged.indices.filter { $0 % turns == turn }.map { judged[$0] }
      let isHeld = Set(held)
      let others = values.indices.filter { !isHeld.contains($0) }
      let process = GaussianProcess(
        kernel, table: table.rows(others), values: others.map { values[$0] })
      guard let expected = process?.predict(table.rows(held)).map(\.mean),
        let correlation = RankCorrelation(Array(zip(expected, held.map { values[$0] })))
      else { return total }
      let count = Double(held.count * (held.count - 1) / 2)
      return (total.0 + count, total.1 + count * correlation.kendall)
    }
    return pairs > 0 ? sum / pairs : 0
  }

  private static let turns = 4
  private static let steps = 40

  /// How likely values are under a kernel, with derivatives (Rasmussen and Williams 2006, 5.9).
  struct Evidence {
    /// The negative logarithm of the likelihood, but for a constant.
    let cost: Double
    /// The cost's derivatives by the kernel's parameters, in the order of its list.
    let slopes: [Double]
    /// Of values with mean 0 and variance 1; nil where the numbers do not allow it.
    init?(_ kernel: DesignKernel, _ known: KnownDistances, _ values: [Double]) {
      let count = known.count
      let covariance = kernel.covariance
      var parts: [(joint: Double, separate: Double)] = []
      parts.reserveCapacity(count * (count + 1) / 2)
      var matrix = [Double](repeating: 0, count: count * count)
      for row in 0..<count {
        for column in 0...row {
          let pair = covariance.parts(known[row, column], alike: known.alikeness(row, column))
          parts.append(pair)
          matrix[column * count + row] = pair.joint + pair.separate
        }
        matrix[row * count + row] += exp(kernel.noise)
      }
      guard let factor = CholeskyFactor(matrix, order: count) else { return nil }
      let weights = factor.solve(values)
      let inverse = factor.inverse()
      var reaches = [Double](repeating: 0, count: kernel.reach.count)
      var (joint, separate, noise) = (0.0, 0.0, 0.0)
      var next = 0
      for row in 0..<count {
        for column in 0...row {
          let pull = inverse[column * count + row] - weights[row] * weights[column]
          // The other half of the matrix is the same.
          let share = row == column ? pull / 2 : pull
          let pair = parts[next]
          next += 1
          let shared = share * pair.joint
          for (group, distance) in known[row, column].enumerated() {
            reaches[group] -= shared * distance
          }
          joint += shared
          separate += share * pair.separate
          if row == column { noise += share * exp(kernel.noise) }
        }
      }
      cost = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / 2 + factor.halfLogDeterminant
      slopes = zip(reaches, kernel.reach).map { $0 * exp($1) } + [joint, separate, noise]
    }
  }
}

/// Values shifted and scaled to mean 0 and variance 1.
struct ScaledValues: Sendable {
  let values: [Double]
  let center: Double
  let scale: Double

  /// Of nothing.
  static let none = ScaledValues(values: [], center: 0, scale: 1)

  private init(values: [Double], center: Double, scale: Double) {
    self.values = values
    self.center = center
    self.scale = scale
  }

  /// Nil when there are none.
  init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let center = values.mean
    let variance = values.squaredDifferences / Double(values.count)
    // Where all are equal there is no scale to learn.
    let scale = variance > 0 ? variance.squareRoot() : 1
    self.init(values: values.map { ($0 - center) / scale }, center: center, scale: scale)
  }
}

/// The squared distances of all pairs of a table's designs, group by group, and how alike they are.
struct KnownDistances {
  let count: Int
  private let groups: Int
  private var values: [Double]
  private var alike: [Double]

  init(_ table: FeatureTable) {
    count = table.count
    groups = table.groups.count
    values = []
    alike = []
    values.reserveCapacity(count * (count + 1) / 2 * groups)
    alike.reserveCapacity(count * (count + 1) / 2)
    var distances = [Double](repeating: 0, count: groups)
    for row in 0..<count {
      for column in 0...row {
        table.distances(of: row, to: table, column, into: &distances)
        values += distances
        alike.append(DesignKernel.alikeness(distances))
      }
    }
  }

  private func place(_ row: Int, _ column: Int) -> Int { row * (row + 1) / 2 + column }

  /// The distances of two designs, of which the first does not come before the second.
  subscript(row: Int, column: Int) -> ArraySlice<Double> {
    let start = place(row, column) * groups
    return values[start..<start + groups]
  }

  /// How alike two designs are: see ``DesignKernel/alikeness(_:)``.
  func alikeness(_ row: Int, _ column: Int) -> Double { alike[place(row, column)] }
}
