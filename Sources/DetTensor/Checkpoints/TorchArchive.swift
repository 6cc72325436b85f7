internal import DetBasics
internal import Foundation

/// The index of a checkpoint that `torch.save` wrote (a zip file since PyTorch 1.6): which tensors there are and where.
///
/// Nothing of the pickle inside is executed, and no tensor is read: names, kinds, shapes and places are checked, so
/// that reading a tensor later cannot leave the file, nor take more memory than the file has bytes of values.
struct TorchArchive {
  struct Entry {
    let name: String
    let view: StridedView
    let member: ZipArchive.Member
  }

  /// The tensors in the order of the state dict.
  let entries: [Entry]
  private let zip: ZipArchive

  /// The most bytes that the pickle may have; that of a detector has some 100,000.
  private static let longestPickle = 64 << 20
  /// How many times the file's bytes its tensors may take together, where views share storages.
  private static let mostSharing = 8
  /// Where training programs keep the state dict beside other things, the best first.
  private static let nests = ["state_dict", "model_state_dict", "model", "net", "model_ema"]

  /// The first bytes of a zip file.
  static let signature: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

  init(_ data: Data, source: String) throws {
    let zip = try ZipArchive(data, source: source)
    self.zip = zip
    let members = zip.members.filter {
      $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl")
    }
    guard members.count == 1, let pickle = members.first else {
      throw Self.error(
        source, "is a zip file, but no checkpoint: it has \(members.count) members \"data.pkl\"")
    }
    let folder = pickle.name.dropLast("data.pkl".count)
    try Self.checkOrder(zip, folder, data, source)
    guard pickle.range.count <= Self.longestPickle else {
      throw Self.error(source, "has a pickle of \(pickle.range.count) bytes; it is no state dict")
    }
    try zip.check(pickle, in: data)
    let bytes = data.withUnsafeBytes { Array($0[pickle.range]) }
    let contents = try PickleMachine.read(bytes, source: source)
    let tensors = try Self.tensors(contents, source)
    entries = try tensors.map { name, view in
      let storage = contents.storages[view.storage]
      let place = "\(folder)data/\(storage.key)"
      guard let member = zip[place] else {
        throw Self.error(source, "\"\(name)\" lies in \"\(place)\", which is not there")
      }
      let (size, overflows) = storage.count.multipliedReportingOverflow(by: storage.dtype.size)
      guard !overflows, size == member.range.count else {
        throw Self.error(
          source,
          "\"\(name)\" lies in a storage of \(storage.count) x \(storage.dtype), but \"\(place)\" has "
            + "\(member.range.count) bytes")
      }
      return Entry(name: name, view: view, member: member)
    }
    try checkSize(data.count, source)
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

  private func checkSize(_ fileSize: Int, _ source: String) throws {
    var sum = 0
    for entry in entries {
      // No view is larger than its member, and no sum of these overflows before it exceeds the bound.
      sum += entry.view.byteCount
      guard sum <= Self.mostSharing * fileSize else {
        throw Self.error(
          source,
          "has tensors that share storages so much that they take more than "
            + "\(Self.mostSharing) times the file's \(fileSize) bytes; save clones of them")
      }
    }
  }

  /// The named tensors of the state dict: the root, or what a training program nested it in.
  private static func tensors(
    _ contents: PickleContents, _ source: String
  ) throws -> [(name: String, view: StridedView)] {
    guard let root = contents.pairs(contents.root) else {
      throw error(
        source, "holds \(contents.root.kind); a state dict is a dictionary of tensors by name")
    }
    let own = try named(root, contents, source)
    if !own.isEmpty { return own }
    for nest in nests {
      guard let nested = root.first(where: { $0.key == .text(nest) }),
        let pairs = contents.pairs(nested.value)
      else { continue }
      let inner = try named(pairs, contents, source)
      if !inner.isEmpty { return inner }
    }
    throw error(
      source,
      "holds no tensors by name, nor any under \(nests.joined(separator: ", ")); "
        + "save the state dict, with torch.save(model.state_dict(), path)")
  }

  private static func named(
    _ pairs: [(key: PickleValue, value: PickleValue)], _ contents: PickleContents, _ source: String
  ) throws -> [(name: String, view: StridedView)] {
    var names: Set<String> = []
    var result: [(name: String, view: StridedView)] = []
    for pair in pairs {
      guard case .text(let name) = pair.key, case .tensor(let number) = pair.value else { continue }
      guard names.insert(name).inserted else { throw error(source, "has two tensors \"\(name)\"") }
      result.append((name, contents.tensors[number]))
    }
    return result
  }

  /// Fails when the bytes of the storage behind an entry are not those that were written.
  func check(_ entry: Entry, in data: Data) throws { try zip.check(entry.member, in: data) }
}
