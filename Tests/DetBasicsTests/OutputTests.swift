import Foundation
import TestSupport
import Testing

@testable import DetBasics

/// What verbs write stands beside what was there, never over it.
struct OutputTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: ["file", "folder", "link", "pipe"])
  func whatHasTheNameStaysAndIsNamed(kind: String) throws {
    let path = folder.file("taken")
    switch kind {
    case "file": try folder.write("taken", "mine")
    case "folder": try folder.makeFolder("taken")
    case "link":
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "nowhere")
    default: mkfifo(path, 0o644)
    }
    let before = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    let file = NewFile(path, option: "--html")
    for attempt in [{ try file.check() }, { try file.write("x") }] {
      let error = #expect(throws: FileError.self) { try attempt() }
      #expect(error?.path == path && error?.cure.contains("--html") == true)
    }
    #expect(throws: FileError.self) {
      try AtomicFile.write(Data("x".utf8), to: path, replaces: false)
    }
    let after = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    #expect(before == after)
    #expect(try folder.names() == ["taken"])
    if kind == "file" { #expect(try Files.text(path) == "mine") }
  }

  @Test func aNewFileIsWrittenOnce() throws {
    let file = NewFile(folder.file("new"), option: "--output")
    try file.write("first")
    #expect(
      thrown { try file.write("second") }.contains("is there already, and is not overwritten"))
    #expect(try Files.text(file.path) == "first")
    #expect(
      thrown { try NewFile(folder.file("no/new"), option: "--output").check() }
        .contains("there is no folder"))
    #expect(
      thrown { try NewFile(folder.file("x/"), option: "--output").check() }
        .contains("names a folder"))
  }

  @Test func aFolderIsTakenByOneAtATimeAndGoesWhenNothingCameOfIt() throws {
    let path = folder.file("a/b")
    do {
      let first = try OutputFolder(path)
      let error = #expect(throws: FileError.self) { try OutputFolder(path + "/") }
      #expect(error?.problem == "is being written into by another process")
      #expect(first.file("x") == path + "/x" && !first.holds("x"))
    }
    #expect(!FileManager.default.fileExists(atPath: path))
    do {
      let second = try OutputFolder(path)
      try AtomicFile.write("x", to: second.file("x"))
      #expect(second.holds("x"))
    }
    #expect(try Files.text(path + "/x") == "x")
    try folder.makeFolder("theirs")
    do { _ = try OutputFolder(folder.file("theirs")) }
    #expect(FileManager.default.fileExists(atPath: folder.file("theirs")))
  }

  @Test func namesOfOneCallNeverFallOnOneAnotherOrOnWhatIsThere() throws {
    try folder.write("drawn/B.PNG", "mine")
    var names = try FreeNames(in: folder.file("drawn"))
    let sources = [
      "east/0001.png", "west/0001.png", "0001.jpg", "east/0001.png", "West/0001.png", "b.png",
      "x/caf\u{E9}.png", "y/cafe\u{301}.png", "z/a\nb.png", "z/a\tb.png", ".hidden.png", "..", "/",
      String(repeating: "ü", count: 300) + ".png", String(repeating: "ü", count: 301) + ".png",
    ]
    let given = sources.map { names.next(for: $0, ending: "png") }
    #expect(
      Array(given.prefix(6)) == [
        "0001.png", "west-0001.png", "0001-2.png", "east-0001.png", "0001-3.png", "b-2.png",
      ])
    #expect(Set((given + ["B.PNG"]).map { $0.lowercased() }).count == given.count + 1)
    #expect(given.allSatisfy { $0.utf8.count < 250 && !$0.contains("\n") && !$0.contains("/") })
  }

  @Test func pathsAreTakenApartWhateverTheyLookLike() {
    let folders = [
      "a": ".", ".": "./..", "./": "./..", "..": "../..", "/": "/", "/a": "/", "a/b": "a",
      "a/": ".",
      "a//b/": "a", "./a": ".", "": ".", "//": "/", "é/ü": "é",
    ]
    for (path, folder) in folders { #expect(FilePath.folder(of: path) == folder, "\(path)") }
    let names = ["a": "a", "a/b.c": "b.c", "a/": "a", "/": "", "": "", ".": "."]
    for (path, name) in names { #expect(FilePath.name(of: path) == name, "\(path)") }
    let stems = ["a.b/c.d.e": "c.d", ".x": ".x", "x": "x", "x.": "x", "/": ""]
    for (path, stem) in stems { #expect(FilePath.stem(of: path) == stem, "\(path)") }
    #expect(FilePath.join(".", "x") == "x" && FilePath.join("/", "x") == "/x")
    #expect(FilePath.absolute("/a/./b//../c/") == "/a/c" && FilePath.absolute("/../..") == "/")
    #expect(FilePath.absolute("images").hasSuffix("/images"))
  }

  /// The function of Foundation that ends the program on `.` is used nowhere.
  @Test func noPathIsTakenApartByNSString() throws {
    let sources = Checkout.folder("Sources")
    let files = FileManager.default.enumerator(atPath: sources)?.compactMap { $0 as? String } ?? []
    #expect(files.count > 100)
    for file in files where file.hasSuffix(".swift") && !file.hasSuffix("/FilePath.swift") {
      let text = try Files.text("\(sources)/\(file)")
      let isUsed = text.contains("NSString).deletingLastPathComponent")
      #expect(!isUsed, "\(file) takes a path apart by NSString; use FilePath")
    }
  }

  @Test func whatIsNoFileIsNotReadForEver() throws {
    mkfifo(folder.file("pipe"), 0o644)
    for path in [folder.file("pipe"), "/dev/zero", "/dev/null"] {
      #expect(thrown { try Files.bytes(path) }.contains("is a pipe or a device, not a file"))
    }
  }

  @Test func aMessageStaysOneLine() {
    #expect("a\nb\t\u{2028}c".oneLine == "a\\nb\\t\\u{2028}c")
    #expect("naïve 🦊 \"x\"".oneLine == "naïve 🦊 \"x\"")
    #expect(String(repeating: "x", count: 5000).oneLine.count == 401)
  }

  @Test func differencesNameTheirPlace() throws {
    let old = try JSON.decode(
      JSONValue.self, from: #"{"a": {"b": 1, "c": [2]}, "d": 3}"#, source: "t")
    let new = try JSON.decode(
      JSONValue.self, from: #"{"a": {"b": 4, "c": [2]}, "e": 3}"#, source: "t")
    #expect(
      old.differences(from: new) == ["a.b: 1 → 4", "d: 3 → nothing", "e: nothing → 3"])
    #expect(old.differences(from: new, free: ["a.b", "e"]) == ["d: 3 → nothing"])
  }
}
