import DetNN
import DetSpec

extension Conv2d {
  /// The convolution of a layout, without the norm.
  init(
    _ scope: Scope, _ layout: ConvolutionLayout, weightStandardized: Bool = false,
    initializer: Initializer, biasValue: Double = 0
  ) {
    self.init(
      scope, inputs: layout.inChannels, outputs: layout.outChannels, kernel: layout.kernel,
      stride: layout.stride, groups: layout.groups, bias: layout.hasBias,
      weightStandardized: weightStandardized, initializer: initializer, biasValue: biasValue)
  }
}

extension Linear {
  /// The fully connected layer of a layout.
  init(_ scope: Scope, _ layout: LinearLayout, initializer: Initializer) {
    self.init(
      scope, inputs: layout.inputs, outputs: layout.outputs, initializer: initializer)
  }
}
