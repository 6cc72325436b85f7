import DetBasics
import Foundation

/// The data file of YOLO's tools (`data.yaml`, Darknet's `obj.data`): the classes, and where images of which side lie, in a
/// folder or in a list.
///
/// Names are a list or a mapping from 0 on. Folders are taken below `path`, else below the file's own folder; where a
/// folder is not there with its leading `../`, it is looked for without, as exports of Roboflow need.
package struct YOLODataFile {
  /// The sides of a data set.
  package enum Side: String, CaseIterable, Sendable {
    case train
    case validation = "val"
    case test
  }

  /// The names of the classes, by their numbers.
  package let names: [String]
  /// The folders of a side as they are written, with the line.
  private let stated: [Side: (paths: [String], line: Int)]
  private let bases: [String]
  private let path: String

  /// Reads the file.
  package init(_ path: String) throws {
    try self.init(text: try Files.text(path), path: path)
  }

  /// Reads its text.
  package init(text: String, path: String) throws {
    self.path = path
    guard !Self.isDarknet(path) else {
      let values = try Self.darknetValues(text, path)
      names = try Self.darknetNames(values, path)
      bases = YOLOImageList.bases(of: path)
      var stated: [Side: (paths: [String], line: Int)] = [:]
      for (side, key) in [(Side.train, "train"), (.validation, "valid"), (.test, "test")] {
        if let (value, line) = values[key] { stated[side] = ([value], line) }
      }
      self.stated = stated
      return
    }
    let root = try YAMLReader.read(text, place: path)
    names = try Self.names(root, path)
    let own = FilePath.folder(of: path)
    let base = try root["path"].map { try Self.texts($0, path) }?.first ?? ""
    bases = base.isEmpty ? [own] : [base.hasPrefix("/") ? base : FilePath.join(own, base), own]
    var stated: [Side: (paths: [String], line: Int)] = [:]
    for side in Side.allCases {
      guard let entry = root[side.rawValue] ?? (side == .validation ? root["valid"] : nil) else {
        continue
      }
      let paths = try Self.texts(entry, path)
      if !paths.isEmpty { stated[side] = (paths, entry.line) }
    }
    self.stated = stated
  }

  /// Whether the file says where the images of a side are.
  package func has(_ side: Side) -> Bool { stated[side] != nil }

  /// The images of a side, as they can be read.
  package func source(_ side: Side) throws -> DatasetSource {
    guard let (paths, line) = stated[side] else {
      throw DataError(
        place: path, problem: "has no key \"\(side.rawValue)\"",
        cure: "add it, or name the folder of images and give this file as --classes")
    }
    let sources = try paths.map { stated in
      var source = DatasetSource(format: .yolo, images: try folder(stated, line))
      source.classFile = path
      return source
    }
    guard sources.count > 1 else { return sources[0] }
    var union = DatasetSource(format: .union)
    union.parts = sources
    return union
  }

  private func folder(_ stated: String, _ line: Int) throws -> String {
    var shorter = stated
    while shorter.hasPrefix("../") { shorter.removeFirst(3) }
    let candidates = [stated, shorter].flatMap { name in
      name.hasPrefix("/") ? [name] : bases.map { FilePath.join($0, name) }
    }
    guard let found = candidates.first(where: FileManager.default.fileExists) else {
      throw DataError(
        place: "\(path):\(line)", problem: "there is no \(candidates[0])",
        cure: "correct the path, or name the folder of images and give this file as --classes",
        kind: .imageMissing)
    }
    guard Files.isFolder(found) || YOLOImageList.looksLikeOne(found) else {
      throw ForeignFormat.told(at: found)?.format.error(found)
        ?? DataError(
          place: found, problem: "is neither a folder of images nor a list of them",
          cure: "name the folder, or a text file with the path of an image on every line")
    }
    return found
  }

  /// A file of class names in the folder of images or in one of the three above: what exports bring along.
  package static func classFile(near images: String) -> String? {
    var folder =
      images.hasPrefix("/")
      ? images : FilePath.join(FileManager.default.currentDirectoryPath, images)
    for _ in 0..<4 {
      for name in ["data.yaml", "data.yml", "dataset.yaml", "classes.txt", "obj.names"] {
        let file = FilePath.join(folder, name)
        if FileManager.default.fileExists(atPath: file) { return file }
      }
      folder = FilePath.folder(of: folder)
    }
    return nil
  }

  private static func texts(_ entry: YAMLNode.Entry, _ path: String) throws -> [String] {
    switch entry.value {
    case .text(let text, _): return text.isEmpty || text == "~" || text == "null" ? [] : [text]
    case .list(let items, _):
      return try items.map { item in
        guard case .text(let text, _) = item, !text.isEmpty else {
          throw error(path, item.line, "\(entry.key) holds something that is no text")
        }
        return text
      }
    case .map(_, let line): throw error(path, line, "\(entry.key) is a mapping")
    }
  }

  private static func error(_ path: String, _ line: Int, _ problem: String) -> DataError {
    DataError(
      place: "\(path):\(line)", problem: problem,
      cure: "write names: [tree, palm], or a list or mapping from 0 on below \"names:\"")
  }

  private static func names(_ root: YAMLNode, _ path: String) throws -> [String] {
    guard let entry = root["names"] else {
      throw error(path, root.line, "there is no key \"names\"")
    }
    let names: [String]
    switch entry.value {
    case .text(_, let line): throw error(path, line, "names is neither a list nor a mapping")
    case .list(let items, _): names = try items.map { try name($0, path) }
    case .map(let entries, _):
      var named = [String?](repeating: nil, count: entries.count)
      for entry in entries {
        guard let number = Int(entry.key), named.indices.contains(number) else {
          throw error(
            path, entry.line,
            "the class is \"\(entry.key.prefix(40))\"; \(named.count) classes are numbered from 0 to \(named.count - 1)"
          )
        }
        named[number] = try name(entry.value, path)
      }
      names = try named.enumerated().map { number, name in
        guard let name else { throw error(path, entry.line, "the class \(number) has no name") }
        return name
      }
    }
    if let count = root["nc"] {
      guard case .text(let text, _) = count.value, Int(text) == names.count else {
        throw error(path, count.line, "nc is not \(names.count), the number of names")
      }
    }
    return names
  }

  private static func name(_ node: YAMLNode, _ path: String) throws -> String {
    guard case .text(let text, let line) = node, !text.isEmpty, !text.contains("\n") else {
      throw error(path, node.line, "the name of a class is empty, or no text")
    }
    guard text != "~" else { throw error(path, line, "the name of a class is empty") }
    return text
  }
}
