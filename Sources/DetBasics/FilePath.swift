import Foundation

/// Paths taken apart as text.
///
/// Not by `NSString`: its `deletingLastPathComponent` ends the program on `.`, `./` and names of one letter.
public enum FilePath {
  static let slash = UInt8(ascii: "/")

  /// The folder that something lies in: `.` for a name alone, `/` for the root and what lies in it, `./..` for `.`.
  public static func folder(of path: String) -> String {
    let bytes = trimmed(path)
    let last = bytes.lastIndex(of: slash)
    let name = bytes[(last.map { $0 + 1 } ?? 0)...]
    if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { return text(bytes) + "/.." }
    if bytes.isEmpty { return path.isEmpty ? "." : "/" }
    guard let last else { return "." }
    let above = trimmed(bytes[..<last])
    return above.isEmpty ? "/" : text(above)
  }

  /// The last part of a path; empty for the root.
  public static func name(of path: String) -> String {
    let bytes = trimmed(path)
    return text(bytes[(bytes.lastIndex(of: slash).map { $0 + 1 } ?? 0)...])
  }

  /// The last part of a path without its ending; a leading point begins no ending.
  public static func stem(of path: String) -> String {
    let name = Array(name(of: path).utf8)
    guard let point = name.lastIndex(of: UInt8(ascii: ".")), point > 0 else {
      return text(name[...])
    }
    return text(name[..<point])
  }

  /// The path of something in a folder.
  public static func join(_ folder: String, _ name: String) -> String {
    if folder.isEmpty || folder == "." { return name }
    return folder.utf8.last == slash ? folder + name : "\(folder)/\(name)"
  }

  /// Without the slashes at its end, of which the root keeps none.
  private static func trimmed(_ path: String) -> ArraySlice<UInt8> {
    trimmed(Array(path.utf8)[...])
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes
    while bytes.last == slash { bytes = bytes.dropLast() }
    return bytes
  }

  static func text(_ bytes: some Collection<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}

extension String {
  /// The text for a message of one line: control characters are escaped, and of a very long text the middle is left out.
  public var oneLine: String {
    var text = ""
    for scalar in unicodeScalars {
      let isControl = scalar.properties.generalCategory == .control
      text +=
        isControl || scalar == "\u{2028}" || scalar == "\u{2029}"
        ? scalar.escaped(asASCII: true) : String(scalar)
    }
    guard text.count > Self.mostShown else { return text }
    return "\(text.prefix(Self.mostShown / 2))…\(text.suffix(Self.mostShown / 2))"
  }

  private static let mostShown = 400
}
