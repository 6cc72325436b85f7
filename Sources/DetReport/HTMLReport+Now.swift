import DetBasics
import DetSpec

extension HTMLReport {
  /// The trials under way, with how far each is and its curve so far; empty where no search is at work.
  static func now(_ model: ReportModel) -> String {
    guard model.isActive else { return "" }
    let rows = model.underway.map { row($0, model) }
    let table = """
      <div class="scroll"><table class="now">
      <thead><tr><th class="n">Trial</th><th>Design</th><th>Progress</th><th class="n">Latest</th>\
      <th>Curve</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table></div>
      """
    return section(
      "now", "Under way", note(model),
      rows.isEmpty ? "<p class=\"note\">No trial is under way at the moment.</p>" : table)
  }

  private static func note(_ model: ReportModel) -> String {
    guard let progress = model.currentProgress else { return "The search has begun." }
    var note =
      "Stage \(Markup.text(progress.name)): \(progress.evaluated) of \(progress.planned.of("trial")) evaluated"
    if let rate = model.trialsAnHour { note += ", \(rate.figures(3)) an hour" }
    if let left = progress.secondsLeft { note += "; about \(Wording.span(left)) left" }
    return note + "."
  }

  private static func row(_ trial: ReportModel.Entry, _ model: ReportModel) -> String {
    let stage = model.stages.first { $0.name == trial.stage }
    let accuracy = stage?.accuracy ?? .averagePrecision
    let cells = [
      Markup.cell("\(trial.id)", kind: "n"), Markup.cell(design(trial.design)),
      Markup.cell(progress(of: trial)), Markup.cell(latest(of: trial, accuracy), kind: "n"),
      Markup.cell(sparkline(trial, accuracy)),
    ]
    return "<tr id=\"now-\(trial.id)\">\(cells.joined())</tr>"
  }

  private static func progress(of trial: ReportModel.Entry) -> String {
    guard let underway = trial.underway else {
      return "<span class=\"soft\">being timed, or preparing</span>"
    }
    let percent = Int((100 * underway.done).rounded(.down))
    let left = underway.secondsLeft.map { ", \(Wording.span($0)) left" } ?? ""
    return
      "<progress max=\"100\" value=\"\(percent)\" aria-label=\"trial \(trial.id)\">\(percent) %</progress>"
      + "<small>epoch \(underway.epoch) of \(underway.epochs)\(left)</small>"
  }

  /// The accuracy of the last evaluation, and the loss of the last epoch.
  private static func latest(of trial: ReportModel.Entry, _ accuracy: Metric) -> String {
    let value = trial.curve.last { $0.metrics[accuracy.name] != nil }?.metrics[accuracy.name]
    let loss = trial.curve.last?.metrics["loss"]
    return (value.map { "\(accuracy.heading) \(accuracy.text($0))" } ?? "–")
      + (loss.map { "<small>loss \($0.figures(3))</small>" } ?? "")
  }

  /// The accuracy of every epoch so far, or the loss where none was evaluated twice, as a line without axes.
  private static func sparkline(_ trial: ReportModel.Entry, _ accuracy: Metric) -> String {
    let choices = [accuracy.name, "loss"].map { name in
      (name: name, values: trial.curve.compactMap { $0.metrics[name] })
    }
    guard let (name, values) = choices.first(where: { $0.values.count > 1 }),
      let low = values.min(), let high = values.max()
    else { return "<span class=\"soft\">–</span>" }
    let (width, height) = (120.0, 28.0)
    let points = values.enumerated().map { place, value in
      let x = 2 + (width - 4) * Double(place) / Double(values.count - 1)
      let share = high > low ? (value - low) / (high - low) : 0.5
      let y = height - 3 - (height - 6) * share
      return "\(x.fixed(1)),\(y.fixed(1))"
    }
    let title = Metric(rawValue: name)?.heading ?? name
    return """
      <svg class="spark" width="120" height="28" viewBox="0 0 120 28" role="img" \
      aria-label="\(Markup.text(title)) over \(values.count.of("epoch"))">\
      <polyline points="\(points.joined(separator: " "))"/></svg><small>\(Markup.text(title))</small>
      """
  }
}
