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
      let width = stated.trimmedText("width").flatMap(Self.side),
      let height = stated.trimmedText("height").flatMap(Self.side)
    {
      size = (PixelSize(width: width, height: height), stated.line)
    } else {
      size = nil
    }
  }

  /// A side in pixels; nil: not stated (0, -1 or nothing), or beyond any image.
  private static func side(_ text: String) -> Int? {
    guard let number = Double(text).flatMap({ Int(exactly: $0) }), (1...1 << 20).contains(number)
    else { return nil }
    return number
  }

  /// The image's size as stated, with its place.
  var statedSize: (size: PixelSize, place: String)? {
    size.map { ($0.pixels, "\(place):\($0.line)") }
  }

  /// Whether every object that can be read lies within a picture of a size.
  func fits(_ size: PixelSize) -> Bool {
    (0..<objectCount).allSatisfy { number in
      guard let corners = try? object(number).corners else { return true }
      return max(corners[0], corners[2]) <= Double(size.width)
        && max(corners[1], corners[3]) <= Double(size.height)
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
      let other = ["robndbox", "polygon", "mask"].first { element.child($0) != nil }
      throw DataError(
        place: place,
        problem: "the <object> has \(other.map { "a <\($0)> and " } ?? "")no <bndbox>",
        cure: other == nil ? "state its box" : "state the box around it, or export boxes")
    }
    return Object(
      name: name, corners: try ["xmin", "ymin", "xmax", "ymax"].map { try number($0, corners) },
      isDifficult: Self.flag(element.trimmedText("difficult")), place: place)
  }

  /// VOC writes 1 and 0; tools write words and 1.0 as well.
  private static func flag(_ text: String?) -> Bool {
    guard let text = text?.lowercased() else { return false }
    return ["true", "yes"].contains(text) || Double(text).map { $0 != 0 } ?? false
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
