import Foundation

/// Names for the files that one call adds to a folder: none is given twice and none is there already, also where a file
/// system takes `A.png` and `a.png` for one.
///
/// ```swift
/// var names = try FreeNames(in: "drawn")
/// names.next(for: "east/0001.png", ending: "png")  // 0001.png
/// names.next(for: "west/0001.png", ending: "png")  // west-0001.png
/// names.next(for: "0001.jpg", ending: "png")       // 0001-2.png
/// ```
public struct FreeNames {
  private var taken: Set<String>
  /// A name may have 255 bytes on most file systems: room for a folder's, a file's, a number and an ending.
  private static let mostBytes = 110

  /// Looks at what is in a folder, which may not be there yet.
  public init(in folder: String) throws {
    var status = stat()
    guard stat(folder, &status) == 0 else {
      taken = []
      return
    }
    do {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      taken = Set(names.map { $0.lowercased() })
    } catch {
      throw FileError(
        path: folder, problem: "cannot be listed", cure: "name a folder that can be read")
    }
  }

  /// A name made of that of a source: its stem, with its folder's name before it or a number behind it where that is taken.
  public mutating func next(for source: String, ending: String) -> String {
    let stem = Self.tidy(FilePath.stem(of: source))
    let folder = Self.tidy(FilePath.name(of: FilePath.folder(of: source)))
    if take("\(stem).\(ending)") { return "\(stem).\(ending)" }
    let longer = "\(folder)-\(stem).\(ending)"
    if !folder.isEmpty, !folder.hasPrefix("."), take(longer) { return longer }
    var number = 2
    while !take("\(stem)-\(number).\(ending)") { number += 1 }
    return "\(stem)-\(number).\(ending)"
  }

  private mutating func take(_ name: String) -> Bool { taken.insert(name.lowercased()).inserted }

  /// Without control characters, and not too long for something to be added.
  private static func tidy(_ name: String) -> String {
    var text = ""
    for character in name {
      let isControl = character.unicodeScalars.contains {
        $0.properties.generalCategory == .control
      }
      let next = isControl ? "_" : String(character)
      guard text.utf8.count + next.utf8.count <= mostBytes else { break }
      text += next
    }
    return text
  }
}
