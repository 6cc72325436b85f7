internal import CTorch

/// What follows a layer.
public enum Activation: Hashable, Sendable {
  /// Nothing.
  case none
  /// max(x, 0).
  case relu
  /// min(max(x, 0), 6), as MobileNets have it.
  case relu6

  /// The number the shim knows it by.
  var code: Int {
    switch self {
    case .none: Int(CT_NO_ACTIVATION)
    case .relu: Int(CT_RELU)
    case .relu6: Int(CT_RELU6)
    }
  }
}

extension Tensor {
  /// The activation's values, in this tensor's memory where that can be: it must not be needed as it is.
  public func activated_(_ activation: Activation) -> Tensor {
    switch activation {
    case .none: self
    case .relu: relu_()
    case .relu6: relu6()
    }
  }
}
