public import DetBasics
public import DetTensor

/// How a parameter starts.
public enum Initializer: Equatable, Sendable {
  /// One value throughout.
  case constant(Double)
  /// Normal with the given standard deviation.
  case normal(deviation: Double)
  /// Uniform between -bound and bound.
  case uniform(bound: Double)
  /// Normal with variance 2 / (outputs · window) (He et al. 2015), as ResNets start.
  case kaimingNormalFanOut
  /// Uniform with variance 1 / (3 · inputs · window): what PyTorch's layers start with.
  case uniformFanIn
  /// Uniform with variance 2 / (inputs + outputs), windows counted (Glorot & Bengio 2010).
  case xavierUniform
  /// Uniform with variance 1 / (inputs · window): Caffe2's default, which FPNs start with.
  case caffe2Uniform

  /// A float32 tensor of the shape, drawn from the generator.
  public func tensor(_ shape: [Int], using generator: inout Generator) -> Tensor {
    switch self {
    case .constant(let value): .full(shape, value)
    case .normal(let deviation): .normal(shape, deviation: deviation, using: &generator)
    case .uniform(let bound): Self.uniform(shape, bound, &generator)
    case .kaimingNormalFanOut:
      .normal(shape, deviation: (2 / Self.fanOut(shape)).squareRoot(), using: &generator)
    case .uniformFanIn: Self.uniform(shape, (1 / Self.fanIn(shape)).squareRoot(), &generator)
    case .xavierUniform:
      Self.uniform(
        shape, (6 / (Self.fanIn(shape) + Self.fanOut(shape))).squareRoot(), &generator)
    case .caffe2Uniform: Self.uniform(shape, (3 / Self.fanIn(shape)).squareRoot(), &generator)
    }
  }

  private static func uniform(
    _ shape: [Int], _ bound: Double, _ generator: inout Generator
  ) -> Tensor {
    .uniform(shape, low: -bound, high: bound, using: &generator)
  }

  // Weights are [outputs, inputs / groups, window…].
  private static func fanIn(_ shape: [Int]) -> Double { Double(shape.dropFirst().reduce(1, *)) }

  private static func fanOut(_ shape: [Int]) -> Double {
    Double(shape.first ?? 1) * Double(shape.dropFirst(2).reduce(1, *))
  }
}
