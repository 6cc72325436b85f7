internal import CTorch

/// Owns one handle of the C shim; the tensor's memory goes when the last owner goes.
final class TensorHandle {
  let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) { self.pointer = pointer }

  deinit { ct_free(pointer) }
}

/// Where the shim puts a new handle.
typealias Out = UnsafeMutablePointer<OpaquePointer?>

extension Tensor {
  var pointer: OpaquePointer { handle.pointer }

  /// Takes over the handle that a call of the shim makes; a failure ends the process with libtorch's message.
  static func make(
    _ function: StaticString = #function, _ call: (Out) -> ct_status
  ) -> Tensor {
    var out: OpaquePointer?
    expect(call(&out), function)
    guard let out else { fatalError("\(function): libtorch made no tensor") }
    return Tensor(TensorHandle(out))
  }

  /// A new tensor out of this one; it stays alive during the call.
  func map(
    _ function: StaticString = #function, _ call: (OpaquePointer, Out) -> ct_status
  ) -> Tensor {
    withExtendedLifetime(handle) { Tensor.make(function) { call(pointer, $0) } }
  }

  /// A new tensor out of two.
  func map(
    _ other: Tensor, _ function: StaticString = #function,
    _ call: (OpaquePointer, OpaquePointer, Out) -> ct_status
  ) -> Tensor {
    withExtendedLifetime((handle, other.handle)) {
      Tensor.make(function) { call(pointer, other.pointer, $0) }
    }
  }

  /// Two new tensors out of this one.
  func mapPair(
    _ function: StaticString = #function, _ call: (OpaquePointer, Out, Out) -> ct_status
  ) -> (Tensor, Tensor) {
    var second: OpaquePointer?
    let first = map(function) { call($0, $1, &second) }
    guard let second else { fatalError("\(function): libtorch made one tensor instead of two") }
    return (first, Tensor(TensorHandle(second)))
  }

  /// Changes this tensor in place.
  func update(
    _ function: StaticString = #function, _ call: (OpaquePointer) -> ct_status
  ) {
    withExtendedLifetime(handle) { expect(call(pointer), function) }
  }

  /// The handles of a list, alive during the call.
  static func withPointers<Result>(
    _ tensors: [Tensor], _ body: (UnsafePointer<OpaquePointer?>?, Int) -> Result
  ) -> Result {
    let pointers: [OpaquePointer?] = tensors.map(\.pointer)
    return withExtendedLifetime(tensors) {
      pointers.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
    }
  }
}

/// Ends the process when a call of the shim failed: shapes and kinds that do not fit are the caller's bug.
func expect(_ status: ct_status, _ function: StaticString = #function) {
  if status != CT_OK { fail(status, function) }
}

@inline(never)
private func fail(_ status: ct_status, _ function: StaticString) -> Never {
  let message = "Tensor.\(function): \(String(cString: ct_last_error()))"
  guard status == CT_OUT_OF_MEMORY else { fatalError(message) }
  Torch.memoryRanOut("out of memory in \(message)")
}

/// Throws when a call of the shim failed for reasons outside the program.
func require(_ status: ct_status, _ doing: String) throws(TensorError) {
  if status == CT_OK { return }
  let message = String(cString: ct_last_error())
  throw status == CT_OUT_OF_MEMORY
    ? .outOfMemory(doing: doing, message: message) : .torch(doing: doing, message: message)
}
