import DetNN
import DetSpec
import DetTensor

/// What carries a block's input past its convolutions: the input itself, or a 1x1 projection where the shape changes.
enum Shortcut {
  case identity
  case projection(ConvNorm)

  init(_ scope: Scope, _ layout: BlockLayout, _ settings: LayerSettings) {
    if let projection = layout.projection {
      self = .projection(ConvNorm(sequence: scope, projection, settings, activation: .none))
    } else {
      self = .identity
    }
  }

  func callAsFunction<Value: LayerValue>(_ x: Value) -> Value {
    switch self {
    case .identity: x
    case .projection(let project): project(x)
    }
  }
}
