import DetBasics
import Foundation

extension DatasetFormat {
  /// The format that a file or folder looks like; nil when it looks like none, or like several.
  public static func guess(_ path: String) throws -> DatasetFormat? {
    guard Folder.isFolder(path) else {
      return path.lowercased().hasSuffix(".json") ? try guessJSON(path) : nil
    }
    let names = try Folder.names(in: path).filter { !$0.hasPrefix(".") }
    func has(_ endings: Set<String>) -> Bool {
      names.contains { endings.contains(($0 as NSString).pathExtension.lowercased()) }
    }
    if has(["xml"]) { return .voc }
    if let file = names.first(where: { $0.lowercased().hasSuffix(".json") }), !has(["txt"]) {
      return try guessJSON(Folder.join(path, file)) == .bdd ? .bdd : nil
    }
    if has(ImageFile.endings) {
      return has(["txt"]) || YOLOReader.usualLabels(of: path) != nil ? .yolo : nil
    }
    let folders = names.filter { Folder.isFolder(Folder.join(path, $0)) }
    let holdsImages = try folders.prefix(20).contains { folder in
      try !Folder.files(in: Folder.join(path, folder), endings: ImageFile.endings).isEmpty
    }
    return holdsImages ? .folders : nil
  }

  /// COCO's file is an object with lists of images and annotations; BDD's a list of frames, or one frame.
  private static func guessJSON(_ path: String) throws -> DatasetFormat? {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw FileError(path: path, problem: "no such file", cure: "check the path")
    }
    defer { try? file.close() }
    let head = String(decoding: (try file.read(upToCount: 1 << 16)) ?? Data(), as: UTF8.self)
    let start = head.first { !$0.isWhitespace }
    if start == "[" { return head.contains("\"name\"") ? .bdd : nil }
    guard start == "{" else { return nil }
    let isFrame = head.contains("\"frames\"") || head.contains("\"labels\"")
    let isCOCO = ["\"images\"", "\"annotations\"", "\"categories\""].contains { head.contains($0) }
    return isCOCO == isFrame ? nil : (isCOCO ? .coco : .bdd)
  }
}
