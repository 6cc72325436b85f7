import DetBasics
import DetSearch
import DetSpec

extension HTMLReport {
  /// What was exported: the files, and how they were proven.
  static func exports(_ model: ReportModel) -> String {
    guard !model.exports.isEmpty else { return "" }
    let rows = model.exports.map { exported in
      let record = exported.record
      let name = model.choiceName(of: exported.trial).map { "<b>\(Markup.text($0))</b> " } ?? ""
      let verified =
        record.verified.isEmpty ? "" : "; also in \(record.verified.joined(separator: ", "))"
      let cells = [
        Markup.cell("\(name)<a href=\"#trial-\(exported.trial)\">trial \(exported.trial)</a>"),
        Markup.cell(place(exported)),
        Markup.cell(Markup.text(record.words)),
        Markup.cell(Markup.text(Metric.Unit.bytes.text(Double(record.bytes))), kind: "n"),
        Markup.cell(record.AP.map { Metric.averagePrecision.text($0) } ?? "–", kind: "n"),
        Markup.cell(Markup.text("on \(record.images.of("image"))\(verified)")),
      ]
      return "<tr>\(cells.joined())</tr>"
    }
    let body = """
      <div class="scroll"><table>
      <thead><tr><th>Of</th><th>File</th><th>Kind</th><th class="n">Size</th><th class="n">AP</th>\
      <th>Proven equal</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table></div>
      """
    return section(
      "exports", "Exported",
      "Files of smnas export that are where they were written. AP is that of the images on which each was proven.",
      body)
  }

  /// The file, which a page on the same machine leads to.
  private static func place(_ exported: ReportModel.Exported) -> String {
    let path = "<code>\(Markup.text(exported.record.file))</code>"
    return exported.address.map { "<a href=\"\(Markup.text($0))\">\(path)</a>" } ?? path
  }
}
