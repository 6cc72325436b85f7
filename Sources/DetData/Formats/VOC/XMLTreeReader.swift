import CExpat
import Foundation

/// Reads XML into a tree of elements with expat; attributes, comments and processing instructions are passed over.
///
/// One reader reads one document. It stops at a document type, so that there are no entities but XML's own five.
final class XMLTreeReader {
  /// What became of a document.
  enum Outcome {
    case tree(XMLElementNode)
    case documentType(line: Int)
    case tooDeep(line: Int)
    case unknownEncoding(String)
    case broken(line: Int, reason: String)
  }

  /// VOC is four levels deep, so a deeper nesting is a mistake or an attack.
  static let deepest = 32

  private let parser: XML_Parser
  private var open: [XMLElementNode] = []
  private var root: XMLElementNode?
  private var stop: Outcome?

  /// A reader for the encoding that the document states (UTF-8 when it states none), or for the one that is said.
  init(encoding: String?) throws {
    guard let parser = XML_ParserCreate(encoding) else {
      throw DataError(place: "the XML parser", problem: "there is no memory for it")
    }
    self.parser = parser
    open.reserveCapacity(8)
    XML_SetElementHandler(
      parser, { context, name, _ in XMLTreeReader.at(context)?.begin(name) },
      { context, _ in XMLTreeReader.at(context)?.end() })
    XML_SetCharacterDataHandler(parser) { XMLTreeReader.at($0)?.append($1, count: Int($2)) }
    XML_SetStartDoctypeDeclHandler(parser) { context, _, _, _, _ in
      guard let reader = XMLTreeReader.at(context) else { return }
      reader.stop(.documentType(line: reader.line))
    }
    XML_SetUnknownEncodingHandler(
      parser, { XMLTreeReader.at($0)?.describe($1, to: $2) ?? 0 },
      Unmanaged.passUnretained(self).toOpaque())
    XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit { XML_ParserFree(parser) }

  /// Reads the document, at most `chunkBytes` (a number of 31 bits) at a time.
  func read(_ data: Data, chunkBytes: Int) -> Outcome {
    data.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
      var start = 0
      var status = XML_STATUS_OK
      repeat {
        let count = min(chunkBytes, bytes.count - start)
        let chunk = bytes.baseAddress.map { UnsafeRawPointer($0 + start) }
        start += count
        status = XML_Parse(
          parser, chunk?.assumingMemoryBound(to: CChar.self), Int32(count),
          start == bytes.count ? 1 : 0)
      } while status == XML_STATUS_OK && start < bytes.count
      if status == XML_STATUS_OK, let root { return .tree(root) }
      return stop ?? .broken(line: line, reason: reason)
    }
  }

  private var line: Int { max(1, Int(XML_GetCurrentLineNumber(parser))) }

  private var reason: String {
    XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "unknown reason"
  }

  // MARK: What expat calls

  private static func at(_ context: UnsafeMutableRawPointer?) -> XMLTreeReader? {
    context.map { Unmanaged<XMLTreeReader>.fromOpaque($0).takeUnretainedValue() }
  }

  private func stop(_ outcome: Outcome) {
    stop = outcome
    XML_StopParser(parser, 0)
  }

  private func begin(_ name: UnsafePointer<CChar>?) {
    // After a stop, expat still reports the end of an empty element, and no more.
    guard stop == nil, let name else { return }
    guard open.count < Self.deepest else { return stop(.tooDeep(line: line)) }
    open.append(XMLElementNode(name: String(cString: name), line: line))
  }

  private func append(_ text: UnsafePointer<CChar>?, count: Int) {
    guard stop == nil, let text, let last = open.indices.last else { return }
    let bytes = UnsafeRawBufferPointer(start: text, count: count)
    open[last].text += String(decoding: bytes, as: UTF8.self)
  }

  private func end() {
    guard stop == nil, let closed = open.popLast() else { return }
    if let last = open.indices.last {
      open[last].children.append(closed)
    } else {
      root = closed
    }
  }

  /// Tells expat what the bytes of an encoding mean that it does not know itself.
  private func describe(
    _ name: UnsafePointer<CChar>?, to encoding: UnsafeMutablePointer<XML_Encoding>?
  ) -> Int32 {
    let name = name.map { String(cString: $0) } ?? ""
    guard let encoding, let differences = Self.differences[name.lowercased()] else {
      stop = .unknownEncoding(name)
      return 0
    }
    withUnsafeMutableBytes(of: &encoding.pointee.map) { map in
      let characters = map.bindMemory(to: Int32.self)
      for byte in characters.indices { characters[byte] = Int32(byte) }
      for (byte, character) in differences { characters[byte] = character }
    }
    return 1
  }

  /// Encodings of one byte a character, by what they differ in from ISO-8859-1.
  private static let differences: [String: [Int: Int32]] = [
    "iso-8859-15": [
      0xA4: 0x20AC, 0xA6: 0x160, 0xA8: 0x161, 0xB4: 0x17D, 0xB8: 0x17E, 0xBC: 0x152, 0xBD: 0x153,
      0xBE: 0x178,
    ],
    "windows-1252": [
      0x80: 0x20AC, 0x82: 0x201A, 0x83: 0x192, 0x84: 0x201E, 0x85: 0x2026, 0x86: 0x2020,
      0x87: 0x2021, 0x88: 0x2C6, 0x89: 0x2030, 0x8A: 0x160, 0x8B: 0x2039, 0x8C: 0x152, 0x8E: 0x17D,
      0x91: 0x2018, 0x92: 0x2019, 0x93: 0x201C, 0x94: 0x201D, 0x95: 0x2022, 0x96: 0x2013,
      0x97: 0x2014, 0x98: 0x2DC, 0x99: 0x2122, 0x9A: 0x161, 0x9B: 0x203A, 0x9C: 0x153, 0x9E: 0x17E,
      0x9F: 0x178,
    ],
  ]
}
