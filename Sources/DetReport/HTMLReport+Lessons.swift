import DetBasics
import DetMetrics
import DetSpec

extension HTMLReport {
  /// What makes a design good: traits of the designs around each pick, and parts in stage one.
  static func lessons(_ lessons: DesignLessons) -> String {
    var bodies: [String] = []
    if !lessons.traits.isEmpty {
      let sets = lessons.traits.map(traits).joined(separator: "\n")
      bodies.append(
        """
        <p class="note">How traits of a design go with accuracy, as a correlation of ranks from −1 to 1: over all trials around the \
        pick, and at the same multiply-accumulates. Bars have their 95 % interval; bold numbers are those whose interval leaves out 0. \
        A raise is a block that doubles the channels.</p>
        <div class="pair">\(sets)</div>
        """)
    }
    if let set = lessons.parts {
      let tables = set.groups.map { parts($0, set) }.joined(separator: "\n")
      bodies.append(
        """
        <h3>Parts in stage one</h3>
        <p class="note">Means over the finished trials that have the part, with the 95 % interval of the mean. A search tries good \
        designs more often than others, so these are hints, not causes.</p>
        <div class="parts">\(tables)</div>
        """)
    }
    guard !bodies.isEmpty else { return "" }
    return section("design-lessons", "What makes a design good", "", bodies.joined(separator: "\n"))
  }

  private static func traits(_ set: DesignLessons.TraitSet) -> String {
    let accuracy = set.accuracy.heading
    let rows = set.rows.map { row in
      let cells = [
        Markup.cell(Markup.text(row.title)), estimate(row.overall),
        Markup.cell(row.kendall.fixed(2), key: row.kendall, kind: "n"),
        row.atCost.map(estimate) ?? Markup.cell("–", kind: "n"),
      ]
      return "<tr>\(cells.joined())</tr>"
    }
    return """
      <div><h3>\(Markup.text(set.title))</h3>
      <p class="controls">\(accuracy), \(set.count.of("trial"))</p>
      \(chart("traits", front: set.front, label: "Correlation of traits with \(accuracy)"))
      <details><summary>In numbers</summary><div class="scroll"><table>
      <thead><tr><th>Trait</th><th class="n">Overall</th><th class="n">Kendall tau</th>\
      <th class="n">At the same MACs</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table></div></details></div>
      """
  }

  private static func estimate(_ one: RankCorrelation.Estimate) -> String {
    let value = signed(one.value)
    let content =
      (one.isResolved ? "<b>\(value)</b>" : value)
      + "<small>\(signed(one.lower)) – \(signed(one.upper))</small>"
    return Markup.cell(content, key: one.value, kind: "n")
  }

  private static func signed(_ value: Double) -> String {
    let text = value.fixed(2)
    return text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }

  private static func parts(
    _ group: DesignLessons.PartGroup, _ set: DesignLessons.PartSet
  ) -> String {
    let rows = group.rows.map { row in
      let spread = row.spread.map { "<small>± \(set.accuracy.text($0))</small>" } ?? ""
      let cells = [
        Markup.cell(design(row.text)), Markup.cell("\(row.count)", kind: "n"),
        Markup.cell(set.accuracy.text(row.accuracy) + spread, kind: "n"),
        Markup.cell(set.cost.text(row.cost), kind: "n"),
      ]
      return "<tr>\(cells.joined())</tr>"
    }
    return """
      <div class="scroll"><table>
      <thead><tr><th>\(group.part)</th><th class="n">Trials</th><th class="n">\(set.accuracy.heading)</th>\
      <th class="n">\(set.cost.heading)</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table></div>
      """
  }
}
