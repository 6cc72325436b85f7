import Foundation

/// Paths joined, shortened, and told relative to one another.
extension FilePath {
  /// The path without `.`, doubled and closing slashes; a `..` takes the part before it away. `.` for what is left empty.
  package static func normal(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else if part != ".." || !path.hasPrefix("/") {
        parts.append(part)
      }
    }
    let text = parts.joined(separator: "/")
    return path.hasPrefix("/") ? "/" + text : text.isEmpty ? "." : text
  }

  /// A path taken from a folder where it is relative.
  package static func joined(_ folder: String, _ path: String) -> String {
    normal(path.hasPrefix("/") || folder.isEmpty ? path : "\(folder)/\(path)")
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

  /// The path from the root, with links followed where the file is there.
  package static func real(_ path: String) -> String {
    guard let found = realpath(path.isEmpty ? "." : path, nil) else { return absolute(path) }
    defer { free(found) }
    return String(cString: found)
  }
}
