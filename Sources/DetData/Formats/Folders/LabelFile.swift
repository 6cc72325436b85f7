import DetBasics
import Foundation

/// The classes of the images in one folder, as a text or CSV file beside it lists them.
///
/// A line names an image and its class, with a space, tab or comma between them (`ILSVRC2012_val_00000001.JPEG n01751748`;
/// the image's ending may be missing, and what follows the class is passed over, as the boxes in LOC_val_solution.csv). Or
/// it is a class alone, for the images in the order of their names. A class is known by a line of the list of classes,
/// or by that line's first word; a line that is a number alone counts in that list from 1, as in
/// ILSVRC2012_validation_ground_truth.txt. Without a list, the classes are what the file names, sorted by their bytes.
struct LabelFile {
  /// One label.
  struct Entry {
    /// The image as the line names it; nil: the line names none.
    let name: String?
    /// The image that it means; nil where it is not there, or none is named.
    let image: FolderTree.File?
    /// What was undone to find it.
    let undone: [Repair.Kind]
    let label: String
    let line: Int
  }

  let path: String
  private(set) var entries: [Entry] = []
  private static let separators = CharacterSet(charactersIn: ",;").union(.whitespaces)

  /// Reads the file; by `images` a line's first word is known as the name of one.
  init(_ path: String, _ images: ImageNames) throws {
    self.path = path
    for entry in try ListFile(path, of: "an image and its class").entries {
      let line = entry.text
      if entries.isEmpty && line.hasPrefix("ImageId,") { continue }
      let word = String(line.prefix { !Self.isSeparator($0) })
      let (image, undone) = Self.image(word, images)
      let isNamed = entries.first.map { $0.name != nil } ?? (image != nil)
      let rest = line.dropFirst(word.count).trimmingCharacters(in: Self.separators)
      entries.append(
        Entry(
          name: isNamed ? word : nil, image: isNamed ? image : nil, undone: isNamed ? undone : [],
          label: isNamed ? rest : line, line: entry.line))
    }
    guard !entries.isEmpty else {
      throw DataError(
        place: path, problem: "has no labels in it", cure: "write an image and its class on a line")
    }
    guard entries[0].name != nil || entries.count == images.count else {
      throw DataError(
        place: path,
        problem: "has \(entries.count) labels, and the folder \(images.count) images",
        cure: "give a label for every image, or name the image on every line")
    }
  }

  /// The image of a word. Lists usually name images without their endings, so that is nothing undone.
  private static func image(
    _ word: String, _ images: ImageNames
  ) -> (FolderTree.File?, [Repair.Kind]) {
    guard case .found(let image, let undone) = images.find(word) else { return (nil, []) }
    return (image, ImageNames.stem(word) == word ? undone.filter { $0 != .nameEnding } : undone)
  }

  private static func isSeparator(_ character: Character) -> Bool {
    character == "," || character == ";" || character.isWhitespace
  }

  /// Where an entry stands.
  func place(_ entry: Entry) -> String { "\(path):\(entry.line)" }

  /// The file's classes, sorted.
  var classes: [String] {
    Set(entries.map { Self.firstWord($0.label) }).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
  }

  static func firstWord(_ text: String) -> String { String(text.prefix { !isSeparator($0) }) }
}

/// The numbers of classes by what labels call them.
struct ClassNames {
  private let lines: [String]
  private let numberOf: [String: Int]

  init(_ lines: [String]) {
    self.lines = lines
    let words = lines.enumerated().map { (LabelFile.firstWord($1), $0) }
    let wholes = lines.enumerated().map { ($1, $0) }
    // A word that begins several lines names none of them.
    let unique = Dictionary(grouping: words) { $0.0 }.filter { $1.count == 1 }.compactMapValues {
      $0.first?.1
    }
    numberOf = unique.merging(wholes) { _, whole in whole }
  }

  /// The class of an entry; one that is not in the list is an error.
  func number(of entry: LabelFile.Entry, in file: LabelFile) throws -> Int {
    if let number = numberOf[entry.label] ?? numberOf[LabelFile.firstWord(entry.label)] {
      return number
    }
    if entry.name == nil, let number = Int(entry.label), lines.indices.contains(number - 1) {
      return number - 1
    }
    let hint = Spelling.hint(for: entry.label, among: Array(numberOf.keys).sorted())
    throw DataError(
      place: file.place(entry),
      problem: "\"\(entry.label.prefix(60))\" is none of the \(lines.count) classes\(hint)",
      cure: entry.name != nil && Int(entry.label) != nil
        ? "write the class's name: a number beside an image may count from 0 or 1"
        : "add it to \"classes\", or correct the label", kind: .unknownClass)
  }
}
