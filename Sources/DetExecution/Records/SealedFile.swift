import DetBasics
import Foundation

/// A JSON file with a checksum of its content, so that one that is damaged is noticed and never believed.
enum SealedFile {
  private struct Envelope: Codable {
    let checksum: String
    let content: JSONValue
  }

  /// Writes a value; a reader, or a crash at any moment, sees the old content or the new. Without waiting for the disk, a crash of
  /// the machine may leave none.
  static func write(_ content: some Encodable, to path: String, waits: Bool = true) throws {
    let value = try JSON.value(content)
    let envelope = Envelope(checksum: try checksum(value), content: value)
    try AtomicFile.write(JSON.text(envelope, pretty: true) + "\n", to: path, waits: waits)
  }

  /// The value; nil where there is none, or none that is whole.
  static func read<Content: Decodable>(_ type: Content.Type, _ path: String) -> Content? {
    guard let data = try? Files.bytes(path),
      let envelope = try? JSON.decode(Envelope.self, from: data, source: path),
      (try? checksum(envelope.content)) == envelope.checksum
    else { return nil }
    return try? JSON.decode(type, from: envelope.content, source: path)
  }

  private static func checksum(_ value: JSONValue) throws -> String {
    StableHash.hex(of: try JSON.text(value))
  }
}
