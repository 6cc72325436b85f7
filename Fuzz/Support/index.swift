import Foundation

/// Demands of an index that every tensor lies within its bytes, these within the file, and copies all values out.
func check(_ index: TensorIndex, _ data: Data) {
  var names: Set<String> = []
  for entry in index.entries {
    require(names.insert(entry.name).inserted, "two tensors of one name")
    require(entry.view.byteCount <= entry.bytes.count, "a tensor larger than its bytes")
    switch entry.bytes.writing {
    case .plain(let range), .latin1(let range):
      require(range.lowerBound >= 0 && range.upperBound <= data.count, "bytes outside the file")
    case .own: break
    }
    copy(entry, data)
  }
}

/// Copies a tensor out of a storage of exactly its size: AddressSanitizer sees whatever leaves it.
private func copy(_ entry: TensorIndex.Entry, _ data: Data) {
  _ = entry.bytes.withBytes(of: data) { bytes in
    let view = entry.view
    guard bytes.count >= view.reach * view.dtype.size else { return }
    let storage = [UInt8](bytes.prefix(view.reach * view.dtype.size))
    var copy = [UInt8](repeating: 0, count: view.byteCount)
    copy.withUnsafeMutableBytes { target in
      storage.withUnsafeBytes { view.gather(from: $0, into: target) }
    }
  }
  _ = try? entry.withValues(of: data, source: "fuzz") { values in
    require(values.count == entry.view.byteCount, "another number of bytes than the shape's")
  }
}
