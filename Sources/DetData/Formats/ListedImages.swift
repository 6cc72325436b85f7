import DetBasics
import Foundation

/// The images that a list names, in the folder where they lie: found by their names as they are written, or by what
/// plainly is meant; and the images there that the list does not name.
struct ListedImages {
  private let folder: String
  /// All images below the folder; looked for when a name is not there as it is written.
  private var names: ImageNames?
  private var named: Set<String> = []

  init(_ folder: String) { self.folder = folder }

  /// The path of an image that is there under the very name; nil: it is not.
  mutating func asWritten(_ name: String) -> String? {
    guard Self.isPlain(name) else { return nil }
    let path = FilePath.join(folder, name)
    guard FileManager.default.fileExists(atPath: path), !Files.isFolder(path) else { return nil }
    named.insert(path)
    return path
  }

  /// The image's path, with a note of what was undone to find it; nil: it is not there.
  mutating func find(
    _ stated: String, place: String, _ intake: inout BoxIntake
  ) throws -> String? {
    guard !stated.isEmpty else {
      throw DataError(
        place: place, problem: "the image has no file name", cure: "name its file",
        kind: .imageMissing)
    }
    if let path = asWritten(stated) { return path }
    if names == nil { names = ImageNames(try FolderTree(folder).images) }
    let (name, isURL) = Self.nameInURL(stated)
    switch names?.find(name) ?? .none(leadsOut: false) {
    case .found(let file, let kinds):
      for kind in isURL && !kinds.contains(.nameFolder) ? kinds + [.nameFolder] : kinds {
        intake.note(kind, place, "\(stated.prefix(200)) is found as \(file.path)")
      }
      named.insert(file.path)
      return file.path
    case .several(let files):
      let shown = files.prefix(3).map(\.name).joined(separator: " and ")
      throw DataError(
        place: place, problem: "the image name \"\(stated.prefix(80))\" may mean \(shown)",
        cure: "name the image relative to \(folder)", kind: .labelsUnclear)
    case .none(let leadsOut):
      guard leadsOut || isURL else { return nil }
      throw DataError(
        place: place,
        problem:
          "the image name \"\(stated.prefix(80))\" leads out of the folder of images, and no image in it has "
          + "that name", cure: "name the image relative to \(folder)", kind: .pathOutside)
    }
  }

  /// Lists the images that lie where named ones do and are not named.
  mutating func noteOthers(of list: String, _ intake: inout BoxIntake) {
    let folders = Set(named.map { FilePath.folder(of: $0) }).sorted()
    for folder in folders {
      let entries = (try? FolderListing(folder).entries) ?? []
      let others = entries.filter { entry in
        entry.kind == .file && ImageFile.endings.contains(FolderTree.ending(entry.name))
          && !FolderTree.isHidden(entry.name) && !named.contains(FilePath.join(folder, entry.name))
      }
      guard let first = others.first else { continue }
      let isOne = others.count == 1
      intake.find(.image, others.count)
      intake.leaveOut(
        .image, .notListed, folder,
        "\(others.count) \(isOne ? "image" : "images") that \(list) does not name "
          + "\(isOne ? "is" : "are") left out (\(first.name)\(isOne ? "" : ", …"))",
        count: others.count)
    }
  }

  /// Whether the name leads straight to a file below the folder, as all names of a file do mostly.
  private static func isPlain(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return !name.isEmpty && !ImageNames.leadsOut(name) && !name.contains("\0")
      && !parts.contains { $0.isEmpty || $0 == "." }
  }

  /// What a URL names: Label Studio's `/data/local-files/?d=images/a.jpg`, or a path with a query behind it.
  private static func nameInURL(_ stated: String) -> (name: String, isURL: Bool) {
    let isURL = stated.contains("://") || stated.contains("?d=")
    guard isURL else { return (stated, false) }
    var name = stated
    if let start = name.range(of: "?d=") {
      name = String(name[start.upperBound...])
    } else if let end = name.firstIndex(where: { $0 == "?" || $0 == "#" }) {
      name = String(name[..<end])
    }
    return (name.removingPercentEncoding ?? name, true)
  }
}
