import DetBasics
import DetSpec
import Foundation

/// Makes the report page: one file that works offline, in light and dark, on paper and on a phone.
///
/// The markup is well-formed XML as well, so that any tool can read figures out of it.
public enum HTMLReport {
  /// Renders a model.
  ///
  /// - Parameters:
  ///   - model: what is shown.
  ///   - plotly: the text of plotly.js, which is put into the page; see ``PlotlyFile``.
  /// - Returns: the page.
  /// - Throws: when a number of the model is not finite, which JSON cannot say.
  public static func render(_ model: ReportModel, plotly: String) throws -> String {
    let lessons = DesignLessons(model)
    let islands = [
      Island("report", try Markup.island(model.withoutPictures)),
      Island("lessons", try Markup.island(lessons)),
    ]
    return page(
      title: model.name, parts: parts(model, lessons).map(\.html), islands: islands,
      scripts: "\(inline(ReportScript.atRest))\n\(inline(Markup.script(plotly)))")
  }

  private static func inline(_ script: String) -> String {
    "<script>//<![CDATA[\n\(script)\n//]]></script>"
  }

  /// Data in the page, for its script.
  package struct Island {
    let id: String
    let json: String

    /// Names JSON that ``Markup/island(_:)`` has made.
    package init(_ id: String, _ json: String) { (self.id, self.json) = (id, json) }
  }

  /// The whole page around its parts.
  ///
  /// - Parameters:
  ///   - title: the name of what is shown, as it is.
  ///   - parts: the markup of the parts.
  ///   - islands: the data of the script.
  ///   - live: the attributes of a page that follows its run; nil for a page at rest.
  ///   - navigation: markup before the parts.
  ///   - scripts: the script elements.
  /// - Returns: the page.
  package static func page(
    title: String, parts: [String], islands: [Island], live: String? = nil, navigation: String = "",
    scripts: String
  ) -> String {
    let data = islands.map {
      "<script id=\"\($0.id)\" type=\"application/json\">\($0.json)</script>"
    }
    return """
      <!DOCTYPE html>
      <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <title>\(Markup.text(title)) · SM-NAS</title>
      \(Markup.icon)
      <style>\(ReportStyle.text)</style>
      </head>
      <body\(live.map { " \($0)" } ?? "")>
      <a class="skip" href="#parts">To the content</a>
      \(navigation)<main id="parts">
      \(parts.joined(separator: "\n"))
      </main>
      \(signature)
      <p id="said" class="unseen" role="status"></p>
      \(data.joined(separator: "\n"))
      \(scripts)
      </body>
      </html>

      """
  }

  // MARK: - Opening

  static func opening(_ model: ReportModel) -> String {
    let finished = model.trials.count { $0.isFinished }
    let tiles = [
      tile("\(finished)", "of \(model.trials.count.of("trial")) finished"),
      tile(
        "\(model.stages.last?.members.count ?? 0)",
        model.stages.last?.fronts.count ?? 0 > 1 ? "designs on fronts" : "designs on the front"),
      bestTile(model), fastestTile(model), leftTile(model),
      tile(
        Wording.span(model.trials.reduce(0) { $0 + $1.seconds }), "spent on trials"),
    ]
    return """
      <header>
      <p class="kicker">SM-NAS · detector search</p>
      <h1>\(Markup.text(model.name))</h1>
      <p class="lead">\(answer(model))</p>
      <div class="tiles">\(tiles.joined())</div>
      </header>
      """
  }

  /// The search's result in one or two sentences.
  private static func answer(_ model: ReportModel) -> String {
    guard let stage = model.stages.last, let best = bestOf(stage, model) else {
      return "No trial has finished yet, so there is no front to show."
    }
    let accuracy = stage.accuracy
    let cost = stage.cost
    var text =
      "The most accurate detector is <b>\(Markup.text(title(best)))</b> with "
      + "\(accuracy.heading) \(best.trial.text(accuracy)) at \(best.trial.phrase(cost))"
    if let cheapest = cheapestOf(stage, model), cheapest.name != best.name {
      text +=
        "; the \(cost.descriptor.unit.superlative) on the front is "
        + "<b>\(Markup.text(title(cheapest)))</b> with \(accuracy.heading) "
        + "\(cheapest.trial.text(accuracy)) at \(cheapest.trial.phrase(cost))"
    }
    return text + "."
  }

  /// How a member is called in a sentence.
  private static func title(_ member: (name: String, trial: ReportModel.Entry)) -> String {
    member.name == "\(member.trial.id)" ? "trial \(member.name)" : member.name
  }

  private static func cheapestOf(
    _ stage: ReportModel.Stage, _ model: ReportModel
  ) -> (name: String, trial: ReportModel.Entry)? {
    model.members(of: stage).min {
      $0.trial.metrics[stage.cost] ?? .infinity < $1.trial.metrics[stage.cost] ?? .infinity
    }
  }

  private static func bestOf(
    _ stage: ReportModel.Stage, _ model: ReportModel
  ) -> (name: String, trial: ReportModel.Entry)? {
    model.members(of: stage).max {
      $0.trial.metrics[stage.accuracy] ?? 0 < $1.trial.metrics[stage.accuracy] ?? 0
    }
  }

  private static func bestTile(_ model: ReportModel) -> String {
    guard let stage = model.stages.last, let best = bestOf(stage, model) else { return "" }
    return tile(best.trial.text(stage.accuracy), "best \(stage.accuracy.heading)")
  }

  private static func fastestTile(_ model: ReportModel) -> String {
    guard let stage = model.stages.last, let cheapest = cheapestOf(stage, model) else { return "" }
    return tile(
      cheapest.trial.text(stage.cost), "lowest \(stage.cost.descriptor.title)")
  }

  private static func leftTile(_ model: ReportModel) -> String {
    guard model.isActive, let progress = model.currentProgress, let left = progress.secondsLeft
    else { return "" }
    return tile(Wording.span(left), "left of this stage")
  }

  private static func tile(_ figure: String, _ label: String) -> String {
    "<div class=\"tile\"><b>\(Markup.text(figure))</b><span>\(Markup.text(label))</span></div>"
  }

  /// A section with its heading, a sentence under it, and what it shows.
  static func section(_ id: String, _ title: String, _ note: String, _ body: String) -> String {
    let lead = note.isEmpty ? "" : "<p class=\"note\">\(note)</p>\n"
    return "<section id=\"\(id)\">\n<h2>\(Markup.text(title))</h2>\n\(lead)\(body)\n</section>"
  }

  /// A place that the page's script draws a chart into.
  static func chart(_ kind: String, front: String = "", label: String) -> String {
    let place = Markup.text(front)
    return "<div class=\"chart\" data-chart=\"\(kind)\" data-front=\"\(place)\" role=\"img\""
      + " aria-label=\"\(Markup.text(label))\"></div>"
  }

  /// A design's text with its parts set apart.
  static func design(_ text: String) -> String {
    let parts = text.components(separatedBy: " | ").map { "<span>\(Markup.text($0))</span>" }
    return "<code class=\"design\">\(parts.joined(separator: "<i> | </i>"))</code>"
  }
}
