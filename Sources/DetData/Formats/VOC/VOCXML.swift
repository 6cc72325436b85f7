import DetBasics
import Foundation

/// An element of a VOC file: its name, its text, its children and its line.
struct XMLElementNode {
  let name: String
  let line: Int
  var text = ""
  var children: [XMLElementNode] = []

  func child(_ name: String) -> XMLElementNode? { children.first { $0.name == name } }

  func trimmedText(_ name: String) -> String? {
    child(name).map { String($0.text.trimmed) }
  }
}

/// Parses a VOC file into elements. Document types, and with them entities, are refused where they begin:
/// VOC needs neither, and they are how a small file becomes a large one or reads other files.
enum VOCXML {
  /// `chunkBytes` bounds what the parser is given at once: its lengths are of 32 bits.
  static func parse(_ data: Data, place: String, chunkBytes: Int) throws -> XMLElementNode {
    var reader = try XMLTreeReader(encoding: nil)
    var outcome = reader.read(data, chunkBytes: chunkBytes)
    if case .unknownEncoding(let name) = outcome, let known = otherNames[name.lowercased()] {
      reader = try XMLTreeReader(encoding: known)
      outcome = reader.read(data, chunkBytes: chunkBytes)
    }
    switch outcome {
    case .tree(let root):
      guard root.name == "annotation" else {
        if let format = ForeignFormat.told(by: ContentHead(path: place, data: data.prefix(1 << 16)))
        {
          throw format.error(place)
        }
        throw DataError(
          place: "\(place):\(root.line)",
          problem: "the root element is <\(root.name)>; a VOC file has <annotation>",
          cure: "give the folder of VOC files as \"annotations\"")
      }
      return root
    case .unknownEncoding(let name):
      throw DataError(
        place: place, problem: "is written in \(name.prefix(40))", cure: "save it as UTF-8")
    case .documentType(let line):
      throw DataError(
        place: "\(place):\(line)",
        problem: "contains a document type or entities, which VOC files do not have",
        cure: "remove them, and ask where the file comes from")
    case .tooDeep(let line):
      throw DataError(
        place: "\(place):\(line)",
        problem: "elements are nested deeper than \(XMLTreeReader.deepest)")
    case .broken(let line, let reason):
      throw DataError(
        place: "\(place):\(line)", problem: "is not well-formed XML, or not whole (\(reason))",
        cure: "copy or write the file again")
    }
  }

  /// Names of encodings that people write, and what expat calls them.
  private static let otherNames = [
    "utf8": "UTF-8", "ascii": "US-ASCII", "latin1": "ISO-8859-1", "latin-1": "ISO-8859-1",
  ]
}
