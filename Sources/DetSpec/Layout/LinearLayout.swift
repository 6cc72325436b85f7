/// One fully connected layer with a bias.
public struct LinearLayout: Hashable, Sendable {
  /// Values that go in.
  public let inputs: Int
  /// Values that come out.
  public let outputs: Int

  /// Describes a layer.
  public init(_ inputs: Int, _ outputs: Int) {
    self.inputs = inputs
    self.outputs = outputs
  }

  /// Everything that is trained: weight [outputs, inputs] and bias.
  public var parameterCount: Int { outputs * (inputs + 1) }
}
