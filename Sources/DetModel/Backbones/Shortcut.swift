import DetNN
import DetTensor

/// What carries a block's input past its convolutions: the input itself, or a 1x1 projection where the shape changes.
enum Shortcut {
  case identity
  case projection(ConvNorm)

  init(_ scope: Scope, _ plan: BlockPlan, _ settings: LayerSettings) {
    if plan.keepsShape {
      self = .identity
    } else {
      let shape = ConvShape(
        inputs: plan.inputs, outputs: plan.outputs, kernel: 1, stride: plan.stride)
      self = .projection(ConvNorm(sequence: scope, shape, settings, activation: .none))
    }
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .identity: x
    case .projection(let project): project(x)
    }
  }
}
