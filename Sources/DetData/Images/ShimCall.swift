import CImage

/// Calls a function of the C shim and turns its message into an error about `place`.
func shim(
  _ place: String, cure: String = "", _ body: (UnsafeMutablePointer<CChar>) -> Int32
) throws {
  try withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CIMAGE_MESSAGE_BYTES)) { buffer in
    guard let message = buffer.baseAddress else { return }
    message.pointee = 0
    guard body(message) != 0 else { return }
    throw DataError(place: place, problem: String(cString: message), cure: cure, kind: .imageBroken)
  }
}
