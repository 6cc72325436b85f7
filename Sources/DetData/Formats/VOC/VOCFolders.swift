import DetBasics
import Foundation

/// Where a VOC set's annotation files and images are.
struct VOCFolders {
  /// An annotation file.
  struct File {
    let path: String
    /// Its name below the folder of annotations without the ending, by which it and its image go together.
    let stem: String
  }

  /// The files to read.
  private(set) var files: [File] = []
  /// Those that the list of images does not name.
  private(set) var notListed: [File] = []
  /// Entries of the list without an annotation file, and repeated ones, with their places.
  private(set) var absent: [(name: String, place: String)] = []
  private(set) var repeated: [(name: String, place: String)] = []
  /// What lies in the folder of annotations; nil for a single file.
  let annotations: FolderTree?
  /// The folder of images.
  let imagesFolder: String
  /// What lies in it; the same as `annotations` where that is the same folder.
  let images: FolderTree

  init(_ source: DatasetSource) throws {
    let path = source.annotations ?? ""
    let isFolder = Files.isFolder(path)
    if !isFolder { try Files.expectFile(path) }
    let folder = isFolder ? path : FilePath.folder(of: path)
    annotations = isFolder ? try FolderTree(path, labels: ["xml"]) : nil
    let usual = [
      FilePath.join(FilePath.folder(of: folder), "JPEGImages"), FilePath.join(folder, "JPEGImages"),
    ]
    imagesFolder = source.images ?? usual.first(where: Files.isFolder) ?? folder
    images =
      if let annotations, imagesFolder == folder { annotations } else {
        try FolderTree(imagesFolder)
      }
    guard let annotations else {
      files = [File(path: path, stem: FilePath.stem(of: path))]
      return
    }
    files = annotations.labels.map { File(path: $0.path, stem: String($0.name.dropLast(4))) }
    guard !files.isEmpty else {
      throw DataError(
        place: path, problem: "the folder has no XML files",
        cure: "give the folder of the VOC annotations")
    }
    if let imageSet = source.imageSet { try choose(imageSet) }
  }

  /// Takes the files that a list names: the first word of a line, or the whole line where that is a file's name.
  private mutating func choose(_ imageSet: String) throws {
    let list = try ListFile(imageSet, of: "the name of an image")
    var numberOf: [String: Int] = [:]
    for (number, file) in files.enumerated() { numberOf[file.stem] = number }
    var chosen: [Int] = []
    var isChosen = files.map { _ in false }
    for entry in list.entries {
      let place = "\(imageSet):\(entry.line)"
      let word = entry.text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
      let names = [entry.text, word].flatMap { [$0, ImageNames.stem($0)] }
      guard let number = names.lazy.compactMap({ numberOf[$0] }).first else {
        absent.append((word, place))
        continue
      }
      guard !isChosen[number] else {
        repeated.append((word, place))
        continue
      }
      isChosen[number] = true
      chosen.append(number)
    }
    notListed = files.indices.filter { !isChosen[$0] }.map { files[$0] }
    files = chosen.map { files[$0] }
  }
}
