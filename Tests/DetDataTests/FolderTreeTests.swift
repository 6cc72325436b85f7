import Foundation
import TestSupport
import Testing

@testable import DetData

/// What readers find in folders, and by which names.
@Suite struct FolderTreeTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func tree(labels: Set<String> = ["txt"]) throws -> FolderTree {
    try FolderTree(folder.path, labels: labels)
  }

  @Test func imagesAreFoundAtAnyDepthAndWithEndingsInAnyCase() throws {
    for name in ["b.JPG", "a.jpeg", "deep/er/c.PNG", "deep/d.Jpg", "deep/d.TXT", "notes.md"] {
      try folder.write(name, "x")
    }
    let found = try tree()
    #expect(found.images.map(\.name) == ["a.jpeg", "b.JPG", "deep/d.Jpg", "deep/er/c.PNG"])
    #expect(found.images[2].path == folder.path + "/deep/d.Jpg")
    #expect(found.labels.map(\.name) == ["deep/d.TXT"])
    #expect(found.others.isEmpty && found.hidden.isEmpty && found.faults.isEmpty)
  }

  @Test func whatSystemsLeaveBehindIsPassedOverAndHiddenImagesAreCounted() throws {
    for name in [
      ".DS_Store", "Thumbs.db", "labels.cache", "__MACOSX/._a.jpg", ".trash/b.png", ".trash/b.txt",
      ".git/config", "._c.jpg", "d.webp", "film.mp4",
    ] { try folder.write(name, "x") }
    let found = try tree()
    #expect(found.images.isEmpty && found.labels.isEmpty)
    #expect(found.otherPictures.map(\.name) == ["d.webp"])
    #expect(found.others.map(\.name) == ["film.mp4"])
    let hidden = found.hidden.map {
      "\(($0.path as NSString).lastPathComponent) \($0.images) \($0.labels)"
    }
    #expect(hidden == ["._c.jpg 1 0", ".trash 1 1", "__MACOSX 1 0"])
  }

  @Test func linksLeadToWhatIsNewAndLoopsEnd() throws {
    let other = try TemporaryFolder()
    try other.write("far.jpg", "x")
    try folder.write("set/a.jpg", "x")
    for (link, target) in [
      ("again", "set"), ("set/loop", folder.path), ("far", other.path), ("a_first", "far"),
      ("gone.jpg", "/nowhere/x.jpg"), ("b.jpg", "set/a.jpg"),
    ] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.file(link), withDestinationPath: target)
    }
    let found = try tree()
    #expect(found.images.map(\.name) == ["b.jpg", "gone.jpg", "set/a.jpg", "a_first/far.jpg"])
    #expect(
      found.repeatedLinks.map { String($0.dropFirst(folder.path.count + 1)) }
        == ["again", "far", "set/loop"])
  }

  @Test func aNameThatIsNoTextIsAFault() throws {
    let bytes: [UInt8] = Array("\(folder.path)/b".utf8) + [0xFF, 0x2E, 0x6A, 0x70, 0x67, 0]
    let descriptor = bytes.withUnsafeBytes {
      open($0.baseAddress!.assumingMemoryBound(to: CChar.self), O_CREAT | O_WRONLY, 0o644)
    }
    try #require(descriptor >= 0)
    close(descriptor)
    let found = try tree()
    #expect(found.images.isEmpty)
    #expect(found.faults.map(\.kind) == [.folderUnreadable])
    #expect(found.faults.map(\.problem) == ["the name is not UTF-8"])
  }

  /// Root may read everything.
  @Test(.enabled(if: geteuid() != 0)) func aFolderWithoutRightsIsAFaultAmongOthers() throws {
    try folder.write("a.jpg", "x")
    try folder.write("closed/b.jpg", "x")
    #expect(chmod(folder.file("closed"), 0) == 0)
    defer { chmod(folder.file("closed"), 0o755) }
    let found = try tree()
    #expect(found.images.map(\.name) == ["a.jpg"])
    #expect(found.faults.map(\.kind) == [.folderUnreadable])
    #expect(found.faults[0].place == folder.file("closed"))
  }

  @Test func aFolderThatIsNoneIsAnError() throws {
    let file = try folder.write("a.txt", "x")
    #expect(thrown { try FolderTree(file) }.contains("is a file, not a folder"))
    #expect(thrown { try FolderTree(folder.file("none")) }.contains("no such folder"))
  }

  // MARK: Names

  /// "found NAME KINDS", "several NAMES" or "none".
  func find(_ stated: String, among names: [String]) -> String {
    let files = names.map { FolderTree.File(path: "/r/" + $0, name: $0) }
    switch ImageNames(files).find(stated) {
    case .found(let file, let kinds):
      return (["found", file.name] + kinds.map(\.rawValue)).joined(separator: " ")
    case .several(let files): return "several \(files.map(\.name).joined(separator: " "))"
    case .none(let leadsOut): return leadsOut ? "none, outside" : "none"
    }
  }

  @Test(arguments: [
    ("a.jpg", "found a.jpg"),
    ("./a.jpg", "found a.jpg"),
    ("a", "found a.jpg nameEnding"),
    ("A.JPG", "found a.jpg nameForm"),
    ("a.png", "found a.jpg nameEnding"),
    ("day2/c.png", "found day2/c.png"),
    ("day2\\c.png", "found day2/c.png nameSeparators"),
    ("C:\\Users\\me\\day2\\c.png", "found day2/c.png nameSeparators nameFolder"),
    ("/home/me/set/a.jpg", "found a.jpg nameFolder"),
    ("../a.jpg", "found a.jpg nameFolder"),
    ("x/../../a.jpg", "found a.jpg nameFolder"),
    ("c.png", "found day2/c.png nameFolder"),
    ("https://host/a.jpg", "found a.jpg nameFolder"),
    ("images/a", "found a.jpg nameFolder nameEnding"),
    ("e.jpg", "several day1/e.jpg day2/e.jpg"),
    ("day1/e.jpg", "found day1/e.jpg"),
    ("two", "several two.jpg two.png"),
    ("two.png", "found two.png"),
    ("v1.0.frame", "found v1.0.frame.jpg nameEnding"),
    ("Ba\u{308}ume.jpg", "found B\u{E4}ume.jpg nameForm"),
    ("b\u{E4}ume.JPG", "found B\u{E4}ume.jpg nameForm"),
    ("none.jpg", "none"), ("/etc/passwd", "none, outside"), ("../../secret.png", "none, outside"),
    ("C:secret", "none, outside"), ("", "none"), ("..", "none, outside"), ("a.jpg\0", "none"),
  ])
  func namesAreFoundThoughToolsChangedThem(stated: String, answer: String) {
    let names = [
      "a.jpg", "day2/c.png", "day1/e.jpg", "day2/e.jpg", "two.jpg", "two.png", "v1.0.frame.jpg",
      "B\u{E4}ume.jpg",
    ]
    #expect(find(stated, among: names) == answer)
  }

  @Test func theNameToTheByteGoesBeforeOneThatLooksAlike() {
    let names = ["e\u{301}.jpg", "\u{E9}.jpg", "x.JPG", "x.jpg"]
    for name in names { #expect(find(name, among: names) == "found \(name)") }
    #expect(find("X.jpg", among: names) == "several x.JPG x.jpg")
  }

  @Test(arguments: ["/", "//.", "/proc", "/dev"])
  func foldersOfTheSystemAreNotLookedThrough(path: String) throws {
    let error = #expect(throws: DataError.self) { try FolderTree(path) }
    #expect(error?.description.contains("and no folder of images; name the folder") == true)
  }

  @Test func aLinkToTheRootIsAFaultAmongOthers() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: "/")
    try folder.write("a.png", "")
    let tree = try FolderTree(folder.path)
    #expect(tree.images.map(\.name) == ["a.png"])
    #expect(tree.faults.map(\.place) == [folder.file("link")])
  }
}
