import DetBasics
import DetData
import DetReport
import Foundation

/// The doctor's findings as one HTML file that works offline, with pictures of what is odd.
struct DoctorPage {
  private let visit: DoctorVisit

  init(_ visit: DoctorVisit) { self.visit = visit }

  /// The page.
  func html() throws -> String {
    let sections = try visit.patients.map(section).joined(separator: "\n")
    return """
      <!DOCTYPE html>
      <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <title>\(Markup.text(title)) · data set</title>
      <style>\(ReportStyle.text)\(Self.style)</style>
      </head>
      <body>
      <main>
      <header>
      <p class="kicker">SM-NAS · data set doctor</p>
      <h1>\(Markup.text(title))</h1>
      <p class="lead">\(verdict)</p>
      </header>
      \(sections)
      </main>
      <footer>Made by smnas · nothing in this page is loaded from a network</footer>
      </body>
      </html>

      """
  }

  private var title: String {
    visit.patients.map { Self.shortName($0.report.name) }.joined(separator: " and ")
  }

  /// The last two parts of a path: enough to know it by.
  private static func shortName(_ name: String) -> String {
    name.components(separatedBy: " + ").map {
      $0.split(separator: "/").suffix(2).joined(separator: "/")
    }.joined(separator: " + ")
  }

  private var verdict: String {
    let serious = visit.patients.reduce(0) { sum, patient in
      sum + patient.report.findings.count { $0.kind.isSerious }
    }
    let minor = visit.patients.reduce(0) { $0 + $1.report.findings.count } - serious
    if serious > 0 {
      return "<b>\(serious)</b> \(serious == 1 ? "thing spoils" : "things spoil") training or "
        + "measurement, and \(minor) more \(minor == 1 ? "is" : "are") worth a look."
    }
    return minor == 0
      ? "Nothing to complain about."
      : "Nothing spoils training or measurement; <b>\(minor)</b> "
        + "\(minor == 1 ? "thing is" : "things are") worth a look."
  }

  private func section(_ patient: DoctorVisit.Patient) throws -> String {
    let report = patient.report
    return """
      <section>
      <h2>\(Markup.text(patient.title))</h2>
      <p class="note">\(Markup.text(report.name))</p>
      <div class="tiles">\(Self.tiles(report))</div>
      \(Self.account(report))
      \(Self.findings(report))
      \(Self.classes(report))
      \(Self.histograms(report))
      \(Self.coverage(report))
      \(try DoctorPictures(patient.dataset, report).html())
      \(Self.repairs(report))
      </section>
      """
  }

  /// What became of everything that was found.
  private static func account(_ report: DatasetReport) -> String {
    let lines = report.account.lines.map { "<li>\(Markup.text($0))</li>" }
    return lines.isEmpty ? "" : "<ul class=\"finds account\">\(lines.joined())</ul>"
  }

  // MARK: - Numbers

  private static func tiles(_ report: DatasetReport) -> String {
    func size(_ spread: (Spread, Spread)) -> String {
      "\(spread.0.median.fixed(0)) × \(spread.1.median.fixed(0))"
    }
    let tiles: [(String, String)] = [
      ("\(report.images)", "images, \(report.emptyImages) without boxes"),
      ("\(report.boxes)", "boxes, \(report.boxesPerImage.median.fixed(0)) in the median image"),
      ("\(report.classes.count)", report.classes.count == 1 ? "class" : "classes"),
      (size((report.imageWidth, report.imageHeight)), "median size of an image"),
      ("\(report.boxSide.median.fixed(0)) px", "median side of a box"),
    ]
    return tiles.map { "<div class=\"tile\"><b>\($0.0)</b><span>\($0.1)</span></div>" }.joined()
  }

  /// Grouped by kind, the first group open when it is serious.
  private static func findings(_ report: DatasetReport) -> String {
    guard !report.findings.isEmpty else {
      return "<p class=\"note good\">No findings.</p>"
    }
    let groups = report.groups.map { these in
      let first = these[0]
      let kind = first.kind
      let shown = these.prefix(50).map { finding in
        "<li><code>\(Markup.text(finding.place))</code> \(Markup.text(finding.detail))</li>"
      }
      let more = these.count > 50 ? "<li>… and \(these.count - 50) more</li>" : ""
      let mark = kind.isSerious ? "outcome other" : "outcome"
      return """
        <details\(kind.isSerious ? " open=\"open\"" : "")><summary>\(DoctorWording.title(kind)) \
        <span class="\(mark)">\(these.count)</span></summary>
        <p class="note">\(Markup.text(first.cure))</p><ul class="finds">\(shown.joined())\(more)</ul></details>
        """
    }
    return "<h3>Findings</h3>\(groups.joined(separator: "\n"))"
  }

  private static func classes(_ report: DatasetReport) -> String {
    let most = max(1, report.classes.map { max($0.boxes, $0.images) }.max() ?? 1)
    let rows = report.classes.map { count in
      let share = 100 * Double(max(count.boxes, count.images)) / Double(most)
      let numbers = [
        count.images, count.boxes, count.small, count.medium, count.large, count.ignored,
      ]
      let cells = numbers.map { Markup.cell("\($0)", kind: "n") }.joined()
      return "<tr>\(Markup.cell(Markup.text(count.name)))\(cells)"
        + "<td class=\"wide\"><i class=\"bar\" style=\"width:\(share.fixed(1))%\"></i></td></tr>"
    }
    let titles = ["images", "boxes", "small", "medium", "large", "ignored"]
    return """
      <h3>Classes</h3>
      <div class="scroll"><table><thead><tr><th>class</th>\
      \(titles.map { "<th class=\"n\">\($0)</th>" }.joined())<th></th></tr></thead>
      <tbody>\(rows.joined(separator: "\n"))</tbody></table></div>
      """
  }

  private static func histograms(_ report: DatasetReport) -> String {
    guard report.boxes > 0 else { return "" }
    return """
      <div class="pair">
      <div><h3>Side of the boxes, pixels</h3>\(DoctorChart.html(report.sides))</div>
      <div><h3>Width over height</h3>\(DoctorChart.html(report.aspectRatios))</div>
      </div>
      """
  }

  private static func coverage(_ report: DatasetReport) -> String {
    guard let first = report.coverage.first, report.boxes > 0 else { return "" }
    func percent(_ share: Double) -> String { "\((100 * share).fixed(0)) %" }
    let cut =
      report.tileSide.map {
        "The images are large and their boxes small: cut into tiles of \($0) x \($0), as init does. "
      } ?? ""
    let titles =
      ["IoU 0.5", "IoU 0.7", "RetinaNet 0.5", "below 8 px"]
      + first.levels.map { "stride \($0.stride)" }
    let rows = report.coverage.map { line in
      let shares = [line.recall50, line.recall70, line.dense50, line.tinyShare]
      let cells = (shares + line.levels.map(\.share)).map {
        "<td class=\"n\" style=\"--share:\(($0 * 60).fixed(0))%\">\(percent($0))</td>"
      }
      return "<tr>\(Markup.cell(line.input))\(cells.joined())</tr>"
    }
    return """
      <h3>What anchors would cover</h3>
      <p class="note">\(cut)The share of the boxes that some anchor overlaps by so much, at every input size; then the \
      level whose anchors fit best.</p>
      <div class="scroll"><table class="heat"><thead><tr><th>input</th>\
      \(titles.map { "<th class=\"n\">\($0)</th>" }.joined())</tr></thead>
      <tbody>\(rows.joined(separator: "\n"))</tbody></table></div>
      """
  }

  private static func repairs(_ report: DatasetReport) -> String {
    guard !report.repairList.isEmpty else { return "" }
    let groups = Repair.Kind.allCases.compactMap { kind -> String? in
      let these = report.repairList.filter { $0.kind == kind }
      guard !these.isEmpty else { return nil }
      let shown = these.prefix(50).map {
        "<li><code>\(Markup.text($0.place))</code> \(Markup.text($0.detail))</li>"
      }
      let more = these.count > 50 ? "<li>… and \(these.count - 50) more</li>" : ""
      return "<details><summary>\(DoctorWording.title(kind)) <span class=\"outcome\">\(these.count)"
        + "</span></summary><ul class=\"finds\">\(shown.joined())\(more)</ul></details>"
    }
    return "<h3>Mended while reading</h3>\(groups.joined(separator: "\n"))"
  }

  private static let style = """
    section > h3, .pair h3 { margin: 36px 0 8px; }
    .good { color: var(--good); }
    .finds { margin: 0 0 16px; padding-left: 18px; font-size: .875rem; }
    .account { margin-top: 16px; }
    .finds li { margin: 3px 0; overflow-wrap: anywhere; }
    .finds code { color: var(--soft); }
    .wide { width: 34%; min-width: 120px; }
    .bar { display: block; height: 10px; min-width: 1px; border-radius: 3px; background: var(--accent); }
    .columns { display: block; width: 100%; height: auto; }
    .columns rect { fill: var(--accent); }
    .columns text { fill: var(--soft); font-size: 11px; text-anchor: middle; }
    .columns text.count { fill: var(--ink); }
    .heat td.n { background: color-mix(in srgb, var(--accent) var(--share), transparent); }

    """
}
