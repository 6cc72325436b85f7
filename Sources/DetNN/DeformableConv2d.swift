public import DetTensor

/// A convolution whose taps sample where given offsets move them (Dai et al. 2017); without a bias.
public struct DeformableConv2d {
  /// The filters, [outputs, inputs, kernel, kernel].
  public let weight: Tensor
  package let padding: Int

  /// Makes the layer; padding keeps the size.
  public init(
    _ scope: Scope, inputs: Int, outputs: Int, kernel: Int,
    initializer: Initializer = .kaimingNormalFanOut
  ) {
    weight = scope.parameter("weight", shape: [outputs, inputs, kernel, kernel], initializer)
    padding = (kernel - 1) / 2
  }

  /// [N, inputs, H, W] → [N, outputs, H, W], with offsets [N, 2 · groups · kernel · kernel, H, W] in cells.
  public func callAsFunction<Value: LayerValue>(_ x: Value, offsets: Value) -> Value {
    x.through(self, offsets: offsets)
  }
}
