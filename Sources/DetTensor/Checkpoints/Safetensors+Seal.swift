import DetBasics
import Foundation

extension Safetensors {
  /// A checksum in a file's metadata over all its other bytes: a length that is right does not say that the content is.
  final class Seal {
    static let key = "smnas-checksum"
    private static let blank = String(repeating: "0", count: 16)
    private var values = StableHash()

    /// The place for the checksum, until it is known.
    var metadata: [String: String] { [Self.key: Self.blank] }

    func add(_ bytes: UnsafeRawBufferPointer) { values.combine(buffer: bytes) }

    /// Writes the checksum into its place in a header that stands at the beginning of the file.
    func close(
      _ header: Data, _ write: (_ offset: Int, UnsafeRawBufferPointer) throws -> Void
    ) throws {
      guard let place = Self.place(in: header) else {
        preconditionFailure("the header was not made with the seal's metadata")
      }
      header.withUnsafeBytes { add($0) }
      try Array(StableHash.hex(values.value).utf8).withUnsafeBytes {
        try write(place.lowerBound, $0)
      }
    }

    /// Where the sixteen digits stand in a header.
    static func place(in header: Data) -> Range<Int>? {
      let text = Data("\"\(key)\":\"".utf8)
      guard let found = header.range(of: text) else { return nil }
      let start = found.upperBound - header.startIndex
      return start + blank.utf8.count <= header.count ? start..<start + blank.utf8.count : nil
    }

    /// The header as it was when the checksum was made.
    static func blanked(_ header: Data, at place: Range<Int>) -> Data {
      var header = Data(header)
      header.replaceSubrange(place, with: Data(blank.utf8))
      return header
    }
  }

  /// Fails when a file's bytes are not those that were written with a seal; a file without one passes unless it
  /// must have one.
  ///
  /// - Throws: ``TensorError`` with what is wrong.
  public static func checkSeal(of path: String, isRequired: Bool = false) throws {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    } catch {
      throw TensorError.file(path: path, problem: "cannot be read; check the path and permissions")
    }
    let header = try SafetensorsHeader(data, source: path)
    guard let wanted = header.metadata[Seal.key] else {
      guard isRequired else { return }
      throw TensorError.file(path: path, problem: "is damaged: its checksum is missing")
    }
    let text = data.prefix(header.valuesStart)
    guard let place = Seal.place(in: text) else {
      throw TensorError.file(path: path, problem: "has a checksum that this program did not write")
    }
    var hash = StableHash()
    data.withUnsafeBytes { bytes in
      for entry in header.entries {
        let start = header.valuesStart + entry.range.lowerBound
        hash.combine(
          buffer: UnsafeRawBufferPointer(rebasing: bytes[start..<start + entry.range.count]))
      }
    }
    Seal.blanked(text, at: place).withUnsafeBytes { hash.combine(buffer: $0) }
    guard StableHash.hex(hash.value) == wanted else {
      throw TensorError.file(
        path: path, problem: "is damaged: its checksum is not that of its content")
    }
  }
}
