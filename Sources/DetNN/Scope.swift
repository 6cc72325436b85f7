public import DetTensor

/// A path into a parameter store, under which a layer registers what it learns.
///
/// ```swift
/// let conv = Conv2d(scope / "blocks" / 3 / "conv", inputs: 64, outputs: 64, kernel: 3)
/// // registers "blocks.3.conv.weight"
/// ```
public struct Scope {
  /// Where layers register.
  public let store: ParameterStore
  /// The path so far; empty at the root.
  public let path: String

  /// A deeper path by name.
  public static func / (scope: Scope, name: String) -> Scope {
    Scope(store: scope.store, path: scope.name(of: name))
  }

  /// A deeper path by number.
  public static func / (scope: Scope, number: Int) -> Scope { scope / String(number) }

  /// Registers a learnt tensor. `decays` says whether weight decay applies to it.
  public func parameter(
    _ name: String, shape: [Int], _ initializer: Initializer, decays: Bool = true
  ) -> Tensor {
    store.register(
      self.name(of: name), shape: shape, initializer, isParameter: true, decays: decays)
  }

  /// Registers a tensor that is kept but not learnt, as a running mean.
  public func buffer(_ name: String, shape: [Int], _ initializer: Initializer) -> Tensor {
    store.register(
      self.name(of: name), shape: shape, initializer, isParameter: false, decays: false)
  }

  private func name(of leaf: String) -> String { path.isEmpty ? leaf : "\(path).\(leaf)" }
}
