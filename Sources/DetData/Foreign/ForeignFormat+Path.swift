import DetBasics
import Foundation

extension ForeignFormat {
  /// The format of a file, or of the files in a folder and the folders in it, and the file that tells.
  ///
  /// Some files of every ending are looked at: those of one folder are of one kind.
  package static func told(at path: String) -> (format: ForeignFormat, file: String)? {
    guard Files.isFolder(path) else {
      return (try? ContentHead(path)).flatMap(told).map { ($0, path) }
    }
    guard let listing = try? FolderListing(path) else { return nil }
    let folders = listing.entries.filter { $0.kind == .folder && !FolderTree.isHidden($0.name) }
    for folder in [path] + folders.prefix(20).map({ FilePath.join(path, $0.name) }) {
      guard let listing = try? FolderListing(folder) else { continue }
      for ending in ["json", "jsonl", "xml", "csv", "txt"] {
        let files = listing.entries.filter {
          $0.kind == .file && !FolderTree.isHidden($0.name) && FolderTree.ending($0.name) == ending
        }
        for file in files.prefix(5) {
          let file = FilePath.join(folder, file.name)
          if let head = try? ContentHead(file), let format = told(by: head) {
            return (format, file)
          }
        }
      }
    }
    return nil
  }
}
