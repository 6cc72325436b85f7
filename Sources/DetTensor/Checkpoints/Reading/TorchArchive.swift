internal import DetBasics
internal import Foundation

/// What `torch.save` writes since PyTorch 1.6: a zip file with a pickle, and a member for every storage.
///
/// Nothing of the pickle is executed, and no tensor is read: names, kinds, shapes and places are checked, so
/// that reading a tensor later cannot leave the file, nor take more memory than the file has bytes of values.
enum TorchArchive {
  /// The most bytes that the pickle may have; that of a detector has some 100,000.
  private static let longestPickle = 64 << 20

  static func index(_ data: Data, _ zip: ZipArchive, source: String) throws -> TensorIndex {
    let pickles = zip.members.filter { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }
    guard pickles.count == 1, let pickle = pickles.first else {
      throw error(source, "has \(pickles.count) members \"data.pkl\", not one; save it again")
    }
    let folder = pickle.name.dropLast("data.pkl".count)
    try zip.checkStored(pickle)
    try checkOrder(zip, folder, data, source)
    guard pickle.range.count <= longestPickle else {
      throw error(source, "has a pickle of \(pickle.range.count) bytes; it is no state dict")
    }
    try zip.check(pickle, in: data)
    let contents = try data.withUnsafeBytes { bytes in
      // What lies behind the pickle is none of it.
      let upToEnd = UnsafeRawBufferPointer(rebasing: bytes[..<pickle.range.upperBound])
      return try PickleMachine.read(upToEnd, at: pickle.range.lowerBound, source: source).contents
    }
    return try TensorIndex(contents, in: data, source: source) { storage in
      try place(storage, folder, zip, source)
    }
  }

  private static func place(
    _ storage: PickledTensors.Storage, _ folder: Substring, _ zip: ZipArchive, _ source: String
  ) throws -> PlacedBytes {
    let name = "\(folder)data/\(storage.key)"
    guard let member = zip[name] else {
      throw error(source, "a tensor lies in \"\(name)\", which is not there; save it again")
    }
    try zip.checkStored(member)
    if let size = storage.elementSize {
      let (bytes, overflows) = storage.count.multipliedReportingOverflow(by: size)
      guard !overflows, bytes == member.range.count else {
        throw error(
          source,
          "speaks of a storage of \(storage.count) values of \(storage.kind), but \"\(name)\" has "
            + "\(member.range.count) bytes; it is damaged: copy it again")
      }
    }
    return PlacedBytes(writing: .plain(member.range), member: member)
  }

  private static func error(_ source: String, _ problem: String) -> TensorError {
    .file(path: source, problem: problem)
  }

  private static func checkOrder(
    _ zip: ZipArchive, _ folder: Substring, _ data: Data, _ source: String
  ) throws {
    guard let member = zip["\(folder)byteorder"] else { return }
    guard data.withUnsafeBytes({ $0[member.range].elementsEqual("little".utf8) }) else {
      throw error(
        source, "was written on a machine whose bytes run the other way; save it on another")
    }
  }
}
