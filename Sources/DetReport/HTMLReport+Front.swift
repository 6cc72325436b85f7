import DetBasics
import DetExecution
import DetSearch
import DetSpec

extension HTMLReport {
  /// A stage's fronts, each the table first, then the chart.
  static func front(_ stage: ReportModel.Stage, _ model: ReportModel) -> String {
    let id = "front-\(Markup.text(stage.name))"
    let title =
      stage.fronts.count > 1
      ? "Fronts of stage \(stage.name)"
      : model.stages.count > 1 ? "Front of stage \(stage.name)" : "The front"
    guard !stage.members.isEmpty else {
      return section(id, title, "No trial of this stage has finished yet.", "")
    }
    let parts = stage.fronts.map { part($0, model) }.joined(separator: "\n")
    return section(id, title, note(stage, model), parts)
  }

  /// A longer table scrolls by itself, so that the chart is not a page away.
  private static let mostRows = 20
  private static let tall =
    "class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"Members of the front\""

  private static func part(_ front: ReportModel.FrontPart, _ model: ReportModel) -> String {
    let heading = front.pick.map { pickHeading($0, front) } ?? ""
    guard !front.members.isEmpty else {
      return heading + "<p class=\"note\">No trial around it has finished yet.</p>"
    }
    let columns = model.columns
    let names = Dictionary(
      uniqueKeysWithValues: front.members.map { ($0.trial, $0.isNamed ? $0.name : "") })
    let chances = front.chances
    var rows = model.members(of: front).map { member in
      row(
        names[member.trial.id] ?? "", member.trial, columns, chances,
        below: training(member.name, member.trial, model))
    }
    if let id = front.baseline, let baseline = model.trial(id) {
      rows.append(row("itself", baseline, columns, chances, kind: "baseline"))
    }
    let chance =
      chances == nil ? "" : "<th class=\"n\" title=\"How likely no other is better\">Chance</th>"
    return """
      \(heading)
      <div \(rows.count > mostRows ? tall : "class=\"scroll\"")><table>
      <thead><tr><th>Name</th><th>Design</th>\(columns.map(head).joined())\
      \(chance)<th class="n">Trial</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table></div>
      \(contenders(front, model))
      \(chart("front", front: front.id, label: "Accuracy over cost of every finished trial"))
      """
  }

  /// The trials that may belong to a front as well, if there are any.
  private static func contenders(
    _ front: ReportModel.FrontPart, _ model: ReportModel
  ) -> String {
    let words = (front.contenders ?? []).compactMap { contender in
      model.trial(contender.trial).map { trial in
        "<a href=\"#trial-\(trial.id)\">trial \(trial.id)</a> "
          + "(\(contender.chance?.fixed(2) ?? "–"))"
      }
    }
    return words.isEmpty
      ? "" : "<p class=\"note\">May belong to it as well: \(words.joined(separator: ", ")).</p>"
  }

  /// The pick's name and design, and where it comes from.
  private static func pickHeading(
    _ pick: Choice, _ front: ReportModel.FrontPart
  ) -> String {
    let origin = pick.trial.map { ", from <a href=\"#trial-\($0)\">trial \($0)</a>" } ?? ""
    return
      "<h3 id=\"front-\(Markup.text(front.id))\">Around \(Markup.text(pick.name))\(origin)</h3>"
      + "<p class=\"note\">\(design(pick.design.text))</p>"
  }

  private static func note(_ stage: ReportModel.Stage, _ model: ReportModel) -> String {
    let objectives = stage.objectives.map(\.descriptor.title).joined(separator: " and ")
    let rule =
      stage.fronts.first?.pick == nil
      ? "No other trial is at least as good in \(objectives) and better in one of them."
      : "Designs around one pick are compared with one another only: no other is at least as good in \(objectives) and better in one of "
        + "them. The line \u{201C}itself\u{201D} is the pick, trained as they are."
    let title = stage.cost.descriptor.title
    let hasSpread = model.trials.contains { $0.spreads[stage.cost.name] != nil }
    let hasInterval = model.trials.contains { $0.spreads[Metric.latency.name]?.interval != nil }
    let isDisturbed = model.trials.contains { $0.metrics.hasDisturbedLatency }
    let hasSeeds = stage.members.contains { member in
      model.trial(member.trial)?.metrics.interval(of: stage.accuracy) != nil
    }
    return rule
      + (hasSeeds ? intervals(stage) : "")
      + (hasSpread ? " Bars in the chart span the 10th to 90th percentile of the \(title)." : "")
      + (hasInterval
        ? " Below a latency stands the 95 % interval of its median: two whose intervals overlap may stand in the other order."
        : "")
      + (isDisturbed
        ? " A latency with *, an open circle in the chart, was taken while the machine was disturbed; smnas measure takes it again."
        : "")
  }

  /// What the intervals below accuracies mean.
  private static func intervals(_ stage: ReportModel.Stage) -> String {
    stage.name == SearchStage.final.rawValue
      ? " Below an accuracy stands its 95 % interval: how far other validation images of the same kind would lead to another number."
      : " Accuracies of designs that were trained by several seeds are means, and below an accuracy stands its 95 % interval over seeds. The "
        + "chance is how likely no other is better, if results scatter as their intervals say."
  }

  private static func head(_ metric: Metric) -> String {
    "<th class=\"n\" title=\"\(Markup.text(metric.descriptor.longTitle))\">\(metric.heading)</th>"
  }

  private static func row(
    _ name: String, _ trial: ReportModel.Entry, _ columns: [Metric], _ chances: [Int: Double]?,
    kind: String = "", below: String = ""
  ) -> String {
    var cells =
      [
        Markup.cell("<b>\(Markup.text(name))</b>", kind: "name"),
        Markup.cell(design(trial.design) + below),
      ] + columns.map { number($0, trial) }
    if let chances {
      let chance = chances[trial.id]
      cells.append(Markup.cell(chance?.fixed(2) ?? "–", key: chance, kind: "n"))
    }
    cells += [Markup.cell("<a href=\"#trial-\(trial.id)\">\(trial.id)</a>", kind: "n")]
    let mark = kind.isEmpty ? "" : " class=\"\(kind)\""
    return "<tr\(mark)>\(cells.joined())</tr>"
  }

  /// The command that trains a design in full, to be copied; empty where another program reads the data.
  private static func training(
    _ name: String, _ trial: ReportModel.Entry, _ model: ReportModel
  ) -> String {
    guard !model.isForeign else { return "" }
    let run = RunFolder(model.folder)
    let output = run.path + "-" + (Int(name) == nil ? name : "trial-\(name)")
    let command =
      "smnas train \(trial.design.quotedForShell) --plan \(run.plan.quotedForShell) "
      + "--output \(output.quotedForShell)"
    return """
      <details class="train"><summary>Train this fully</summary>
      <p><code>\(Markup.text(command))</code></p>
      <p><button type="button" data-copy="" hidden="hidden">Copy</button> By the paper's full training. Without weights, or on a small \
      machine, add --recipe small, or --recipe plan to train as the search does.</p></details>
      """
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
      let name = model.choiceName(of: picture.trial) ?? "Trial \(picture.trial)"
      let design = model.trial(picture.trial)?.design ?? ""
      let words = "\(name): \(picture.caption)"
      let image =
        picture.address.map { Markup.image(at: $0, alternative: words) }
        ?? Markup.image(picture.png, alternative: words)
      return """
        <figure data-trial="\(picture.trial)">\(image)
        <figcaption><b>\(Markup.text(name))</b> \(Markup.text(picture.caption))\
        <br/>\(HTMLReport.design(design))</figcaption></figure>
        """
    }
    return section(
      "pictures", "What they see", "Detections beside the truth, on a validation image.",
      "<div class=\"figures\">\(figures.joined(separator: "\n"))</div>")
  }
}

extension ReportModel.FrontPart {
  /// How likely no other trial is better than a member, by trial; nil where the noise is not known.
  fileprivate var chances: [Int: Double]? {
    let known = members.compactMap { member in member.chance.map { (member.trial, $0) } }
    return known.isEmpty ? nil : Dictionary(uniqueKeysWithValues: known)
  }
}
