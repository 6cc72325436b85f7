import DetBasics
import Synchronization

/// Something to send, with its kind, made once and sent to whoever asks; compressed when the first asks for it so.
package final class Content: Sendable {
  /// What the bytes are.
  package enum Kind: String, Sendable {
    case page = "text/html; charset=utf-8"
    case script = "text/javascript; charset=utf-8"
    case text = "text/plain; charset=utf-8"
    case png = "image/png"

    var isCompressible: Bool { self != .png }
  }

  let bytes: Bytes
  let kind: Kind
  /// A strong tag: equal only for equal bytes.
  let tag: String
  private let zipped = Mutex<Bytes?>(nil)
  /// Less than this is sent as it is: a packet is a packet.
  private static let leastToZip = 1400

  /// Holds bytes, known by a tag.
  package init(_ bytes: Bytes, _ kind: Kind, tag: String) {
    self.bytes = bytes
    self.kind = kind
    self.tag = "\"\(tag)\""
  }

  /// Holds a text.
  package convenience init(_ text: String, _ kind: Kind) {
    self.init(Bytes(text), kind, tag: StableHash.hex(of: text))
  }

  /// The bytes as a gzip file, where that is shorter.
  var gzipped: Bytes? {
    guard kind.isCompressible, bytes.count >= Self.leastToZip else { return nil }
    return zipped.withLock { known in
      if known == nil { known = bytes.gzipped() }
      return known
    }
  }
}
