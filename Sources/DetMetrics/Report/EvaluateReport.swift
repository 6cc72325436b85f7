import DetBasics

/// An evaluation as text for people and as JSON for programs.
///
/// ```swift
/// let report = EvaluateReport(evaluator.finish())
/// print(report.lines.joined(separator: "\n"))  // the familiar twelve lines
/// ```
public struct EvaluateReport: Sendable {
  private let result: CocoResult

  /// Reports a result.
  public init(_ result: CocoResult) { self.result = result }

  /// The twelve lines, letter by letter those of pycocotools.
  public var lines: [String] {
    let limits = result.parameters.detectionLimits
    let thresholds = result.parameters.iouThresholds
    let range = "\((thresholds.first ?? 0).fixed(2)):\((thresholds.last ?? 0).fixed(2))"
    let most = limits.last ?? 0
    let areas = ["all", "all", "all", "small", "medium", "large"]
    let overlaps = [range, "0.50", "0.75", range, range, range]
    let limitOfRecall = [limits[0], limits.count > 1 ? limits[1] : most, most, most, most, most]
    return result.summary.named.enumerated().map { place, entry in
      let isPrecision = place < 6
      let title = isPrecision ? "Average Precision  (AP)" : "Average Recall     (AR)"
      let overlap = isPrecision ? overlaps[place] : range
      let limit = isPrecision ? most : limitOfRecall[place - 6]
      let paddedOverlap = Self.padded(overlap, 9, right: true)
      let paddedArea = Self.padded(areas[place % 6], 6)
      return " \(title) @[ IoU=\(paddedOverlap) | area=\(paddedArea) "
        + "| maxDets=\(Self.padded("\(limit)", 3)) ] = \(entry.value.fixed(3))"
    }
  }

  /// One row per class: AP, AP50, AP75, AR and how many truths there are.
  public var classTable: String {
    var table = TextTable(["class", "truths", "AP", "AP50", "AP75", "AR100"])
    for category in result.categories {
      let one = result.summary(category: category.id)
      let name = category.name.isEmpty ? "\(category.id)" : category.name
      let values = [one.AP, one.AP50, one.AP75, one.AR100].map { $0 < 0 ? "-" : $0.fixed(3) }
      table.add([name, "\(result.truthCount(category: category.id))"] + values)
    }
    return table.text
  }

  /// The twelve numbers by name, and what each class comes to, as one JSON object with sorted keys.
  public func json(classes: Bool = false) throws -> String {
    var text = try JSON.text(result.summary)
    guard classes else { return text }
    let rows = try result.categories.map { category in
      let numbers = String(try JSON.text(result.summary(category: category.id)).dropFirst())
      let name = try JSON.text(category.name)
      return "{\"id\":\(category.id),\"name\":\(name)," + numbers
    }
    text.removeLast()
    return text + ",\"classes\":[" + rows.joined(separator: ",") + "]}"
  }

  private static func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
    let spaces = String(repeating: " ", count: max(0, width - text.count))
    return right ? text + spaces : spaces + text
  }
}
