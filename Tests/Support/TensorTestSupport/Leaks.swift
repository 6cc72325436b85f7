import DetTensor
public import Testing

/// Whose tensors are counted.
public enum HandleCount {
  /// Those that this thread made.
  case thread
  /// Those of all threads: for a test in a process of its own (an exit test).
  case process

  var now: Int { self == .thread ? Torch.threadHandles : Torch.liveHandles }
}

/// Expects that `body` frees every tensor it makes.
public func expectNoHandlesLeft(
  in count: HandleCount = .thread, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) rethrows {
  let before = count.now
  try body()
  let left = count.now - before
  #expect(left == 0, "\(what): \(left) handles are left", sourceLocation: sourceLocation)
}
