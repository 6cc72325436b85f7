import DetNN
import DetSpec
import DetTensor

/// How a pyramid goes on beyond P4 (stride 32).
public enum ExtraLevels: Hashable, Sendable {
  /// Every second cell of the level before, without parameters: for region proposals.
  case subsampled
  /// 3x3 convolutions of stride 2, with a ReLU between them: for dense heads (Lin et al. 2017, RetinaNet).
  case convolved
}

/// The layers that make the extra levels.
struct ExtraLevelLayers {
  /// None when the levels are subsampled.
  let convolutions: [PyramidConv]
  let count: Int

  init(
    _ scope: Scope, _ kind: ExtraLevels, count: Int, channels: Int, _ settings: LayerSettings
  ) {
    let shape = ConvolutionLayout(channels, channels, kernel: 3, stride: 2)
    // torchvision counts from P2 at stride 4: its p6 is the first extra level.
    convolutions =
      kind == .subsampled
      ? []
      : (0..<count).map {
        PyramidConv(scope / "p\($0 + 6)", shape, settings, sequence: false)
      }
    self.count = count
  }

  /// The levels that follow the coarsest one, [N, C, H, W] each.
  func callAsFunction(_ coarsest: Tensor) -> [Tensor] {
    var x = coarsest
    return (0..<count).map { index in
      if convolutions.isEmpty {
        x = x.maxPooled(1, stride: 2)
      } else {
        x = convolutions[index](index == 0 ? x : x.relu())
      }
      return x
    }
  }
}
