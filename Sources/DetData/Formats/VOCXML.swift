import Foundation
import FoundationXML

/// An element of a VOC file: its name, its text, its children and its line.
struct XMLElementNode {
  let name: String
  let line: Int
  var text = ""
  var children: [XMLElementNode] = []

  func child(_ name: String) -> XMLElementNode? { children.first { $0.name == name } }

  func trimmedText(_ name: String) -> String? {
    child(name)?.text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

/// Parses a VOC file into elements. Document types and entities are refused before the parser sees them:
/// VOC needs neither, and they are how a small file becomes a large one or reads other files.
enum VOCXML {
  static func parse(_ data: Data, place: String) throws -> XMLElementNode {
    if data.range(of: Data("<!DOCTYPE".utf8)) != nil || data.range(of: Data("<!ENTITY".utf8)) != nil
    {
      throw DataError(
        place: place, problem: "contains a document type or entities, which VOC files do not have",
        cure: "remove them, and ask where the file comes from")
    }
    try checkEncoding(data, place: place)
    let parser = XMLParser(data: data)
    parser.shouldResolveExternalEntities = false
    let builder = Builder()
    parser.delegate = builder
    let isWhole = parser.parse()
    if let problem = builder.problem {
      throw DataError(place: "\(place):\(problem.line)", problem: problem.text)
    }
    guard isWhole, let root = builder.root else {
      throw DataError(
        place: "\(place):\(max(1, parser.lineNumber))",
        problem: "is not well-formed XML, or not whole",
        cure: "copy or write the file again")
    }
    guard root.name == "annotation" else {
      throw DataError(
        place: "\(place):\(root.line)",
        problem: "the root element is <\(root.name)>; a VOC file has <annotation>",
        cure: "give the folder of VOC files as \"annotations\"")
    }
    return root
  }

  /// Refuses encodings in which the search above sees nothing: those that are not ASCII where ASCII is meant.
  private static func checkEncoding(_ data: Data, place: String) throws {
    let head = String(decoding: data.prefix(200).prefix { $0 != UInt8(ascii: ">") }, as: UTF8.self)
    let stated = head.range(of: "encoding").map { head[$0.upperBound...] }?
      .drop { $0 == "=" || $0 == " " || $0 == "\"" || $0 == "'" }
      .prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
    let isKnown = stated.map { plainEncodings.contains($0.lowercased()) } ?? true
    guard isKnown, !data.contains(0) else {
      throw DataError(
        place: place, problem: "is written in \(stated.map(String.init) ?? "UTF-16 or the like")",
        cure: "save it as UTF-8")
    }
  }

  private static let plainEncodings: Set<String> = [
    "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "latin1", "windows-1252",
  ]

  /// Builds the tree; VOC is four levels deep, so a deeper nesting is a mistake or an attack.
  private final class Builder: NSObject, XMLParserDelegate {
    private var open: [XMLElementNode] = []
    private(set) var root: XMLElementNode?
    private(set) var problem: (line: Int, text: String)?
    private static let deepest = 32

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      open.append(XMLElementNode(name: name, line: parser.lineNumber))
      guard open.count > Self.deepest else { return }
      problem = (parser.lineNumber, "elements are nested deeper than \(Self.deepest)")
      parser.abortParsing()
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
      guard let last = open.indices.last else { return }
      open[last].text += text
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
      guard let closed = open.popLast() else { return }
      if let last = open.indices.last {
        open[last].children.append(closed)
      } else {
        root = closed
      }
    }
  }
}
