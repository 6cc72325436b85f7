package import Foundation

/// What one VOC file says, not yet set against its image.
package struct VOCAnnotation {
  /// An object as the file states it: pixel numbers include the last one.
  package struct Object: Equatable {
    /// Its class.
    package let name: String
    /// `xmin`, `ymin`, `xmax`, `ymax`; finite numbers.
    package let corners: [Double]
    /// Hard to see even for people.
    package let isDifficult: Bool
    /// Where it stands: the file and the line.
    package let place: String
  }

  /// The image's file name; empty when the file has none.
  package let fileName: String
  /// The image's size as stated, and the line that states it.
  package let size: (pixels: PixelSize, line: Int)?
  private let place: String
  private let elements: [XMLElementNode]

  /// Parses a file, at most `chunkBytes` at a time; `place` names it in errors.
  package init(_ data: Data, place: String, chunkBytes: Int = 1 << 30) throws {
    let root = try VOCXML.parse(data, place: place, chunkBytes: chunkBytes)
    self.place = place
    fileName = root.trimmedText("filename") ?? ""
    elements = root.children.filter { $0.name == "object" }
    if let stated = root.child("size"),
      let width = stated.trimmedText("width").flatMap(Int.init),
      let height = stated.trimmedText("height").flatMap(Int.init), width > 0, height > 0
    {
      size = (PixelSize(width: width, height: height), stated.line)
    } else {
      size = nil
    }
  }

  /// How many objects there are.
  package var objectCount: Int { elements.count }

  /// An object by its number in the file.
  package func object(_ index: Int) throws -> Object {
    let element = elements[index]
    let place = "\(place):\(element.line)"
    guard let name = element.trimmedText("name"), !name.isEmpty else {
      throw DataError(place: place, problem: "the <object> has no <name>", cure: "name its class")
    }
    guard let corners = element.child("bndbox") else {
      throw DataError(place: place, problem: "the <object> has no <bndbox>", cure: "state its box")
    }
    return Object(
      name: name, corners: try ["xmin", "ymin", "xmax", "ymax"].map { try number($0, corners) },
      isDifficult: element.trimmedText("difficult") == "1", place: place)
  }

  private func number(_ key: String, _ corners: XMLElementNode) throws -> Double {
    let text = corners.trimmedText(key)
    if let text, let value = Double(text), value.isFinite { return value }
    throw DataError(
      place: "\(place):\(corners.line)",
      problem: text.map { "<\(key)> is \"\($0.prefix(40))\", no number" }
        ?? "the <bndbox> has no <\(key)>",
      cure: "state xmin, ymin, xmax and ymax in pixels")
  }
}
