import DetBasics
import DetExecution
import Foundation
import Testing

@testable import DetServe

/// The real server, asked by curl, a client of others' making.
@Suite(.serialized) struct ServingTests {
  private let search: SmallSearch
  private let settings: Serving.Settings

  init() throws {
    search = try SmallSearch()
    try search.end(search.begin())
    var settings = Serving.Settings()
    settings.token = SmallSite.token
    self.settings = settings
  }

  private func serving(_ settings: Serving.Settings? = nil) throws -> Serving {
    try Serving(
      [search.path], plotly: String(repeating: "/* plotly */", count: 200),
      settings ?? self.settings)
  }

  /// What curl says: everything on its standard output.
  private func curl(_ serving: Serving, _ path: String, _ words: String..., known: Bool = true)
    throws -> String
  {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let token = known ? ["-H", "Authorization: Bearer \(SmallSite.token)"] : []
    process.arguments =
      ["curl", "-s", "-i", "--path-as-is", "-m", "20"] + token + words + [
        "http://127.0.0.1:\(serving.port)\(path)"
      ]
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  @Test func aPageGoesOverTheWire() throws {
    let serving = try serving()
    defer { serving.stop() }
    #expect(try curl(serving, "/run/1/").contains("<tr id=\"trial-1\""))
    #expect(try curl(serving, "/run/1/", known: false).hasPrefix("HTTP/1.1 401"))
    #expect(try curl(serving, "/run/1/", "-H", "Host: evil.example").hasPrefix("HTTP/1.1 421"))
    #expect(try curl(serving, "/run/1/", "-d", "x=y").hasPrefix("HTTP/1.1 405"))
    #expect(try curl(serving, "/run/1/", "-X", "GET", "-d", "x=y").hasPrefix("HTTP/1.1 400"))
    #expect(try curl(serving, "/../../etc/passwd").hasPrefix("HTTP/1.1 404"))
    let head = try curl(serving, "/plotly.js", "-I")
    #expect(head.hasPrefix("HTTP/1.1 200") && head.contains("Content-Length: 2400"))
    #expect(try curl(serving, "/plotly.js", "-r", "3-8").hasSuffix("\r\n\r\nplotly"))
    #expect(try curl(serving, "/plotly.js", "--compressed").contains("/* plotly *//* plotly */"))
  }

  @Test func changesGoOverTheWire() throws {
    let serving = try serving()
    defer { serving.stop() }
    let stream = Process()
    let pipe = Pipe()
    stream.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    stream.arguments = [
      "curl", "-sN", "--compressed", "-m", "30", "-H", "Authorization: Bearer \(SmallSite.token)",
      "http://127.0.0.1:\(serving.port)/run/1/events?since=none",
    ]
    stream.standardOutput = pipe
    try stream.run()
    var text = ""
    func wait(for words: String) {
      while !text.contains(words) {
        let more = pipe.fileHandleForReading.availableData
        if more.isEmpty { return }
        text += String(decoding: more, as: UTF8.self)
      }
    }
    wait(for: "event: anew")
    try search.end(search.begin())
    wait(for: "trial-2")
    #expect(text.contains("event: change"))
    // A server that ends lets no connection hang.
    serving.stop()
    stream.waitUntilExit()
    #expect(stream.terminationStatus != 28, "curl waited until its time was over")
  }

  @Test func aServerStartsAgainOnItsPort() throws {
    let first = try serving()
    let streams = try (0..<20).map { _ in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = [
        "curl", "-sN", "-m", "30", "-o", "/dev/null", "-H",
        "Authorization: Bearer \(SmallSite.token)",
        "http://127.0.0.1:\(first.port)/run/1/events",
      ]
      try process.run()
      return process
    }
    _ = try curl(first, "/run/1/")
    first.stop()
    streams.forEach { $0.waitUntilExit() }
    var settings = settings
    settings.port = first.port
    let second = try serving(settings)
    defer { second.stop() }
    #expect(try curl(second, "/run/1/").hasPrefix("HTTP/1.1 200"))
    #expect(throws: ServeError.self) { try serving(settings) }
  }

  @Test func wrongPlacesAreErrorsInWords() throws {
    let nothing = #expect(throws: ExecutionError.self) {
      try Serving([search.around], plotly: "", settings)
    }
    #expect(nothing?.description.contains("holds no run") == true)
    var elsewhere = settings
    elsewhere.address = "not an address"
    let error = #expect(throws: ServeError.self) { try serving(elsewhere) }
    #expect(error?.description.contains("not an address") == true)
  }

  /// Clients that send nothing, half a request, or what is none, hold nobody up.
  @Test func rudeClientsDisturbNobody() throws {
    let serving = try serving()
    defer { serving.stop() }
    var open: [Int32] = []
    for words in [
      "", "GET", "GET / HTTP/1.1\r\nHost: ", "\u{0}\u{1}\u{2}\r\n\r\n", "GET /%00 HTTP/1.1\r\n\r\n",
      "GET / HTTP/9.9\r\n\r\n",
    ] {
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = in_port_t(serving.port).bigEndian
      address.sin_addr.s_addr = inet_addr("127.0.0.1")
      let size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let isConnected = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
      }
      #expect(isConnected == 0)
      _ = Array(words.utf8).withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      open.append(descriptor)
    }
    #expect(try curl(serving, "/run/1/").hasPrefix("HTTP/1.1 200"))
    open.forEach { close($0) }
  }
}
