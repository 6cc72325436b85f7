import DetBasics
import DetSearch
import Foundation
import Testing

@testable import DetServe

struct SiteTests {
  private let search: SmallSearch
  private let site: SmallSite

  init() throws {
    search = try SmallSearch()
    try search.end(search.begin())
    try search.draw(1)
    site = SmallSite(search.path)
  }

  @Test func thePageShowsTheRun() {
    let page = site.ask("/run/1/")
    #expect(page.text.contains("<tr id=\"trial-1\""))
    #expect(page.header("Content-Type") == "text/html; charset=utf-8")
    #expect(page.header("Cache-Control") == "no-store")
    #expect(page.header("Content-Security-Policy")?.contains("script-src 'self';") == true)
    #expect(site.ask("/").header("Location") == "/run/1/")
  }

  /// No part of an address is ever a path: whatever is not a known address is nothing.
  @Test(arguments: [
    "/run/1/../../etc/passwd", "/run/1/%2e%2e/%2e%2e/etc/passwd", "/run/1/pictures/1/0/..",
    "/run/1/pictures/../../plan.json",
    "/run/1/pictures/1/0/%2e%2e%2fplan.json", "/run/1/pictures/1/0", "/run/1/pictures/1/0/x/y",
    "//run/1/", "/run//1/", "/run/01/",
    "/run/1//", "/run/2/", "/run/0/", "/run/-1/", "/run/+1/", "/run/99999999999999999999/",
    "/run/1/plan.json", "/run/1/study.sqlite",
    "/report.html", "/run/1/report.html", "/run/١/", "/.", "/..", "/run/1/events/", "/events",
  ])
  func addressesThatAreNoneLeadNowhere(address: String) {
    let answer = site.ask(address)
    #expect([400, 404].contains(answer.status))
    #expect(!answer.text.contains("sqlite") && !answer.text.contains("root:"))
  }

  @Test(arguments: [
    "", "run/1/", "http://127.0.0.1:80/run/1/", "*", "/run/1/%", "/run/1/%0", "/run/1/%zz",
    "/run/1/%00", "/run/1/%0a", "/%ff",
    "/?%ff", "/run/1/?a=%00", "/" + String(repeating: "a", count: 5000),
  ])
  func whatIsNoAddressIsRefused(target: String) {
    #expect(site.ask(target).status == 400)
  }

  @Test func aPictureIsAskedForByTheAddressInThePage() throws {
    let page = site.ask("/run/1/").text
    let range = try #require(page.range(of: "pictures/1/0/[0-9-]+", options: .regularExpression))
    let picture = site.ask("/run/1/\(page[range])")
    #expect(picture.status == 200 && picture.data == SmallSearch.pixel)
    #expect(picture.header("Content-Type") == "image/png")
    #expect(picture.header("X-Content-Type-Options") == "nosniff")
    #expect(site.ask("/run/1/pictures/1/0/0-0-0").status == 404)
  }

  @Test func aContentIsSentWholeInPartCompressedOrNotAtAll() throws {
    let whole = site.ask("/plotly.js")
    let total = whole.data.count
    #expect(whole.status == 200 && total == 2400 && whole.header("Content-Encoding") == nil)
    let tag = try #require(whole.header("ETag"))
    let part = site.ask("/plotly.js", headers: ["Range": "bytes=3-8", "Accept-Encoding": "gzip"])
    #expect(
      part.status == 206 && part.text == "plotly"
        && part.header("Content-Range") == "bytes 3-8/2400")
    #expect(part.header("Content-Encoding") == nil)
    #expect(site.ask("/plotly.js", headers: ["Range": "bytes=2400-"]).status == 416)
    #expect(
      site.ask("/plotly.js", headers: ["Range": "bytes=3-8", "If-Range": "\"other\""]).status == 200
    )
    #expect(site.ask("/plotly.js", headers: ["Range": "bytes=3-8", "If-Range": tag]).status == 206)
    let zipped = site.ask("/plotly.js", headers: ["Accept-Encoding": "br, gzip;q=0.5"])
    #expect(zipped.header("Content-Encoding") == "gzip" && zipped.data.count < total / 10)
    #expect(try gunzipped(zipped.data) == whole.data)
    for none in ["gzip;q=0", "br", "identity", "gzipp"] {
      #expect(
        site.ask("/plotly.js", headers: ["Accept-Encoding": none]).header("Content-Encoding") == nil
      )
    }
    for known in [tag, "\"x\", W/\(tag)", "*"] {
      let unchanged = site.ask("/plotly.js", headers: ["If-None-Match": known])
      #expect(unchanged.status == 304 && unchanged.data.isEmpty)
    }
  }

  /// Unpacks with the system's own program.
  private func gunzipped(_ data: Data) throws -> Data {
    let file = search.around + "/packed.gz"
    try AtomicFile.write(data, to: file)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "gzip -dc \"$0\" > \"$0.plain\"", file]
    try process.run()
    process.waitUntilExit()
    return try Files.bytes(file + ".plain")
  }

  @Test func severalRunsHaveAPageOfTheirOwn() throws {
    let other = try SmallSearch()
    let both = SmallSite(search.path, other.path)
    #expect(both.ask("/").text.contains("<h1>2 runs</h1>"))
    #expect(both.ask("/run/2/").status == 200 && both.ask("/run/3/").status == 404)
    #expect(both.ask("/events?since=").watcher != nil)
  }
}
