internal import Foundation

extension TensorIndex {
  /// The tensors of a file in the safetensors format, in the order of their values.
  init(safetensors data: Data, source: String) throws {
    let header = try SafetensorsHeader(data, source: source)
    let entries = try header.entries.map { entry in
      let start = header.valuesStart + entry.range.lowerBound
      let view = try Self.contiguous(entry, source)
      return Entry(
        name: entry.name, view: view,
        bytes: PlacedBytes(writing: .plain(start..<start + entry.range.count)))
    }
    try self.init(entries, in: data, source: source)
    metadata = header.metadata
  }

  private static func contiguous(
    _ entry: SafetensorsHeader.Entry, _ source: String
  ) throws -> StridedView {
    do {
      return try StridedView(
        dtype: entry.dtype, available: entry.range.count / entry.dtype.size, shape: entry.shape)
    } catch {
      throw TensorError.file(path: source, problem: "\"\(entry.name)\" \(error.problem)")
    }
  }
}
