extension HTMLReport {
  /// A stage's front: the table first, then the chart.
  static func front(_ stage: ReportModel.Stage, _ model: ReportModel) -> String {
    let members = model.front(stage)
    let title = model.stages.count > 1 ? "Front of stage \(stage.name)" : "The front"
    guard !members.isEmpty else {
      return section(
        "front-\(stage.name)", title, "No trial of this stage has finished yet.", "")
    }
    let objectives = stage.objectives.map { Wording.title($0.name) }.joined(separator: " and ")
    let note =
      "No other trial is better in both \(Markup.text(objectives)). "
      + "Bars in the chart span the 10th to 90th percentile of the latency where it was measured."
    let rows = members.map { row($0.name, $0.trial) }.joined(separator: "\n")
    let body = """
      <div class="scroll"><table>
      <thead><tr><th>Name</th><th>Design</th><th class="n">AP</th><th class="n">AP50</th>\
      <th class="n">Latency</th><th class="n">Parameters</th><th class="n">MACs</th>\
      <th class="n">Trial</th></tr></thead>
      <tbody>
      \(rows)
      </tbody></table></div>
      \(chart("front", stage.name, label: "Accuracy over cost of every finished trial"))
      """
    return section("front-\(Markup.text(stage.name))", title, note, body)
  }

  private static func row(_ name: String, _ trial: ReportModel.Trial) -> String {
    let cells = [
      Markup.cell("<b>\(Markup.text(name))</b>", kind: "name"),
      Markup.cell(design(trial.design)),
      number("AP", trial), number("AP50", trial), latency(trial), number("parameters", trial),
      number("macs", trial),
      Markup.cell("<a href=\"#trial-\(trial.id)\">\(trial.id)</a>", kind: "n"),
    ]
    return "<tr>\(cells.joined())</tr>"
  }

  static func number(_ metric: String, _ trial: ReportModel.Trial) -> String {
    let value = trial.metrics[metric]
    return Markup.cell(Wording.value(metric, value), key: value, kind: "n")
  }

  static func latency(_ trial: ReportModel.Trial) -> String {
    let value = trial.latency?.median ?? trial.metrics["latency"]
    var content = Wording.value("latency", value)
    if let spread = trial.latency {
      let low = Wording.value("latency", spread.p10).dropLast(3)
      content += "<small>\(low) – \(Wording.value("latency", spread.p90))</small>"
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
