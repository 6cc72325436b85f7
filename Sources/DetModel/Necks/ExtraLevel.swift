import DetNN
import DetSpec
import DetTensor

/// What makes a level beyond P4 (stride 32) out of the one before.
enum ExtraLevel {
  /// Every second cell.
  case subsampled
  /// A convolution of stride 2, after a ReLU where the level before is an extra one too.
  case convolved(ConvNorm, activatesFirst: Bool)

  /// The convolution of the extra level `number`, from 0, under torchvision's names: it counts from P2 at stride 4, so
  /// that its p6 is the first extra level.
  static func convolved(
    _ scope: Scope, number: Int, _ layout: ConvolutionLayout, _ settings: LayerSettings
  ) -> ExtraLevel {
    let own = scope / "p\(number + 6)"
    let convolution = ConvNorm(
      conv: layout.hasNorm ? own / 0 : own, norm: own / 1, layout, settings,
      initializer: .caffe2Uniform, activation: .none)
    return .convolved(convolution, activatesFirst: number > 0)
  }

  /// [N, C, H, W] → [N, C, H / 2, W / 2], rounded up.
  func callAsFunction<Value: LayerValue>(_ finer: Value) -> Value {
    switch self {
    case .subsampled: finer.maxPooled(1, stride: 2, padding: 0)
    case .convolved(let convolution, let activatesFirst):
      convolution(activatesFirst ? finer.relu() : finer)
    }
  }
}
