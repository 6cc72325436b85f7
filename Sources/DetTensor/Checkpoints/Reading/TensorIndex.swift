internal import Foundation

/// What a file says of its tensors, checked: names, kinds, shapes, and where their values lie. No value is read.
///
/// A view lies within its bytes, the bytes within the file; all tensors together take no more than `mostSharing` times the file.
struct TensorIndex {
  struct Entry {
    let name: String
    let view: StridedView
    let bytes: PlacedBytes
  }

  let entries: [Entry]
  /// Free-form texts by the writer.
  var metadata: [String: String] = [:]
  /// The keys that lead to the state dict; empty when it is the whole file.
  var place: [String] = []
  /// Other state dicts of about the same size.
  var otherPlaces: [String] = []
  /// What else is in the file, and tensors that are of no kind this library has, each with the reason.
  var passedOver: [String] = []

  /// How many times the file's bytes its tensors may take together, where views share bytes.
  private static let mostSharing = 8

  init(_ entries: [Entry], in data: Data, source: String) throws {
    self.entries = entries
    var names: Set<String> = []
    var sum = 0
    for entry in entries {
      guard names.insert(entry.name).inserted else {
        throw TensorError.file(path: source, problem: "has two tensors \"\(entry.name)\"")
      }
      // No view is larger than its bytes, and no sum of these overflows before it exceeds the bound.
      sum += entry.view.byteCount
      guard sum <= Self.mostSharing * data.count else {
        throw TensorError.file(
          path: source,
          problem:
            "has tensors that share storages so much that they take more than "
            + "\(Self.mostSharing) times the file's \(data.count) bytes; save clones of them")
      }
    }
  }
}

/// Where the bytes of some values lie, and how they are written there.
struct PlacedBytes {
  enum Writing {
    /// As they are, at a place of the file.
    case plain(Range<Int>)
    /// Each as the character of its number, in UTF-8 at a place of the file: how old protocols of pickle write bytes.
    case latin1(Range<Int>)
    /// They stand in no one piece, and were taken out.
    case own([UInt8])
  }

  let writing: Writing
  /// The member of a zip file that the bytes belong to, whose checksum tells whether they are what was written.
  var member: ZipArchive.Member?

  /// The most values of one byte that they can be.
  var count: Int {
    switch writing {
    case .plain(let range), .latin1(let range): range.count
    case .own(let bytes): bytes.count
    }
  }

  /// Gives the values' bytes to `body`; nil when their characters are none of bytes.
  func withBytes<Result>(
    of data: Data, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result? {
    switch writing {
    case .own(let bytes): return try bytes.withUnsafeBytes(body)
    case .plain(let range):
      return try data.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    case .latin1(let range):
      let bytes = data.withUnsafeBytes { Self.bytes(latin1: $0[range]) }
      return try bytes?.withUnsafeBytes(body)
    }
  }

  /// The bytes that characters up to 255 stand for; nil when there are others.
  static func bytes(latin1 text: some Sequence<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    var lead: UInt8?
    for byte in text {
      switch (lead, byte) {
      case (nil, 0..<0x80): result.append(byte)
      case (nil, 0xC2...0xC3): lead = byte
      case (let first?, 0x80..<0xC0):
        result.append((first & 3) << 6 | byte & 0x3F)
        lead = nil
      default: return nil
      }
    }
    return lead == nil ? result : nil
  }
}

extension TensorIndex.Entry {
  /// Fails when the bytes behind it are not those that were written.
  func check(in data: Data, source: String) throws {
    try bytes.member?.checkWhole(in: data, source: source)
  }

  /// Gives the values to `body`, in row-major order without gaps.
  func withValues<Result>(
    of data: Data, source: String, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    try check(in: data, source: source)
    let result = try bytes.withBytes(of: data) { stored -> Result? in
      guard stored.count >= view.reach * view.dtype.size else { return nil }
      if view.isContiguous {
        let start = view.offset * view.dtype.size
        return try body(UnsafeRawBufferPointer(rebasing: stored[start..<start + view.byteCount]))
      }
      let values = UnsafeMutableRawBufferPointer.allocate(
        byteCount: view.byteCount, alignment: 16)
      defer { values.deallocate() }
      view.gather(from: stored, into: values)
      return try body(UnsafeRawBufferPointer(values))
    }
    guard let result = result ?? nil else {
      throw TensorError.file(
        path: source, problem: "the values of \"\(name)\" are damaged; copy the file again")
    }
    return result
  }
}
