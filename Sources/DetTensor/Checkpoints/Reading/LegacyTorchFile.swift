internal import Foundation

/// What `torch.save` wrote before PyTorch 1.6, and many published weights still are: pickles one after another (a magic number,
/// a version, the machine, the object, the keys of the storages), then each storage as its number of elements and their values.
enum LegacyTorchFile {
  /// Protocol 2 and the magic number, as a pickle.
  static let signature: [UInt8] = [
    0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
  ]

  static func index(_ data: Data, source: String) throws -> TensorIndex {
    let (contents, keys, start) = try data.withUnsafeBytes { bytes in
      var place = 0
      for _ in 0..<3 { place = try PickleMachine.read(bytes, at: place, source: source).end }
      let object = try PickleMachine.read(bytes, at: place, source: source)
      let keys = try PickleMachine.read(bytes, at: object.end, source: source)
      return (object.contents, keys.contents, keys.end)
    }
    let names = (keys.elements(keys.root) ?? []).compactMap(\.text)
    let tensors = PickledTensors(contents: contents, source: source) { _ in throw damaged(source) }
    let places = try data.withUnsafeBytes {
      try self.places(names, tensors.storages, FileBytes($0, source: source), from: start)
    }
    return try TensorIndex(contents, in: data, source: source) { storage in
      guard let place = places[storage.key] else { throw damaged(source) }
      return PlacedBytes(writing: .plain(place))
    }
  }

  private static func damaged(_ source: String) -> TensorError {
    .file(path: source, problem: "speaks of a storage that is not there; copy it again")
  }

  /// Where the values of each storage lie.
  private static func places(
    _ keys: [String], _ storages: [String: PickledTensors.Storage], _ file: FileBytes,
    from start: Int
  ) throws -> [String: Range<Int>] {
    var places: [String: Range<Int>] = [:]
    var place = start
    for key in keys {
      guard let storage = storages[key], let size = storage.elementSize else {
        throw file.error("has a storage \"\(key)\" of a kind that is not known; save it again")
      }
      let count = try file.number(at: place, bytes: 8)
      guard count == UInt64(storage.count) else {
        throw file.error(
          "has a storage of \(count) values where \(storage.count) should be; copy it again")
      }
      place += 8
      let (length, overflows) = storage.count.multipliedReportingOverflow(by: size)
      guard !overflows, length <= file.count - place else {
        throw file.error(
          "was cut off: it has \(file.count) bytes, and the storage \"\(key)\" of \(storage.count) values goes on "
            + "behind them; copy or download it again")
      }
      places[key] = place..<place + length
      place += length
    }
    return places
  }
}
