import DetBasics
package import DetCommand
import Foundation
import TestSupport

/// A folder with everything that a path can lead to, which notices when something in it was changed.
package final class Sandbox {
  /// Where the user's files are; verbs may add others.
  package let path: String
  private let temporary: TemporaryFolder
  private var known: [String: Data] = [:]

  /// Makes the folder with links, a pipe, and names that text is easily broken by.
  package init() throws {
    temporary = try TemporaryFolder()
    path = temporary.path
    try write("text.txt", "a user's words\n")
    try write("folder/inside.txt", "more\n")
    try write("odd/line\nbreak \"quoted\" 🦊.txt", "odd\n")
    for (link, target) in [
      ("to-file", "text.txt"), ("to-folder", "folder"), ("dangling", "nowhere"), ("round", "round"),
    ] {
      try FileManager.default.createSymbolicLink(
        atPath: file(link), withDestinationPath: target)
    }
    mkfifo(file("pipe"), 0o644)
    try temporary.makeFolder("locked")
    chmod(file("locked"), 0)
  }

  deinit { chmod(file("locked"), 0o755) }

  /// The path of something in it.
  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file of the user's and gives its path.
  @discardableResult
  package func write(_ name: String, _ text: String) throws -> String {
    try temporary.write(name, text)
  }

  /// From now on everything that is there is the user's.
  package func seal() throws { known = try contents() }

  /// What of the user's was changed or lost since ``seal()``; what was added is removed again.
  package func damage() throws -> [String] {
    let now = try contents()
    let damaged = known.keys.filter { now[$0] != known[$0] }.sorted()
    // The deepest first, so that folders are empty when their turn comes.
    for added in now.keys.filter({ known[$0] == nil }).sorted(by: { $0.utf8.count > $1.utf8.count })
    {
      try FileManager.default.removeItem(atPath: file(added))
    }
    return damaged
  }

  /// Every file with its kind and content, by its path in the folder.
  private func contents() throws -> [String: Data] {
    var contents: [String: Data] = [:]
    var folders = [""]
    while let folder = folders.popLast() {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: file(folder))) ?? [] {
        let place = folder.isEmpty ? name : "\(folder)/\(name)"
        var status = stat()
        lstat(file(place), &status)
        let kind = status.st_mode & S_IFMT
        var content = Data("\(kind)\n".utf8)
        if kind == S_IFDIR { folders.append(place) }
        if kind == S_IFREG { content += try Files.bytes(file(place)) }
        contents[place] = content
      }
    }
    return contents
  }

  // MARK: - Words

  /// Words of every kind, for one place of a command line. Where any text will do, numbers are names like others.
  package func words(for declaration: Declaration) -> [String] {
    let isText = Self.numbers.allSatisfy { (try? declaration.read($0)) != nil }
    return paths + Self.relativePaths + (isText ? ["0"] : Self.numbers)
  }

  /// Paths of every kind, from the root.
  private var paths: [String] {
    let long = (0..<25).map { _ in String(repeating: "x", count: 200) }.joined(separator: "/")
    let inside = [
      "", "/", "/.", "/..", "/nothing", "/nothing/below", "/text.txt", "/text.txt/",
      "/text.txt/below",
      "/folder", "/folder/", "/folder/../text.txt", "/folder/new", "/to-file", "/to-folder",
      "/to-folder/new",
      "/dangling", "/round", "/pipe", "/odd/line\nbreak \"quoted\" 🦊.txt", "/odd/new\nline 🦊",
      "/it's; $(x) `y`",
      "/" + String(repeating: "n", count: 300), "/" + long,
    ]
    let locked = getuid() == 0 ? [] : ["/locked", "/locked/new"]
    return (inside + locked).map { path + $0 }
      + ["", "/dev/null", "/dev/zero", "/proc", "/proc/nothing", "not \u{FFFD} UTF-8", "\u{FFFD}"]
  }

  /// Paths from the folder that a program stands in.
  private static let relativePaths = [
    ".", "./", "..", "../", "//.", "x", "./x", "x/", "text.txt", "folder", "a/../b", "folder/../b",
    "-", "~",
  ]

  /// Numbers, and words that look like some, of every kind.
  private static let numbers = [
    "0", "-0", "-1", "1", "2.5", "1e30", "-1e30", "1e-400", "1e400", "nan", "-nan", "inf", "-inf",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615",
    "999999", "1000000", "1024", "0x10", "1_000", "٣", " 3", "3 ", "1,", ",", "1,1e30",
    "0:1:1e-300",
    "0.5:0.9:nan", "9223372036854775807,1", "100%", "0%", "1e30h", "1h", "-1s",
    "9223372036854775807s",
    "0x0", "64x64", "9223372036854775807x9223372036854775807", "99999x99999",
    "64x64 | resnet18 9223372036854775807 | fpn P1-P2 16 | rpn | rcnn",
    "64x64 | resnet18 8 | fpn P1-P9223372036854775807 16 | rpn | rcnn",
    "64x64 | resnet18 8 | fpn P1-P2 999999999999 | rpn | cascade 9223372036854775807",
  ]
}
