import DetBasics
import DetSearch
import DetSpec
import Foundation
import Testing

@testable import DetServe

struct LivePageTests {
  private let search: SmallSearch

  init() throws {
    search = try SmallSearch()
    try search.end(search.begin())
  }

  private func version(_ site: SmallSite) throws -> String {
    let page = site.ask("/run/1/").text
    let found = try #require(page.firstMatch(of: /data-version="([^"]+)"/))
    return String(found.1)
  }

  /// The changes in a stream's text.
  private func changes(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").filter { $0.hasPrefix("data: {") }.map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.dropFirst(6).utf8))
      return try #require(object as? [String: Any])
    }
  }

  @Test func whatIsNewIsSentAndNothingElse() throws {
    let site = SmallSite(search.path)
    let watcher = try #require(site.ask("/run/1/events?since=\(version(site))").watcher)
    #expect(watcher.text == "retry: 1000\n\n")
    try search.end(search.begin())
    site.clock.pass(2)
    site.site.look()
    let change = try #require(try changes(watcher.text).first)
    let parts = try #require(change["parts"] as? [[String: Any]])
    let trials = try #require(parts.first { $0["id"] as? String == "trials" })
    #expect(
      (trials["rows"] as? [[String]])?.map(\.first) == ["trial-1", "trial-2"]
        || (trials["rows"] as? [[String]])?.map(\.first) == ["trial-2"])
    #expect(trials["html"] == nil)
    #expect((change["trials"] as? [Any])?.count == 1)
    let grown = try #require((change["grown"] as? [[String: Any]])?.first)
    #expect((grown["trials"] as? [String: Any])?["from"] as? Int == 1)
    #expect(parts.allSatisfy { $0["id"] as? String != "keys" })
    site.clock.pass(2)
    site.site.look()
    #expect(watcher.text.isEmpty, "nothing has changed since")
  }

  /// An export writes nothing to the store.
  @Test func whatIsExportedAfterTheSearchIsShown() throws {
    let site = SmallSite(search.path)
    let watcher = try #require(site.ask("/run/1/events?since=\(version(site))").watcher)
    let file = search.around + "/detector.onnx"
    try AtomicFile.write("a detector", to: file)
    let trial = TrialFolder(trial: 1, in: search.path + "/trials")
    try Files.makeFolder(trial.path)
    try JSONLinesWriter(appendingTo: trial.exports).append(
      ExportRecord(
        file: file, format: "onnx", precision: "float32", suppression: true, batch: 1, width: 96,
        height: 64, bytes: 10, images: 5, AP: 0.25, verified: []))
    site.clock.pass(2)
    site.site.look()
    let change = try #require(try changes(watcher.text).first)
    let parts = try #require(change["parts"] as? [[String: Any]])
    let shown = try #require(parts.first { $0["id"] as? String == "exports" })
    #expect((shown["html"] as? String)?.contains("detector.onnx</code>") == true)
  }

  @Test func whoWasAwayGetsTheChangesInBetween() throws {
    let site = SmallSite(search.path)
    let before = try version(site)
    let first = try #require(site.ask("/run/1/events?since=\(before)").watcher)
    for _ in 0..<3 {
      try search.end(search.begin())
      site.clock.pass(5)
      site.site.look()
    }
    let late = try #require(site.ask("/run/1/events", headers: ["Last-Event-ID": before]).watcher)
    #expect(try changes(late.text).count == 3)
    #expect(try changes(first.text).count == 3)
    for unknown in ["", "other-1", "\(before)0"] {
      let stranger = try #require(site.ask("/run/1/events?since=\(unknown)").watcher)
      #expect(stranger.text.contains("event: anew\n"))
    }
  }

  @Test func oneThatReadsTooSlowlyIsToldToAskForEverything() throws {
    let page = LivePage(boot: "b", navigation: "", scripts: "")
    try page.show(Shown(title: "0", parts: []))
    let watcher = page.watch(after: "b-1", zipped: false)
    for number in 1...200 { try page.show(Shown(title: "\(number)", parts: [])) }
    let text = watcher.text
    #expect(text.contains("event: anew") && text.utf8.count < 10_000)
  }

  /// Compressed blocks are made once and go to everybody: those who came in the middle must understand them, too.
  @Test func compressedStreamsCanBeReadFromAnyPointOn() throws {
    let page = LivePage(boot: "b", navigation: "", scripts: "")
    try page.show(Shown(title: "0", parts: []))
    let (early, plain) = (
      page.watch(after: "b-1", zipped: true), page.watch(after: "b-1", zipped: false)
    )
    for number in 1...3 {
      try page.show(Shown(title: String(repeating: "t\(number)", count: 50), parts: []))
    }
    let late = page.watch(after: "b-3", zipped: true)
    try page.show(Shown(title: "last", parts: []))
    let whole = plain.text
    let first = try inflated(early.waiting)
    #expect(first == whole)
    let second = try inflated(late.waiting)
    #expect(second.hasPrefix("retry: 1000\n\nid: b-4\n") && whole.hasSuffix(second.dropFirst(13)))
  }

  /// Unpacks what never ends, as a browser does.
  private func inflated(_ data: Data) throws -> String {
    let file = search.around + "/stream.gz"
    try AtomicFile.write(data, to: file)
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "gzip -dc \"$0\" 2>/dev/null", file]
    process.standardOutput = pipe
    try process.run()
    let text = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: text, as: UTF8.self)
  }

  /// Whoever many watch, a run is looked at once a second.
  @Test func aHundredWatchersCostOneReading() throws {
    let site = SmallSite(search.path)
    let now = try version(site)
    let watchers = (0..<100).compactMap { _ in site.ask("/run/1/events?since=\(now)").watcher }
    try search.end(search.begin())
    for _ in 0..<100 {
      _ = site.ask("/run/1/")
      site.site.look()
    }
    #expect(watchers.allSatisfy { !$0.text.contains("change") }, "no second has passed")
    site.clock.pass(1)
    for _ in 0..<100 { site.site.look() }
    let texts = watchers.map(\.text)
    #expect(Set(texts).count == 1 && texts[0].contains("event: change"))
  }

  @Test func nobodyWatchesWhoHasGone() throws {
    let page = LivePage(boot: "b", navigation: "", scripts: "")
    let watcher = page.watch(after: "", zipped: false)
    #expect(page.isWatched)
    watcher.end()
    #expect(
      !page.isWatched && watcher.read(UnsafeMutableRawBufferPointer(start: nil, count: 0)) == -1)
  }

  @Test func aRunThatGoesAndComesBackIsShownAsSuch() throws {
    let site = SmallSite(search.path)
    let watcher = try #require(site.ask("/run/1/events?since=\(version(site))").watcher)
    try FileManager.default.moveItem(atPath: search.path, toPath: search.path + "-away")
    site.clock.pass(2)
    site.site.look()
    #expect(watcher.text.contains("is not there, or holds no run any more"))
    #expect(site.ask("/run/1/").text.contains("Shown is what was read at"))
    try FileManager.default.moveItem(atPath: search.path + "-away", toPath: search.path)
    site.clock.pass(2)
    site.site.look()
    #expect(!site.ask("/run/1/").text.contains("class=\"notice\" role=\"status\"><p>The run"))
  }

  @Test func aStoreThatCannotBeReadIsShownAsSuch() throws {
    let site = SmallSite(search.path)
    try AtomicFile.write(
      String(repeating: "no store ", count: 2000), to: search.path + "/study.sqlite")
    for ending in ["-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: search.path + "/study.sqlite" + ending)
    }
    site.clock.pass(2)
    let page = site.ask("/run/1/").text
    #expect(page.contains("cannot be read at the moment") && page.contains("trial-1"))
  }

  @Test func namesOfAllKindsStayTexts() throws {
    let hostile = "</script><script>alert('x')</script> \" & <b> ]]> <!-- \u{2028} 木"
    let search = try SmallSearch(name: hostile, folder: "run <b>&\"'?#%41")
    try search.end(search.begin(), .failed(reason: hostile))
    let site = SmallSite(search.path)
    let watcher = try #require(site.ask("/run/1/events?since=\(version(site))").watcher)
    try search.end(search.begin(), .failed(reason: hostile + "\n\nevent: anew\ndata: \r\n"))
    site.clock.pass(2)
    site.site.look()
    let page = site.ask("/run/1/").text
    #expect(!page.contains("<script>alert") && !page.contains("<b>&\"'"))
    let text = watcher.text
    #expect(!text.contains("<script>alert"))
    #expect(!text.split(separator: "\n").contains { $0.hasPrefix("event: anew") })
    #expect(try changes(text).count == 1)
  }
}
