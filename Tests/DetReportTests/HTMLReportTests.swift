import DetBasics
import DetSearch
import Foundation
import Testing

@testable import DetReport

#if canImport(FoundationXML)
  import FoundationXML
#endif

struct HTMLReportTests {
  static let hostile = "</script><script>alert('x')</script> \" & <b> ]]> <!-- \u{1}\u{2028} 木"

  /// The page parsed as XML: what a tool sees.
  final class Page: NSObject, XMLParserDelegate {
    var elements: [String] = []
    var addresses: [String] = []
    var texts: [String: String] = [:]
    var problem: String?
    private var open: [String] = []

    init(_ html: String) {
      super.init()
      let parser = XMLParser(data: Data(html.utf8))
      parser.delegate = self
      if !parser.parse() {
        problem = "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "unknown")"
      }
    }

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String] = [:]
    ) {
      elements.append(name)
      open.append(attributes["id"] ?? name)
      addresses += ["src", "href", "action", "data"].compactMap { attributes[$0] }
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) { open.removeLast() }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
      texts[open.last ?? "", default: ""] += text
    }

    func parser(_ parser: XMLParser, foundCDATA data: Data) {
      texts[open.last ?? "", default: ""] += String(decoding: data, as: UTF8.self)
    }
  }

  func page(_ model: ReportModel) throws -> Page {
    Page(try HTMLReport.render(model, plotly: "/* plotly */"))
  }

  @Test func thePageIsWellFormed() throws {
    let page = try page(SampleModel.make())
    #expect(page.problem == nil)
    #expect(page.elements.first == "html")
    #expect(page.elements.count { $0 == "script" } == 4)
    #expect(page.elements.count { $0 == "section" } == 12)
  }

  @Test func nothingIsLoadedFromANetwork() throws {
    let model = SampleModel.make()
    let page = try page(model)
    #expect(page.addresses.allSatisfy { $0.hasPrefix("#") || $0.hasPrefix("data:image/png") })
    let html = try HTMLReport.render(model, plotly: "")
    let withoutNamespace = html.replacingOccurrences(of: "http://www.w3.org/1999/xhtml", with: "")
    for forbidden in ["http:", "https:", "url(", "@import", "fetch(", "XMLHttpRequest"] {
      #expect(!withoutNamespace.contains(forbidden), "the page holds \(forbidden)")
    }
  }

  @Test func theJSONInThePageDecodesBackToTheModel() throws {
    let model = SampleModel.make()
    let text = try #require(try page(model).texts["report"])
    let back = try JSON.decode(ReportModel.self, from: text, source: "page")
    #expect(back == model.withoutPictures)
  }

  @Test func hostileTextsStayTexts() throws {
    var model = SampleModel.make()
    model.name = Self.hostile
    model.folder = Self.hostile
    model.plan = Self.hostile
    model.trials[6].record.result = .init(
      outcome: .failed(reason: Self.hostile), sequence: 7, seconds: 1)
    model.stages[0].fronts[0].members[0].name = Self.hostile
    model.stages[0].name = Self.hostile
    model.pictures[0].caption = Self.hostile
    model.facts.append(.init(Self.hostile, Self.hostile))
    let page = try page(model)
    #expect(page.problem == nil)
    #expect(page.elements.count { $0 == "script" } == 4)
    let plain = Self.hostile.replacingOccurrences(of: "\u{1}", with: " ")
    #expect(page.texts["h1"] == plain)
    #expect(page.texts["pre"] == plain)
    let island = try #require(page.texts["report"])
    #expect(try JSON.decode(ReportModel.self, from: island, source: "page").name == Self.hostile)
  }

  @Test func theFrontComesFirstAndNamesItsMembers() throws {
    let html = try HTMLReport.render(SampleModel.make(), plotly: "")
    let front = try #require(html.range(of: "<section id=\"front-structural\">"))
    let trials = try #require(html.range(of: "<section id=\"trials\">"))
    #expect(front.lowerBound < trials.lowerBound)
    #expect(html.contains("The most accurate detector is <b>C"))
  }

  @Test func failuresSayWhyAndWhereTheirLogsAre() throws {
    let html = try HTMLReport.render(SampleModel.make(), plotly: "")
    #expect(html.contains("less runs/demo/trials/000007/log.txt"))
    #expect(html.contains("ended by signal 9"))
    #expect(html.contains("took longer than the plan&#39;s timeoutSeconds"))
  }

  @Test func whatWasLeftOutLinksToTheTrialsThatProveIt() throws {
    let model = SampleModel.make()
    let html = try HTMLReport.render(model, plotly: "")
    #expect(html.contains("2 designs could not improve the front and were not trained"))
    let section = try #require(html.split(separator: "<section id=\"pruning\">").last)
    for words in [
      "61.4 ms", "<a href=\"#trial-9\">9</a>", "<a href=\"#trial-12\">12</a>",
      "no better than trial 12, which needs less",
    ] { #expect(section.contains(words), "\(words)") }
    let saved = model.pruned.compactMap { $0.record.outcome?.proof?.secondsSaved }.reduce(0, +)
    #expect(saved == 95 && section.contains("saved about \(Wording.span(saved)) of training"))
  }

  @Test func whatWasStoppedLinksToTheTrialThatBeatsIt() throws {
    let html = try HTMLReport.render(SampleModel.make(), plotly: "")
    let section = try #require(html.split(separator: "<section id=\"stopping\">").last)
    for words in [
      "1 training ended before the last epoch", "3 of 6", "AP50 0.111", "AP50 0.222",
      "<a href=\"#trial-12\">12</a>", "saved about \(Wording.span(71)) of training",
    ] { #expect(section.contains(words), "\(words)") }
  }

  @Test func aRunWithoutAnyFinishedTrialIsSaidToBeSo() throws {
    var model = SampleModel.small
    model.trials = []
    model.pictures = []
    model.stages[0].fronts[0].members = []
    model.stages[0].fronts[0].hypervolume = []
    let page = try page(model)
    #expect(page.problem == nil)
    #expect(page.texts["p"]?.contains("No trial has finished yet") == true)
  }

  /// The chart of who descends from whom draws only origins that it has a colour for.
  @Test(arguments: Origin.Kind.allCases) func everyOriginIsDrawn(_ kind: Origin.Kind) throws {
    let html = try HTMLReport.render(SampleModel.small, plotly: "")
    #expect(html.contains("\(kind.rawValue): \"--"))
  }

  @Test func plotlyCannotEndItsScriptElement() throws {
    let html = try HTMLReport.render(SampleModel.small, plotly: "a('</script><!--')")
    #expect(html.contains("a('<\\/script><\\!--')"))
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["SMNAS_SAMPLE_REPORT"] != nil))
  func theSamplePageIsWrittenForPeopleToLookAt() throws {
    let environment = ProcessInfo.processInfo.environment
    let path = try #require(environment["SMNAS_SAMPLE_REPORT"])
    let picture = try environment["SMNAS_SAMPLE_PICTURE"].map(Files.bytes) ?? SampleModel.pixel
    let plotly = try PlotlyFile.text(environment: environment, executable: #filePath)
    try AtomicFile.write(
      HTMLReport.render(SampleModel.make(picture: picture), plotly: plotly), to: path)
    #expect(try Files.text(path).contains("trees"))
  }
}
