import DetBasics
import Foundation

/// The file of an inventory: a head, then a line for each set and each image, fields set apart by tabs.
extension DataInventory {
  private static let head = "smnas data 1"

  /// Writes the file.
  public func write(to path: String) throws {
    var lines = [Self.head]
    for (name, set) in [("train", train), ("validation", validation)] {
      lines.append("\(name)\t\(StableHash.hex(set.classes))")
      for (image, facts) in set.images.sorted(by: { $0.key < $1.key }) {
        let digests = "\(StableHash.hex(facts.labels))\t\(StableHash.hex(facts.content))"
        lines.append("\(digests)\t\(facts.bytes)\t\(facts.changed)\t\(Self.escaped(image))")
      }
    }
    try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: path)
  }

  /// Reads a file; nil when there is none, or it is none of these: what was known is then found out anew.
  public init?(file path: String) {
    guard let text = try? Files.text(path), text.hasSuffix("\n") else { return nil }
    let lines = text.split(separator: "\n")
    guard lines.first == Self.head[...] else { return nil }
    var sets: [Contents] = []
    for line in lines.dropFirst() {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      if fields.count == 2, ["train", "validation"].firstIndex(of: fields[0]) == sets.count,
        let classes = UInt64(fields[1], radix: 16)
      {
        sets.append(Contents(classes: classes, images: [:]))
      } else if fields.count == 5, !sets.isEmpty, let labels = UInt64(fields[0], radix: 16),
        let content = UInt64(fields[1], radix: 16), let bytes = Int(fields[2]),
        let changed = Int(fields[3])
      {
        sets[sets.count - 1].images[Self.unescaped(fields[4])] = Image(
          labels: labels, content: content, bytes: bytes, changed: changed)
      } else {
        return nil
      }
    }
    guard sets.count == 2 else { return nil }
    self.init(train: sets[0], validation: sets[1])
  }

  private static let escapes: [(Character, Character)] = [("\\", "\\"), ("\t", "t"), ("\n", "n")]

  private static func escaped(_ name: String) -> String {
    name.map { letter in
      escapes.first { $0.0 == letter }.map { "\\\($0.1)" } ?? String(letter)
    }.joined()
  }

  private static func unescaped(_ text: Substring) -> String {
    var isEscape = false
    return String(
      text.compactMap { letter -> Character? in
        if isEscape {
          isEscape = false
          return escapes.first { $0.1 == letter }?.0 ?? letter
        }
        isEscape = letter == "\\"
        return isEscape ? nil : letter
      })
  }
}
