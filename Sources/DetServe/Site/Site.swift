import DetBasics
import DetReport
package import Foundation

/// All that is served: pages of runs, a page of all of them, and what they need.
package final class Site: Sendable {
  private let gate: Gate
  private let runs: [RunWatch]
  private let overview: OverviewWatch
  private let script: Content
  private let plotly: Content

  /// Makes the pages; the runs are read at once, so that nobody has to wait for that.
  ///
  /// - Parameters:
  ///   - folders: the runs' folders.
  ///   - gate: who may look.
  ///   - plotly: the text of plotly.js.
  ///   - clock: the time.
  package init(
    _ folders: [String], gate: Gate, plotly: String,
    clock: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.gate = gate
    script = Content(ReportScript.following, .script)
    self.plotly = Content(plotly, .script)
    let boot = String(Gate.newToken().prefix(8))
    let scripts = { (place: String) in
      "<script src=\"\(place)plotly.js\" async=\"async\"></script>\n<script src=\"\(place)page.js\"></script>"
    }
    let link = "<span id=\"link\" role=\"status\">connecting …</span>"
    let home = folders.count > 1 ? "<a href=\"../../\">All runs</a>" : ""
    let names = [
      ("front", "Fronts"), ("progress", "Progress"), ("trials", "Trials"),
      ("compare", "Side by side"), ("failures", "Failures"),
    ]
    let places = names.map { "<a href=\"#\($0.0)\" data-to=\"\($0.0)\">\($0.1)</a>" }.joined(
      separator: " ")
    runs = folders.map { folder in
      RunWatch(
        folder,
        page: LivePage(
          boot: boot,
          navigation:
            "<nav class=\"bar\" aria-label=\"Parts of the page\">\(home)\(places)\(link)</nav>\n",
          scripts: scripts("../../")), clock: clock)
    }
    overview = OverviewWatch(
      runs,
      page: LivePage(
        boot: boot, navigation: "<nav class=\"bar\">\(link)</nav>\n", scripts: scripts("")))
    overview.look()
  }

  /// Looks at the runs that somebody watches.
  package func look() {
    if overview.page.isWatched { return overview.look() }
    for run in runs where run.page.isWatched { run.look() }
  }

  /// Sends every watcher a sign of life.
  package func sendBeat() {
    overview.page.sendBeat()
    for run in runs { run.page.sendBeat() }
  }

  // MARK: - Answering

  /// Answers a request.
  package func answer(_ request: Request) -> Answer {
    var answer = self.judged(request)
    answer.headers += Self.alwaysSent
    return answer
  }

  /// Nothing is loaded from elsewhere, nobody frames the page, and no address of it is told to others. Plotly makes styles of its own.
  private static let alwaysSent: [(name: String, value: String)] = [
    (
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
  ]

  private func judged(_ request: Request) -> Answer {
    guard Request.Method(rawValue: request.method) != nil else {
      return .words(405, "Only GET and HEAD are known here.", headers: [("Allow", "GET, HEAD")])
    }
    guard !request.hasBody else {
      return .words(400, "A request to look at something has no body.")
    }
    guard let target = Target(request.target) else {
      return .words(400, "That is no address of this server.")
    }
    let verdict = gate.judge(request, query: target.query)
    if case .refused(let answer) = verdict { return answer }
    guard let route = Route(target.path) else { return Self.nothing }
    if case .bringsToken = verdict { return welcome(route, target.query) }
    return self.answer(route, target.query, request)
  }

  private static let nothing = Answer.words(404, "There is nothing here.")

  /// Takes the token out of the address, which people send to others, and into a cookie.
  private func welcome(_ route: Route, _ query: [String: String]) -> Answer {
    let path: String
    switch route {
    case .run(let number, _), .toRun(let number): path = "/run/\(number)/"
    case .home, .homeEvents, .script, .plotly: path = "/"
    }
    var rest = query
    rest["token"] = nil
    let pairs = rest.sorted { $0.key < $1.key }.map {
      "\(Self.escaped($0.key))=\(Self.escaped($0.value))"
    }
    let address = path + (pairs.isEmpty ? "" : "?\(pairs.joined(separator: "&"))")
    let cookie = "\(gate.cookie)=\(gate.token ?? ""); Path=/; HttpOnly; SameSite=Strict"
    return .redirect(address, headers: [("Set-Cookie", cookie), ("Cache-Control", "no-store")])
  }

  private static func escaped(_ text: String) -> String {
    let plain = CharacterSet(
      charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
    return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
  }

  private func answer(_ route: Route, _ query: [String: String], _ request: Request) -> Answer {
    switch route {
    case .script: return .content(script, request, caching: "no-cache")
    case .plotly: return .content(plotly, request, caching: "no-cache")
    case .home where runs.count == 1: return .redirect("/run/1/")
    case .home:
      overview.look()
      return page(overview.page, request)
    case .homeEvents:
      return runs.count == 1 ? Self.nothing : events(overview.page, query, request)
    case .toRun(let number):
      return runs.indices.contains(number - 1) ? .redirect("/run/\(number)/") : Self.nothing
    case .run(let number, let what):
      guard runs.indices.contains(number - 1) else { return Self.nothing }
      return answer(what, of: runs[number - 1], query, request)
    }
  }

  private func answer(
    _ what: Route.OfRun, of run: RunWatch, _ query: [String: String], _ request: Request
  ) -> Answer {
    switch what {
    case .page:
      run.look()
      return page(run.page, request)
    case .events: return events(run.page, query, request)
    case .picture(let address):
      guard let path = run.picture(address), let png = try? Files.bytes(path) else {
        return Self.nothing
      }
      return .content(
        Content(Bytes(png), .png, tag: address.replacing("/", with: "-")), request,
        caching: "private, max-age=86400, immutable")
    }
  }

  private func page(_ page: LivePage, _ request: Request) -> Answer {
    guard let content = try? page.page() else { return .words(500, "The page cannot be made.") }
    return .content(content, request, caching: "no-store")
  }

  private func events(_ page: LivePage, _ query: [String: String], _ request: Request) -> Answer {
    let version = request.header("last-event-id") ?? query["since"] ?? ""
    let isZipped = request.takesGzip
    let headers = [
      ("Content-Type", "text/event-stream"), ("Cache-Control", "no-store"),
      ("Vary", "Accept-Encoding"),
    ]
    let encoding = isZipped ? [("Content-Encoding", "gzip")] : []
    // Who asks only for the headers watches nothing.
    guard request.method == Request.Method.get.rawValue else {
      return Answer(200, headers: headers + encoding)
    }
    return Answer(
      200, headers: headers + encoding,
      body: .stream(page.watch(after: version, zipped: isZipped)))
  }
}
