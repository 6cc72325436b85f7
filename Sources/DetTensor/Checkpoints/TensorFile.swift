internal import CTorch
internal import DetBasics
public import Foundation

/// A file of named tensors, opened and checked, whose values are read when they are asked for.
///
/// Safetensors and PyTorch's `.pth` are told apart by their first bytes. Opening a `.pth` never executes anything in it.
///
/// ```swift
/// let file = try TensorFile.open("resnet50.pth")
/// file.entries[0].name  // "conv1.weight"
/// let weight = try file.tensor("conv1.weight")  // float32[64, 3, 7, 7]
/// ```
public struct TensorFile {
  /// How the file is laid out.
  public enum Format: String, Sendable {
    /// A JSON header and the values.
    case safetensors
    /// What `torch.save` writes: a zip file with a pickle.
    case torch
  }

  /// What the file says of one tensor.
  public struct Entry: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The kind of the elements.
    public let dtype: DType
    /// The size of each dimension.
    public let shape: [Int]
  }

  private enum Index {
    case safetensors(SafetensorsHeader)
    case torch(TorchArchive)
  }

  /// The path, which errors name.
  public let path: String
  /// All tensors, in the order of the file.
  public let entries: [Entry]
  private let data: Data
  private let index: Index
  private let places: [String: Int]

  /// How the file is laid out.
  public var format: Format {
    switch index {
    case .safetensors: .safetensors
    case .torch: .torch
    }
  }

  /// Free-form texts by the writer; only safetensors files have them.
  public var metadata: [String: String] {
    switch index {
    case .safetensors(let header): header.metadata
    case .torch: [:]
    }
  }

  /// Opens a file.
  public static func open(_ path: String) throws -> TensorFile {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    } catch {
      throw TensorError.file(path: path, problem: "cannot be read; check the path and permissions")
    }
    return try TensorFile(data, source: path)
  }

  /// Opens a file's content; `source` names it in errors.
  public init(_ data: Data, source: String) throws {
    path = source
    self.data = data
    switch try Format(data, source: source) {
    case .torch:
      let archive = try TorchArchive(data, source: source)
      entries = archive.entries.map {
        Entry(name: $0.name, dtype: $0.view.dtype, shape: $0.view.shape)
      }
      index = .torch(archive)
    case .safetensors:
      let header = try SafetensorsHeader(data, source: source)
      entries = header.entries.map { Entry(name: $0.name, dtype: $0.dtype, shape: $0.shape) }
      index = .safetensors(header)
    }
    places = Dictionary(entries.enumerated().map { ($1.name, $0) }) { first, _ in first }
  }

  /// What the file says of a tensor; nil when there is none of that name.
  public subscript(name: String) -> Entry? { places[name].map { entries[$0] } }

  /// Reads a tensor; nil when there is none of that name.
  ///
  /// - Throws: ``TensorError`` when the values are damaged or memory does not suffice.
  public func tensor(_ name: String) throws -> Tensor? {
    guard let place = places[name] else { return nil }
    return switch index {
    case .safetensors(let header):
      try Safetensors.tensor(header.entries[place], in: data, header, source: path)
    case .torch(let archive): try tensor(archive, archive.entries[place])
    }
  }

  private func tensor(_ archive: TorchArchive, _ entry: TorchArchive.Entry) throws -> Tensor {
    try archive.check(entry, in: data)
    let view = entry.view
    return try data.withUnsafeBytes { bytes in
      let storage = UnsafeRawBufferPointer(rebasing: bytes[entry.member.range])
      if view.isContiguous {
        let start = view.offset * view.dtype.size
        let values = storage[start..<start + view.byteCount]
        return try Safetensors.tensor(
          UnsafeRawBufferPointer(rebasing: values), view.shape, view.dtype,
          doing: "\(path): reading the tensor \"\(entry.name)\"")
      }
      let values = UnsafeMutableRawBufferPointer.allocate(
        byteCount: view.byteCount, alignment: 16)
      defer { values.deallocate() }
      view.gather(from: storage, into: values)
      return try Safetensors.tensor(
        UnsafeRawBufferPointer(values), view.shape, view.dtype,
        doing: "\(path): reading the tensor \"\(entry.name)\"")
    }
  }

  /// Reads all tensors.
  public func tensors() throws -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for entry in entries { result[entry.name] = try tensor(entry.name) }
    return result
  }
}
