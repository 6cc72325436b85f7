import DetSpec

extension HTMLReport {
  /// A stage's front: the table first, then the chart.
  static func front(_ stage: ReportModel.Stage, _ model: ReportModel) -> String {
    let members = model.front(stage)
    let title = model.stages.count > 1 ? "Front of stage \(stage.name)" : "The front"
    guard !members.isEmpty else {
      return section(
        "front-\(stage.name)", title, "No trial of this stage has finished yet.", "")
    }
    let columns = model.columns
    let rows = members.map { row($0.name, $0.trial, columns) }.joined(separator: "\n")
    let body = """
      <div class="scroll"><table>
      <thead><tr><th>Name</th><th>Design</th>\(columns.map(head).joined())\
      <th class="n">Trial</th></tr></thead>
      <tbody>
      \(rows)
      </tbody></table></div>
      \(chart("front", stage.name, label: "Accuracy over cost of every finished trial"))
      """
    return section("front-\(Markup.text(stage.name))", title, note(stage, model), body)
  }

  private static func note(_ stage: ReportModel.Stage, _ model: ReportModel) -> String {
    let objectives = stage.objectives.map(\.descriptor.title).joined(separator: " and ")
    let rule = "No other trial is at least as good in \(objectives) and better in one of them."
    let title = stage.cost.descriptor.title
    let hasSpread = model.trials.contains { $0.spreads[stage.cost.name] != nil }
    let hasInterval = model.trials.contains { $0.spreads[Metric.latency.name]?.interval != nil }
    let isDisturbed = model.trials.contains { $0.metrics.hasDisturbedLatency }
    return rule
      + (hasSpread ? " Bars in the chart span the 10th to 90th percentile of the \(title)." : "")
      + (hasInterval
        ? " Below a latency stands the 95 % interval of its median: two whose intervals overlap may stand in the other order."
        : "")
      + (isDisturbed
        ? " A latency with *, an open circle in the chart, was taken while the machine was disturbed; smnas measure takes it again."
        : "")
  }

  private static func head(_ metric: Metric) -> String {
    "<th class=\"n\" title=\"\(Markup.text(metric.descriptor.longTitle))\">\(metric.heading)</th>"
  }

  private static func row(
    _ name: String, _ trial: ReportModel.Entry, _ columns: [Metric]
  ) -> String {
    let cells =
      [
        Markup.cell("<b>\(Markup.text(name))</b>", kind: "name"),
        Markup.cell(design(trial.design)),
      ] + columns.map { number($0, trial) }
      + [Markup.cell("<a href=\"#trial-\(trial.id)\">\(trial.id)</a>", kind: "n")]
    return "<tr>\(cells.joined())</tr>"
  }

  /// A result, with the spread of its measurements where it has one.
  static func number(_ metric: Metric, _ trial: ReportModel.Entry) -> String {
    let spread = trial.spreads[metric.name]
    let value = spread?.median ?? trial.metrics[metric]
    var content = (value.map(metric.text) ?? "–") + metric.mark(trial.metrics)
    if let spread {
      let (low, high) = spread.interval.map { ($0.low, $0.high) } ?? (spread.p10, spread.p90)
      content += "<small>\(metric.range(low, high))</small>"
    }
    return Markup.cell(content, key: value, kind: "n")
  }

  /// One figure per picture, the front's members first.
  static func pictures(_ model: ReportModel) -> String {
    guard !model.pictures.isEmpty else { return "" }
    let figures = model.pictures.map { picture in
      let name = model.frontName(of: picture.trial) ?? "Trial \(picture.trial)"
      let design = model.trial(picture.trial)?.design ?? ""
      let image = Markup.image(picture.png, alternative: "\(name): \(picture.caption)")
      return """
        <figure>\(image)
        <figcaption><b>\(Markup.text(name))</b> \(Markup.text(picture.caption))\
        <br/>\(HTMLReport.design(design))</figcaption></figure>
        """
    }
    return section(
      "pictures", "What they see", "Detections beside the truth, on a validation image.",
      "<div class=\"figures\">\(figures.joined(separator: "\n"))</div>")
  }
}
