internal import CTorch

extension Tensor {
  /// Whether operations on this tensor are recorded, so that gradients reach it.
  public var requiresGradient: Bool {
    get { withExtendedLifetime(handle) { ct_requires_gradient(pointer) } }
    nonmutating set { update { ct_set_requires_gradient($0, newValue) } }
  }

  /// This tensor, from now on recorded.
  public func requiringGradient() -> Tensor {
    requiresGradient = true
    return self
  }

  /// What `backward()` accumulated here; nil before the first time.
  public var gradient: Tensor? {
    get {
      var out: OpaquePointer?
      update { ct_gradient($0, &out) }
      return out.map { Tensor(TensorHandle($0)) }
    }
    nonmutating set {
      withExtendedLifetime(newValue?.handle) {
        update { ct_set_gradient($0, newValue?.pointer) }
      }
    }
  }

  /// Adds the gradients of this number to every recorded tensor it came from.
  ///
  /// A tensor of more than one element needs the gradient that comes from above.
  public func backward(_ gradient: Tensor? = nil) {
    withExtendedLifetime(gradient?.handle) { update { ct_backward($0, gradient?.pointer) } }
  }
}

/// Runs the body without recording operations: for evaluation, and for changing parameters.
///
/// The mode belongs to the thread, which is why the body cannot wait for another.
public func withoutGradient<Result>(_ body: () throws -> Result) rethrows -> Result {
  let before = ct_set_gradient_mode(false)
  defer { _ = ct_set_gradient_mode(before) }
  return try body()
}
