import Foundation

/// Paths joined, shortened, and told relative to one another.
extension FilePath {
  /// The path without `.`, doubled and closing slashes; a `..` takes the part before it away. `.` for what is left empty.
  package static func normal(_ path: String) -> String {
    // By bytes: a letter's accent may follow a slash, and make one character with it.
    let isFromRoot = path.utf8.first == slash
    var parts: [ArraySlice<UInt8>] = []
    for part in Array(path.utf8).split(separator: slash) where !part.elementsEqual(".".utf8) {
      let isUp = part.elementsEqual("..".utf8)
      if isUp, let last = parts.last, !last.elementsEqual("..".utf8) {
        parts.removeLast()
      } else if !isUp || !isFromRoot {
        parts.append(part)
      }
    }
    let rest = parts.map { text($0) }.joined(separator: "/")
    return isFromRoot ? "/" + rest : rest.isEmpty ? "." : rest
  }

  /// A path taken from a folder where it is relative.
  package static func joined(_ folder: String, _ path: String) -> String {
    normal(path.utf8.first == slash || folder.isEmpty ? path : "\(folder)/\(path)")
  }

  /// The path by which what is called `path` is found from `folder`; both are absolute.
  package static func relative(_ path: String, from folder: String) -> String {
    let there = normal(path).split(separator: "/")
    let here = normal(folder).split(separator: "/")
    let common = zip(there, here).prefix { $0 == $1 }.count
    let parts =
      Array(repeating: "..", count: here.count - common) + there.dropFirst(common).map(String.init)
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }

  /// The path from the root, without `.`, `..` and doubled slashes; links are not followed.
  public static func absolute(_ path: String) -> String {
    joined(FileManager.default.currentDirectoryPath, path)
  }

  /// The path from the root, with links followed where the file is there.
  package static func real(_ path: String) -> String {
    guard let found = realpath(path.isEmpty ? "." : path, nil) else { return absolute(path) }
    defer { free(found) }
    return String(cString: found)
  }
}
