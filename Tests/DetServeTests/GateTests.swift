import DetBasics
import Testing

@testable import DetServe

struct GateTests {
  private let search: SmallSearch
  private let site: SmallSite

  init() throws {
    search = try SmallSearch()
    site = SmallSite(search.path, names: ["nas.example.org"])
  }

  @Test func whoKnowsTheTokenMayLook() {
    #expect(site.ask("/run/1/").status == 200)
    #expect(site.ask("/run/1/", headers: ["Authorization": ""]).status == 401)
    #expect(
      site.ask("/run/1/", headers: ["Authorization": "Bearer 0123456789abcdeF"]).status == 401)
    #expect(
      site.ask("/run/1/", headers: ["Authorization": "Bearer \(SmallSite.token)0"]).status == 401)
    #expect(
      site.ask(
        "/run/1/", headers: ["Authorization": "", "Cookie": "a=b; smnas-80=\(SmallSite.token)"]
      ).status == 200)
    #expect(
      site.ask("/run/1/", headers: ["Authorization": "", "Cookie": "smnas-81=\(SmallSite.token)"])
        .status == 401)
  }

  @Test(arguments: [
    "/", "/run/1/", "/run/1/events", "/run/1/pictures/1/0/x", "/page.js", "/plotly.js", "/nothing",
    "/events",
  ])
  func nothingAtAllIsToldWithoutIt(address: String) {
    let answer = site.ask(address, headers: ["Authorization": ""])
    #expect(answer.status == 401)
    #expect(!answer.text.contains("trees"))
  }

  @Test func aTokenInTheAddressGoesIntoACookieAndOutOfTheAddress() throws {
    let answer = site.ask(
      "/run/1?filter=a%20b%26c&token=\(SmallSite.token)&sort=-2", headers: ["Authorization": ""])
    #expect(answer.status == 303)
    #expect(answer.header("Location") == "/run/1/?filter=a%20b%26c&sort=-2")
    #expect(
      answer.header("Set-Cookie")
        == "smnas-80=\(SmallSite.token); Path=/; HttpOnly; SameSite=Strict")
    #expect(site.ask("/?token=wrong-token-of-me", headers: ["Authorization": ""]).status == 401)
  }

  /// What a browser says that was lured to this server under another name, or from another's page.
  @Test func otherHostsAndOriginsAreRefused() {
    for host in ["evil.example", "127.0.0.1", "127.0.0.1:81", "localhost:80.evil.example", "[::1]"]
    {
      #expect(site.ask("/run/1/", headers: ["Host": host]).status == 421, "\(host)")
    }
    #expect(site.ask("/run/1/", headers: ["Host": ""]).status == 400)
    for host in ["127.0.0.1:80", "localhost:80", "LocalHost:80", "[::1]:80", "nas.example.org"] {
      #expect(site.ask("/run/1/", headers: ["Host": host]).status == 200, "\(host)")
    }
    for origin in ["http://evil.example", "null", "http://127.0.0.1:81", "http://localhost:80", ""]
    where !origin.isEmpty {
      #expect(site.ask("/run/1/", headers: ["Origin": origin]).status == 403, "\(origin)")
    }
    #expect(site.ask("/run/1/", headers: ["Origin": "http://127.0.0.1:80"]).status == 200)
    #expect(
      site.ask(
        "/run/1/", headers: ["Host": "nas.example.org", "Origin": "https://nas.example.org"]
      ).status == 200)
  }

  @Test func twoHostsAreNoHost() {
    let request = Request(
      method: "GET", target: "/run/1/",
      headers: [
        ("Host", "127.0.0.1:80"), ("host", "evil.example"),
        ("Authorization", "Bearer \(SmallSite.token)"),
      ])
    #expect(site.site.answer(request).status == 400)
  }

  @Test func onlyLookingIsKnown() {
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", ""] {
      #expect(site.ask("/run/1/", method).status == 405, "\(method)")
    }
    #expect(site.ask("/run/1/", "HEAD").status == 200)
    #expect(site.ask("/run/1/", hasBody: true).status == 400)
  }

  @Test func withoutATokenEverybodyMayLook() {
    let open = SmallSite(search.path, token: nil)
    #expect(open.ask("/run/1/", headers: ["Authorization": ""]).status == 200)
  }

  @Test func aTokenIsLongAndPlain() {
    #expect(Gate.isToken(Gate.newToken()) && Gate.newToken() != Gate.newToken())
    for word in [
      "short", "", String(repeating: "a", count: 129), "0123456789abcde\n", "0123456789abcdef;",
      "0123456789abcdeé",
    ] {
      #expect(!Gate.isToken(word), "\(word)")
    }
  }
}
