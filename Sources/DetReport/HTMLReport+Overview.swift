extension HTMLReport {
  /// The parts of a page of several runs.
  package static func parts(_ overview: RunsOverview) -> [PagePart] {
    let cards = overview.runs.map { run in
      let words = run.words.map { "<p>\(Markup.text($0))</p>" }.joined()
      return """
        <li><h3><a href="\(Markup.text(run.address))">\(Markup.text(run.title))</a></h3>
        <p><code>\(Markup.text(run.folder))</code></p>\(words)</li>
        """
    }
    let opening = """
      <header>
      <p class="kicker">SM-NAS · detector search</p>
      <h1>\(overview.runs.count) runs</h1>
      <ul class="runs">
      \(cards.joined(separator: "\n"))
      </ul>
      </header>
      """
    let stages = overview.stages.enumerated().map { number, stage in
      let body = """
        <div class="pair"><div><h3>The fronts</h3>
        \(chart("runs", front: stage.id, label: "Fronts of all runs"))</div>
        <div><h3>Hypervolume</h3>
        \(chart("volumes", front: stage.id, label: "Hypervolume of all runs over finished trials"))</div></div>
        """
      return PagePart(
        "stage-\(stage.id)", section("stage-\(number)", "Stage \(stage.title)", "", body))
    }
    return [PagePart("opening", opening)] + stages
  }
}
