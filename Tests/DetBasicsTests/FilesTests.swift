import Foundation
import TestSupport
import Testing

@testable import DetBasics

struct FilesTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test func anAtomicWriteReplacesTheWholeFileAndLeavesNothingElse() throws {
    let path = folder.file("front.json")
    try AtomicFile.write("a longer first text", to: path)
    try AtomicFile.write("second", to: path)
    #expect(try Files.text(path) == "second")
    #expect(try folder.names() == ["front.json"])
  }

  @Test func aFailedWriteKeepsTheOldContentAndNamesTheCure() throws {
    try Files.makeFolder(folder.file("taken/by/a/folder"))
    let error = #expect(throws: FileError.self) {
      try AtomicFile.write("x", to: folder.file("taken"))
    }
    #expect(error?.problem.hasPrefix("cannot replace the file: ") == true)
    #expect(try folder.names() == ["taken"])
    let missing = #expect(throws: FileError.self) {
      try AtomicFile.write("x", to: folder.file("no/such/folder/file"))
    }
    #expect(missing?.description.hasSuffix("No such file or directory; check the path") == true)
  }

  @Test func aFullDiskIsSaidToBeFull() {
    let descriptor = open("/dev/full", O_WRONLY)
    defer { close(descriptor) }
    let error = #expect(throws: FileError.self) {
      try AtomicFile.writeAll(Data("x".utf8), to: descriptor, path: "front.json")
    }
    #expect(
      error?.description
        == "front.json: cannot write the file: No space left on device; free some space; what was finished is kept"
    )
  }

  @Test func foldersAndForeignEncodingsAreRefusedWithACure() throws {
    let isFolder = #expect(throws: FileError.self) { try Files.bytes(folder.path) }
    #expect(isFolder?.problem == "is a folder, not a file")
    let path = folder.file("latin")
    try AtomicFile.write(Data([0xE4]), to: path)
    let notUTF8 = #expect(throws: FileError.self) { try Files.text(path) }
    #expect(notUTF8?.cure == "save it as UTF-8")
    try AtomicFile.write(Data(), to: path)
    #expect(try Files.text(path) == "")
  }

  @Test func aFileInTheWayOfAFolderIsAnError() throws {
    try AtomicFile.write("x", to: folder.file("file"))
    let error = #expect(throws: FileError.self) {
      try Files.makeFolder(folder.file("file/below"))
    }
    #expect(error?.problem == "cannot make the folder: Not a directory")
    let same = #expect(throws: FileError.self) { try Files.makeFolder(folder.file("file")) }
    #expect(same?.problem == "is a file, not a folder")
    try Files.makeFolder(folder.file("a/b/"))
    try Files.makeFolder(folder.file("a/b"))
    #expect(try folder.names() == ["a", "file"])
  }

  @Test func linesAreAppendedAndReadBack() throws {
    let path = folder.file("events.jsonl")
    do {
      let writer = try JSONLinesWriter(appendingTo: path)
      try writer.append(["b": 1, "a": 2])
      try writer.append(["c": 3])
    }
    let content = JSONLinesContent(try Files.bytes(path))
    #expect(content.lines.map(\.text) == [#"{"a":2,"b":1}"#, #"{"c":3}"#])
    #expect(content.lines.map(\.number) == [1, 2])
    #expect(!content.endsTorn)
  }

  @Test func aTornLastLineIsReportedAndEndedByTheNextWriter() throws {
    let path = folder.file("events.jsonl")
    try AtomicFile.write("{\"a\":1}\n{\"b\":", to: path)
    let torn = JSONLinesContent(try Files.bytes(path))
    #expect(torn.endsTorn)
    #expect(torn.lines.map(\.text) == [#"{"a":1}"#])
    try JSONLinesWriter(appendingTo: path).append(["c": 3])
    let content = JSONLinesContent(try Files.bytes(path))
    #expect(content.lines.map(\.text) == [#"{"a":1}"#, #"{"b":"#, #"{"c":3}"#])
    #expect(!content.endsTorn)
  }

  @Test func aFileCutAtAnyByteKeepsEveryWholeLine() throws {
    let whole = Data("{\"a\":1}\n\n{\"b\":\"ä\"}\n".utf8)
    for count in 0...whole.count {
      let content = JSONLinesContent(whole.prefix(count))
      let newlines = whole.prefix(count).split(separator: 10, omittingEmptySubsequences: false)
      #expect(content.lines.count == newlines.dropLast().count { !$0.isEmpty })
      #expect(content.endsTorn == (count > 0 && whole[count - 1] != 10))
    }
    #expect(JSONLinesContent(whole).lines.map(\.number) == [1, 3])
  }
}
