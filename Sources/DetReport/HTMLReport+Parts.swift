import DetBasics

/// The parts of a run's page, of which the report and the live page are both made.
extension HTMLReport {
  /// All parts that have something to show, in the order of the page.
  ///
  /// - Parameters:
  ///   - model: what is shown.
  ///   - lessons: what is to be learned of it.
  ///   - rows: the rows that were made for an earlier state of the same run.
  ///   - trouble: why the model is not the run's present state; nil where it is.
  /// - Returns: the parts.
  package static func parts(
    _ model: ReportModel, _ lessons: DesignLessons, rows: RowMemory = RowMemory(),
    trouble: String? = nil
  ) -> [PagePart] {
    let fronts = model.stages.reversed().map { PagePart("front-\($0.name)", front($0, model)) }
    let parts =
      [
        PagePart("notice", notice(model, trouble)), PagePart("opening", opening(model)),
        PagePart("now", now(model)), PagePart("finals", finals(model)),
        PagePart("exports", exports(model)),
      ] + fronts + [
        PagePart("design-lessons", self.lessons(lessons)), PagePart("pictures", pictures(model)),
        PagePart("progress", progress(model)), PagePart("genealogy", genealogy(model)),
        trials(model, rows), PagePart("compare", compare(model)), failures(model), pruning(model),
        stopping(model), PagePart("details", details(model)), PagePart("keys", keys),
      ]
    return parts.filter { !$0.shell.isEmpty }
  }

  /// What the reader must know before anything else; empty where there is nothing.
  private static func notice(_ model: ReportModel, _ trouble: String?) -> String {
    var lines: [String] = []
    if let trouble { lines.append(trouble) }
    let left = model.interrupted.count
    if left > 0 {
      let were = left == 1 ? "was" : "were"
      lines.append(
        "No search is at work, and \(left.of("trial")) \(were) left under way. smnas search goes on with the run when --resume is added."
      )
    }
    guard !lines.isEmpty else { return "" }
    let texts = lines.map { "<p>\(Markup.text($0))</p>" }.joined()
    return "<div class=\"notice\" role=\"status\">\(texts)</div>"
  }

  private static let keys = """
    <details id="keys"><summary>Keys</summary>
    <dl><dt><kbd>/</kbd></dt><dd>filter the trials</dd>
    <dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>to the next trial, to the one before</dd>
    <dt><kbd>x</kbd></dt><dd>put the trial that has the focus beside another</dd>
    <dt><kbd>s</kbd></dt><dd>to the two trials side by side</dd>
    <dt><kbd>?</kbd></dt><dd>show these keys</dd></dl></details>
    """
}
