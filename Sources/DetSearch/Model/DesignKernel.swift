import Foundation

/// How much the values of two designs have to do with each other, by how unlike they are in each group of features.
///
/// The covariance is the sum of two parts: one in which every group adds its share whatever the others are (main effects), and one
/// in which all groups have to be alike (what parts do together). A group in which the values do not differ is found out when
/// the parameters are learnt: its `reach` becomes small.
struct DesignKernel: Sendable, Hashable {
  /// Of each group, how fast designs that differ there become strangers; logarithms.
  var reach: [Double]
  /// The variance of what parts do together; a logarithm.
  var joint: Double
  /// The variance of what each part does by itself, all groups together; a logarithm.
  var separate: Double
  /// The variance of what differs when the same design is evaluated again; a logarithm.
  var noise: Double

  /// What is expected before anything was seen, of values with a variance of 1.
  init(groups: Int, without: Set<ModelPart> = []) {
    reach = Array(repeating: Self.expectedReach, count: groups)
    joint = without.contains(.jointEffects) ? Self.nothing : Self.expectedJoint
    separate = without.contains(.separateEffects) ? Self.nothing : Self.expectedSeparate
    noise = Self.expectedNoise
  }

  /// The logarithm of a variance that counts for nothing.
  private static let nothing = -30.0

  private static let expectedReach = log(0.3)
  private static let expectedJoint = -1.0
  private static let expectedSeparate = 0.0
  private static let expectedNoise = log(0.01)

  /// The covariances of pairs of designs.
  struct Covariance: Sendable {
    private let reach: [Double]
    private let joint: Double
    private let separate: Double

    fileprivate init(_ kernel: DesignKernel) {
      reach = kernel.reach.map { exp($0) }
      joint = kernel.joint
      separate = exp(kernel.separate) / Double(kernel.reach.count)
    }

    /// The covariance of two designs, given their squared distance in each group.
    func callAsFunction(_ distances: some Sequence<Double>) -> Double {
      let parts = parts(distances, alike: DesignKernel.alikeness(distances))
      return parts.joint + parts.separate
    }

    /// Its two parts, given also how alike the designs are in all groups together.
    func parts(_ distances: some Sequence<Double>, alike: Double) -> (
      joint: Double, separate: Double
    ) {
      var exponent = 0.0
      for (reach, distance) in zip(reach, distances) { exponent += reach * distance }
      return (exp(joint - exponent), separate * alike)
    }
  }

  /// How alike two designs are in all groups together, whatever the parameters: what each part does by itself rests on it.
  static func alikeness(_ distances: some Sequence<Double>) -> Double {
    distances.reduce(0) { $0 + exp(-$1) }
  }

  /// The covariances of pairs of designs.
  var covariance: Covariance { Covariance(self) }

  /// The variance of a design's value before anything was seen.
  var variance: Double { exp(joint) + exp(separate) }

  // MARK: - As a list

  /// All parameters in one list: reaches, joint, separate, noise.
  var list: [Double] {
    get { reach + [joint, separate, noise] }
    set {
      reach = Array(newValue.dropLast(3))
      joint = newValue[newValue.count - 3]
      separate = newValue[newValue.count - 2]
      noise = newValue[newValue.count - 1]
    }
  }

  /// Between which values each parameter stays, and where it is expected with which deviation.
  struct Prior {
    let range: ClosedRange<Double>
    let mean: Double
    let deviation: Double

    /// How much less likely a value is than the expected one; a logarithm, and its derivative.
    func cost(_ value: Double) -> (value: Double, slope: Double) {
      let steps = (value - mean) / deviation
      return (steps * steps / 2, steps / deviation)
    }
  }

  /// The prior of each parameter, in the order of the ``list``.
  func priors(without: Set<ModelPart> = []) -> [Prior] {
    /// Of a variance.
    func prior(_ mean: Double, leavingOut part: ModelPart) -> Prior {
      without.contains(part)
        ? Prior(range: Self.nothing...Self.nothing, mean: Self.nothing, deviation: 1)
        : Prior(range: -6...4, mean: mean, deviation: 1.5)
    }
    let reach = Prior(range: -6...3, mean: Self.expectedReach, deviation: 1)
    return Array(repeating: reach, count: self.reach.count) + [
      prior(Self.expectedJoint, leavingOut: .jointEffects),
      prior(Self.expectedSeparate, leavingOut: .separateEffects),
      Prior(range: -13.8...0, mean: Self.expectedNoise, deviation: 2),
    ]
  }
}
