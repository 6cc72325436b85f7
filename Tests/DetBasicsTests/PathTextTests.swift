import DetBasics
import Testing

struct PathTextTests {
  @Test(arguments: [
    ("a/b", "a/b"), ("./a//b/", "a/b"), ("a/../b", "b"), ("../a", "../a"), ("a/../../b", "../b"),
    (".", "."), ("", "."), ("a/..", "."), ("/", "/"), ("/../a", "/a"), ("/a/./b/../c/", "/a/c"),
  ])
  func aPathIsShortened(_ path: String, _ normal: String) {
    #expect(PathText.normal(path) == normal)
  }

  @Test func aRelativePathIsTakenFromAFolderAndAnotherIsNot() {
    #expect(PathText.joined("x/y", "../a.json") == "x/a.json")
    #expect(PathText.joined("", "./a.json") == "a.json")
    #expect(PathText.joined("x", "/data/./a.json") == "/data/a.json")
    #expect(PathText.joined("/p/run", "../ann.json") == "/p/ann.json")
  }

  @Test(arguments: [
    ("/p/ann.json", "/p/run", "../ann.json"), ("/p", "/p/run", ".."), ("/p/run", "/p/run", "."),
    ("/p/run/x", "/p/run", "x"), ("/a/b", "/c", "../a/b"), ("/", "/a/b", "../.."),
    ("/ab", "/a", "../ab"),
  ])
  func aPathLeadsFromAFolderToTheSameFile(_ path: String, _ folder: String, _ found: String) {
    #expect(PathText.relative(path, from: folder) == found)
    #expect(PathText.joined(folder, found) == path)
  }
}
