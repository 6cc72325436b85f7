internal import Foundation

extension TensorIndex {
  /// The tensors of the state dict in a pickle, wherever it lies in it; `place` finds the bytes of PyTorch's storages.
  init(
    _ contents: PickleContents, in data: Data, source: String,
    place: @escaping (PickledTensors.Storage) throws -> PlacedBytes
  ) throws {
    let tensors = PickledTensors(contents: contents, source: source, place: place)
    let found = StateDictSearch.run(contents) { tensors.isTensor($0) }
    guard let best = found.first else {
      throw TensorError.file(
        path: source,
        problem: "holds \(contents.kind(contents.root)), and no tensors by name anywhere in it; "
          + "save the state dict, with torch.save(model.state_dict(), \"weights.pth\")")
    }
    var entries: [Entry] = []
    var foreign: [String] = []
    for (name, value) in best.tensors {
      switch try tensors.read(value) {
      case .tensor(let view, let bytes):
        entries.append(Entry(name: name, view: view, bytes: bytes))
      case .foreign(let how): foreign.append("\"\(name)\" \(how)")
      case nil: break
      }
    }
    guard !entries.isEmpty else {
      throw TensorError.file(
        path: source,
        problem: "has no tensor that can be read: \(foreign.first ?? "none"); tensors are "
          + DType.allCases.map(\.description).joined(separator: ", ")
          + ", each saved as a contiguous clone of its own")
    }
    try self.init(entries, in: data, source: source)
    self.place = best.place
    otherPlaces = found.dropFirst().map { $0.place.joined(separator: ".") }
    passedOver = foreign + Self.beside(best.place, contents)
  }

  /// What lies at the top of a file beside the state dict: keys, and of objects their classes.
  private static func beside(_ place: [String], _ contents: PickleContents) -> [String] {
    guard let first = place.first, let pairs = contents.pairs(contents.root) else { return [] }
    return pairs.compactMap { pair in
      guard let key = pair.key.text, key != first else { return nil }
      return "\"\(key)\", \(contents.kind(pair.value))"
    }
  }
}
