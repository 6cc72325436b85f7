import DetBasics
import Foundation

/// Darknet's data file (`obj.data`): `classes`, `train`, `valid`, `names`, each as `key = value`.
///
/// `train` and `valid` are lists of images, `names` a list of classes. Paths are seen from where Darknet is started: they are
/// taken from the file's folder or from one of the three above it.
extension YOLODataFile {
  /// Whether a file is of this kind by its ending.
  static func isDarknet(_ path: String) -> Bool { FolderTree.ending(path) == "data" }

  /// The values of a text by their keys, each with its line.
  package static func darknetValues(
    _ text: String, _ path: String
  ) throws -> [String: (value: String, line: Int)] {
    var values: [String: (value: String, line: Int)] = [:]
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let content = line.prefix { $0 != "#" && $0 != ";" }.trimmed
      if content.isEmpty { continue }
      let parts = content.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { String($0.trimmed) }
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw DataError(
          place: "\(path):\(index + 1)", problem: "\"\(content.prefix(40))\" is no \"key = value\"",
          cure: "write classes, train, valid and names, each as in names = obj.names")
      }
      guard values[parts[0]] == nil else {
        throw DataError(
          place: "\(path):\(index + 1)", problem: "the key \"\(parts[0].prefix(40))\" stands twice",
          cure: "leave one of them out")
      }
      values[parts[0]] = (parts[1], index + 1)
    }
    return values
  }

  /// The names of the classes, which a file of their own holds.
  static func darknetNames(
    _ values: [String: (value: String, line: Int)], _ path: String
  ) throws -> [String] {
    guard let (stated, line) = values["names"] else {
      throw DataError(
        place: "\(path):1", problem: "there is no key \"names\"",
        cure: "add names = and the file with the name of a class on every line")
    }
    let candidates =
      stated.hasPrefix("/")
      ? [stated] : YOLOImageList.bases(of: path).map { FilePath.joined($0, stated) }
    guard let file = candidates.first(where: FileManager.default.fileExists) else {
      throw DataError(
        place: "\(path):\(line)", problem: "there is no \(candidates[0])",
        cure: "correct the path of the names")
    }
    let names = try ListFile(file, of: "the name of a class").entries.map(\.text)
    if let (count, line) = values["classes"], Int(count) != names.count {
      throw DataError(
        place: "\(path):\(line)",
        problem: "classes is \(count.prefix(20)), and \(file) has \(names.count) names",
        cure: "correct one of them")
    }
    return names
  }
}
