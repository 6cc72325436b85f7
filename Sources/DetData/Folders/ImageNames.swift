import DetBasics
import Foundation

/// The images of a folder by the names that annotations give them.
///
/// Names are compared in one Unicode form. Where the name as written is not there, what tools change on the way is
/// undone where that leaves one image: backslashes, folders of another machine, the ending, case. Nothing but images of
/// the folder is ever found, whatever the name says.
struct ImageNames {
  /// What came of a name.
  enum Match {
    /// An image, and what was undone to find it.
    case found(FolderTree.File, [Repair.Kind])
    /// Several images that the name may mean.
    case several([FolderTree.File])
    /// None; whether the name leads out of the folder.
    case none(leadsOut: Bool)
  }

  private let files: [FolderTree.File]
  private var byName: [String: [Int]] = [:]
  /// By the last part without its ending, in lower case: every way to find a file leads through it.
  private var byStem: [String: [Int]] = [:]

  init(_ files: [FolderTree.File]) {
    self.files = files
    for (index, file) in files.enumerated() {
      byName[file.name, default: []].append(index)
      byStem[Self.stem(Self.lastPart(file.name)).lowercased(), default: []].append(index)
    }
  }

  /// How many images there are.
  var count: Int { files.count }

  /// The image that `stated` means.
  func find(_ stated: String) -> Match {
    if let exact = best(byName[stated] ?? [], stated, []) { return exact }
    let isWindows = stated.contains("\\")
    let name = isWindows ? stated.replacingOccurrences(of: "\\", with: "/") : stated
    let undone: [Repair.Kind] = isWindows ? [.nameSeparators] : []
    var parts = name.split(separator: "/").map(String.init).filter { $0 != "." }
    let isForeign = Self.leadsOut(name)
    if let last = parts.lastIndex(of: "..") { parts.removeFirst(last + 1) }
    guard !parts.isEmpty, !name.contains("\0") else { return .none(leadsOut: isForeign) }
    for start in parts.indices {
      let tail = parts[start...].joined(separator: "/")
      let kinds = undone + (isForeign || start > 0 ? [.nameFolder] : [])
      if let match = findTail(tail, kinds) { return match }
    }
    // Below any folder, by the last part alone.
    let last = parts[parts.count - 1]
    let candidates = byStem[Self.stem(last).lowercased()] ?? []
    let kinds = undone + [.nameFolder]
    for rule in Self.rules {
      let fitting = candidates.filter { rule.fits(Self.lastPart(files[$0].name), last) }
      if let match = best(fitting, last, kinds + rule.kinds) { return match }
    }
    return .none(leadsOut: isForeign)
  }

  private func findTail(_ tail: String, _ kinds: [Repair.Kind]) -> Match? {
    if let match = best(byName[tail] ?? [], tail, kinds) { return match }
    let candidates = byStem[Self.stem(Self.lastPart(tail)).lowercased()] ?? []
    for rule in Self.rules {
      let fitting = candidates.filter { rule.fits(files[$0].name, tail) }
      if let match = best(fitting, tail, kinds + rule.kinds) { return match }
    }
    return nil
  }

  /// From the nearest likeness to the farthest.
  private static let rules: [(kinds: [Repair.Kind], fits: @Sendable (String, String) -> Bool)] = [
    ([], { $0 == $1 }),
    ([.nameForm], { $0.lowercased() == $1.lowercased() }),
    ([.nameEnding], { stem($0) == stem($1) }),
    ([.nameEnding, .nameForm], { stem($0).lowercased() == stem($1).lowercased() }),
  ]

  /// The one that is spelt as written to the byte, or the only one; nil: there is none.
  private func best(_ indices: [Int], _ written: String, _ kinds: [Repair.Kind]) -> Match? {
    guard let first = indices.first else { return nil }
    func isSame(_ index: Int) -> Bool { files[index].name.utf8.elementsEqual(written.utf8) }
    if let same = indices.first(where: isSame) { return .found(files[same], kinds) }
    guard indices.count == 1 else { return .several(indices.map { files[$0] }) }
    // Equal as text, but not to the byte: another Unicode form.
    let isOtherForm = files[first].name == written && !kinds.contains(.nameForm)
    return .found(files[first], kinds + (isOtherForm ? [.nameForm] : []))
  }

  /// Whether a name is absolute, goes up, or begins with a drive.
  static func leadsOut(_ name: String) -> Bool {
    let name = name.replacingOccurrences(of: "\\", with: "/")
    let drive = Array(name.utf8.prefix(2))
    let hasDrive =
      drive.count == 2 && drive[1] == UInt8(ascii: ":")
      && (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(drive[0] & 0xDF)
    return name.hasPrefix("/") || hasDrive || name.contains("://")
      || name.split(separator: "/").contains("..")
  }

  static func lastPart(_ name: String) -> String {
    name.lastIndex(of: "/").map { String(name[name.index(after: $0)...]) } ?? name
  }

  /// Whether a name ends as a picture's does.
  static func isPicture(_ name: String) -> Bool {
    let ending = FolderTree.ending(name)
    return ImageFile.endings.contains(ending) || FolderTree.otherPictureEndings.contains(ending)
  }

  /// The name without the ending of a picture; other dots belong to it.
  static func stem(_ name: String) -> String {
    isPicture(name) ? String(name.dropLast(FolderTree.ending(name).count + 1)) : name
  }
}
