import DetBasics
import Testing

struct FilePathTests {
  @Test(arguments: [
    ("a/b", "a/b"), ("./a//b/", "a/b"), ("a/../b", "b"), ("../a", "../a"), ("a/../../b", "../b"),
    (".", "."), ("", "."), ("a/..", "."), ("/", "/"), ("/../a", "/a"), ("/a/./b/../c/", "/a/c"),
  ])
  func aPathIsShortened(_ path: String, _ normal: String) {
    #expect(FilePath.normal(path) == normal)
  }

  @Test func aRelativePathIsTakenFromAFolderAndAnotherIsNot() {
    #expect(FilePath.joined("x/y", "../a.json") == "x/a.json")
    #expect(FilePath.joined("", "./a.json") == "a.json")
    #expect(FilePath.joined("x", "/data/./a.json") == "/data/a.json")
    #expect(FilePath.joined("/p/run", "../ann.json") == "/p/ann.json")
  }

  @Test(arguments: [
    ("/p/ann.json", "/p/run", "../ann.json"), ("/p", "/p/run", ".."), ("/p/run", "/p/run", "."),
    ("/p/run/x", "/p/run", "x"), ("/a/b", "/c", "../a/b"), ("/", "/a/b", "../.."),
    ("/ab", "/a", "../ab"),
  ])
  func aPathLeadsFromAFolderToTheSameFile(_ path: String, _ folder: String, _ found: String) {
    #expect(FilePath.relative(path, from: folder) == found)
    #expect(FilePath.joined(folder, found) == path)
  }
}
