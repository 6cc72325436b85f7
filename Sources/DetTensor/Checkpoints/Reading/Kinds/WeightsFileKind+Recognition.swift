import DetBasics
internal import Foundation

extension WeightsFileKind {
  /// The kind of a file's content; a folder has none, and is told by whoever opens it.
  init(_ data: Data) {
    let head = Array(data.prefix(Self.headLength))
    self =
      Self.nothing(head).map { .other($0) }
      ?? Self.signed(head, data)
      ?? Self.tensors(head, data)
      ?? Self.textual(head, data)
      ?? .other(Self.protobuf(head) ?? Self.unsigned(head, data) ?? .unknown)
  }

  /// How much of the start tells the kind.
  private static let headLength = 4096

  private static func nothing(_ head: [UInt8]) -> OtherFileKind? {
    if head.isEmpty { return .empty }
    return head.allSatisfy { $0 == 0 } ? .zeros : nil
  }

  /// Kinds with a signature of their own, and where it stands.
  private static let signatures: [(place: Int, bytes: [UInt8], kind: OtherFileKind)] = [
    (0, Array("GGUF".utf8), .gguf), (0, Array("lmgg".utf8), .gguf), (0, Array("tjgg".utf8), .gguf),
    (0, [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A], .hdf5), (4, Array("TFL3".utf8), .tflite),
    (4, Array("ET".utf8), .executorch), (4, Array("PTMF".utf8), .torchScript),
    (0, NumpyArray.signature, .npy), (0, [0x1F, 0x8B], .gzip),
    (0, [0x28, 0xB5, 0x2F, 0xFD], .zstd),
    (0, [0xFD] + Array("7zXZ".utf8) + [0], .xz), (0, Array("BZh".utf8), .bzip2),
    (0, [0x04, 0x22, 0x4D, 0x18], .lz4),
    (0, Array("7z".utf8) + [0xBC, 0xAF, 0x27, 0x1C], .sevenZip),
    (0, Array("Rar!".utf8) + [0x1A, 0x07], .rar), (257, Array("ustar".utf8), .tar),
    (0, [0xFF, 0xD8, 0xFF], .picture), (0, [0x89] + Array("PNG\r\n".utf8), .picture),
  ]

  private static func signed(_ head: [UInt8], _ data: Data) -> WeightsFileKind? {
    if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return zipped(data) }
    for (place, bytes, kind) in signatures where head.dropFirst(place).starts(with: bytes) {
      // Two letters are too few: the digits of a version come behind them.
      if kind == .executorch, !head.dropFirst(6).prefix(2).allSatisfy(isDigit) { continue }
      return .other(kind)
    }
    return nil
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func zipped(_ data: Data) -> WeightsFileKind {
    guard let zip = try? ZipArchive(data, source: "") else { return .other(.damagedZip) }
    let names = zip.members.map(\.name)
    func has(_ end: String) -> Bool { names.contains { $0 == end || $0.hasSuffix("/\(end)") } }
    if has("archive_format") || has("serialized_exported_program.json") {
      return .other(.torchExport)
    }
    let isScript = has("constants.pkl") || has("bytecode.pkl")
    if isScript || names.contains(where: { $0.contains("code/__torch__") }) {
      return .other(.torchScript)
    }
    if names.contains(where: { $0.contains(".data/extern_modules") }) {
      return .other(.torchPackage)
    }
    if has("data.pkl") { return .weights(.torch) }
    if has("model.weights.h5") { return .other(.keras) }
    return !names.isEmpty && names.allSatisfy { $0.hasSuffix(".npy") }
      ? .weights(.npz) : .other(.zip)
  }

  /// What is read, and has no signature of its own.
  private static func tensors(_ head: [UInt8], _ data: Data) -> WeightsFileKind? {
    // The length of a header, which is below 4 GB, and the header.
    if head.count > 8, head[4..<8].allSatisfy({ $0 == 0 }), head[8] == UInt8(ascii: "{") {
      return .weights(.safetensors)
    }
    if head.starts(with: LegacyTorchFile.signature) { return .weights(.torchLegacy) }
    let isPickle = head.count > 2 && head[0] == 0x80 && (2...5).contains(head[1])
    guard isPickle || isTextualPickle(head) else { return nil }
    let wrapper = Data("joblib.numpy_pickle".utf8)
    return data.prefix(1 << 16).range(of: wrapper) == nil ? .weights(.pickle) : .other(.joblib)
  }

  /// Protocols 0 and 1 start with a container or the name of a class.
  private static func isTextualPickle(_ head: [UInt8]) -> Bool {
    let starts = ["(dp", "(lp", "}q", "]q", "ccollections\n", "ccopy_reg\n", "cnumpy"]
    return starts.contains { head.starts(with: Array($0.utf8)) }
  }

  private static func textual(_ head: [UInt8], _ data: Data) -> WeightsFileKind? {
    let isText = head.prefix(512).allSatisfy {
      $0 >= 0x20 && $0 != 0x7F || [9, 10, 13].contains($0)
    }
    guard isText else { return nil }
    let start = text(head).lowercased()
    if start.hasPrefix("version https://git-lfs") { return .other(.gitLFSPointer) }
    if start.hasPrefix("model_checkpoint_path:") { return .other(.tensorflowCheckpoint) }
    if start.hasPrefix("<") {
      let isPage = start.contains("<html") || start.hasPrefix("<!doctype html")
      return .other(isPage ? .html : .xml)
    }
    guard start.hasPrefix("{") || start.hasPrefix("[") else { return .other(.text) }
    return ShardIndex.isOne(data) ? .weights(.shards) : .other(.json)
  }

  /// The start of a file as text, without a byte order mark and white space before it.
  static func text(_ head: [UInt8]) -> String {
    let isMarked = head.starts(with: [0xEF, 0xBB, 0xBF])
    return String(
      String(decoding: isMarked ? head.dropFirst(3) : head[...], as: UTF8.self).trimmed)
  }

  /// What has its marks elsewhere, or weak ones.
  private static func unsigned(_ head: [UInt8], _ data: Data) -> OtherFileKind? {
    // The end of a table of LevelDB.
    if data.suffix(8).elementsEqual([0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB]) {
      return .tensorflowCheckpoint
    }
    // Version 0.1 or 0.2, as three numbers of four bytes.
    if head.count >= 16, head[0..<4].allSatisfy({ $0 == 0 }), (1...2).contains(head[4]),
      head[5..<8].allSatisfy({ $0 == 0 }), head[9..<12].allSatisfy({ $0 == 0 })
    {
      return .darknet
    }
    // zlib, at each of its levels but one that is text.
    if head.count > 2, head[0] == 0x78, [0x01, 0x9C, 0xDA].contains(head[1]) { return .joblib }
    return isMessagePack(head) ? .messagePack : nil
  }

  /// A map whose first key is a text.
  private static func isMessagePack(_ head: [UInt8]) -> Bool {
    guard let first = head.first else { return false }
    let keyPlace: Int? =
      switch first {
      case 0x81...0x8F: 1
      case 0xDE: 3
      case 0xDF: 5
      default: nil
      }
    guard let keyPlace, keyPlace + 1 < head.count else { return false }
    let (key, letter) = (head[keyPlace], head[keyPlace + 1])
    return (0xA1...0xBF).contains(key) && letter >= 0x20 && letter < 0x7F
      || key == 0xD9 || key == 0xDA
  }
}
