internal import CTorch
internal import DetBasics
public import Foundation

/// Files of named tensors in the safetensors format: a JSON header, then the raw values.
///
/// Reading trusts nothing: every size, offset and name is checked before memory is taken for it.
///
/// ```swift
/// try Safetensors.write([("weight", tensor)], metadata: ["epoch": "3"], to: "model.safetensors")
/// let file = try Safetensors.read("model.safetensors")
/// file["weight"]?.shape
/// ```
public struct Safetensors {
  /// The tensors in the order of their values in the file.
  public let entries: [(name: String, tensor: Tensor)]
  /// Free-form texts by the writer.
  public let metadata: [String: String]

  /// The tensors by name.
  public var tensors: [String: Tensor] {
    Dictionary(entries.map { ($0.name, $0.tensor) }) { first, _ in first }
  }

  /// The tensor of a name; nil when there is none.
  public subscript(name: String) -> Tensor? { entries.first { $0.name == name }?.tensor }

  /// Reads a file.
  public static func read(_ path: String) throws -> Safetensors {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    } catch {
      throw TensorError.file(path: path, problem: "cannot be read; check the path and permissions")
    }
    return try decode(data, source: path)
  }

  /// Reads a file's content; `source` names it in errors.
  public static func decode(_ data: Data, source: String) throws -> Safetensors {
    let header = try SafetensorsHeader(data, source: source)
    let entries = try header.entries.map { entry in
      (name: entry.name, tensor: try tensor(entry, in: data, header, source: source))
    }
    return Safetensors(entries: entries, metadata: header.metadata)
  }

  static func tensor(
    _ entry: SafetensorsHeader.Entry, in data: Data, _ header: SafetensorsHeader, source: String
  ) throws -> Tensor {
    let start = header.valuesStart + entry.range.lowerBound
    return try data.withUnsafeBytes { bytes in
      try tensor(
        UnsafeRawBufferPointer(rebasing: bytes[start..<start + entry.range.count]), entry.shape,
        entry.dtype, doing: "\(source): reading the tensor \"\(entry.name)\"")
    }
  }

  /// A tensor of bytes that were counted before; too little memory is an error.
  static func tensor(
    _ bytes: UnsafeRawBufferPointer, _ shape: [Int], _ dtype: DType, doing: String
  ) throws -> Tensor {
    var out: OpaquePointer?
    try require(
      ct_from_bytes(bytes.baseAddress, shape, shape.count, dtype.rawValue, &out), doing)
    guard let out else { fatalError("libtorch made no tensor") }
    return Tensor(TensorHandle(out))
  }
}

extension Tensor {
  /// Bytes that the elements take.
  public var byteCount: Int { count * dtype.size }
}
