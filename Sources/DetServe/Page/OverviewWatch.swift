import DetReport

/// The page of several runs, made from theirs.
final class OverviewWatch: Sendable {
  let page: LivePage
  private let runs: [RunWatch]

  init(_ runs: [RunWatch], page: LivePage) {
    self.runs = runs
    self.page = page
  }

  /// Looks at all runs and shows them.
  func look() {
    for run in runs { run.look() }
    let overview = RunsOverview(
      runs.enumerated().map { number, run in
        (address: "run/\(number + 1)/", folder: run.folder, model: run.present)
      })
    guard let json = try? Markup.island(overview) else { return }
    try? page.show(
      Shown(
        title: "\(runs.count) runs", parts: HTMLReport.parts(overview),
        islands: [.init(name: "overview", json: json)]))
  }
}
