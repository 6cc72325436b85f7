import DetBasics
public import Foundation

extension Safetensors {
  /// Writes tensors to a file, one after another, which appears whole or not at all; no more than one tensor is in memory
  /// a second time.
  ///
  /// - Parameters:
  ///   - tensors: the tensors by name, in the order of the file.
  ///   - metadata: free-form texts.
  ///   - path: the file.
  ///   - replaces: whether a file that is there is replaced; if not, it is an error.
  ///   - previous: the name that the file that was there keeps; nil lets it go.
  ///   - isSealed: whether a checksum over all bytes goes into the metadata, which `checkSeal(of:)` checks.
  /// - Throws: `FileError` when the file cannot be written, ``TensorError`` for two tensors of one name.
  public static func write(
    _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:],
    to path: String, replaces: Bool = true, keepingAs previous: String? = nil,
    isSealed: Bool = false
  ) throws {
    let seal = isSealed ? Seal() : nil
    let header = try SafetensorsHeader.encode(
      tensors, metadata: metadata.merging(seal?.metadata ?? [:]) { $1 })
    try AtomicFile.write(to: path, replaces: replaces, keepingAs: previous) { file in
      try file.append(header)
      for (_, tensor) in tensors {
        try withBytes(of: tensor) { bytes in
          seal?.add(bytes)
          try file.append(bytes)
        }
      }
      try seal?.close(header) { try file.overwrite(at: $0, $1) }
    }
  }

  /// The content of a file of tensors.
  public static func encode(
    _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:]
  ) throws -> Data {
    let header = try SafetensorsHeader.encode(tensors, metadata: metadata)
    var data = Data(capacity: header.count + tensors.reduce(0) { $0 + $1.tensor.byteCount })
    data.append(header)
    for (_, tensor) in tensors {
      withBytes(of: tensor) { data.append(contentsOf: $0) }
    }
    return data
  }

  private static func withBytes<Result>(
    of tensor: Tensor, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    let source = tensor.detached().moved(to: .cpu).contiguous()
    return try source.withMutableBytes { try body(UnsafeRawBufferPointer($0)) }
  }
}
