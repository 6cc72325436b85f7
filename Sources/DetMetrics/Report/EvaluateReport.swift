import DetBasics
import Foundation

/// An evaluation as text for people.
///
/// ```swift
/// let report = EvaluateReport(evaluator.finish())
/// print(report.lines.joined(separator: "\n"))  // the familiar twelve lines
/// ```
public struct EvaluateReport: Sendable {
  private let result: COCOResult
  private let summary: COCOSummary

  /// Reports a result; `summary` stands for its own twelve numbers, as BDD's class means do.
  public init(_ result: COCOResult, summary: COCOSummary? = nil) {
    self.result = result
    self.summary = summary ?? result.summary
  }

  /// The twelve lines, letter by letter those of pycocotools.
  public var lines: [String] {
    let limits = result.parameters.detectionLimits
    let thresholds = result.parameters.iouThresholds
    let range = "\((thresholds.first ?? 0).fixed(2)):\((thresholds.last ?? 0).fixed(2))"
    let most = limits.last ?? 0
    let areas = ["all", "all", "all", "small", "medium", "large"]
    let overlaps = [range, "0.50", "0.75", range, range, range]
    let limitOfRecall = [limits[0], limits.count > 1 ? limits[1] : most, most, most, most, most]
    return summary.named.enumerated().map { place, entry in
      let isPrecision = place < 6
      let title = isPrecision ? "Average Precision  (AP)" : "Average Recall     (AR)"
      let overlap = isPrecision ? overlaps[place] : range
      let limit = isPrecision ? most : limitOfRecall[place - 6]
      let paddedOverlap = Self.padded(overlap, 9, right: true)
      let paddedArea = Self.padded(areas[place % 6], 6)
      // C's rounding of the exact value, as Python's: 0.0625 is 0.062.
      let value = String(format: "%.3f", entry.value)
      return " \(title) @[ IoU=\(paddedOverlap) | area=\(paddedArea) "
        + "| maxDets=\(Self.padded("\(limit)", 3)) ] = \(value)"
    }
  }

  /// One row per class: AP, AP50, AP75, AR and how many truths there are.
  public var classTable: String {
    var table = TextTable(["class", "truths", "AP", "AP50", "AP75", "AR100"])
    for category in result.categories {
      let one = result.summary(category: category.id)
      let values = [one.AP, one.AP50, one.AP75, one.AR100].map { $0 < 0 ? "-" : $0.fixed(3) }
      table.add([category.label, "\(result.truthCount(category: category.id))"] + values)
    }
    return table.text
  }

  private static func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
    let spaces = String(repeating: " ", count: max(0, width - text.count))
    return right ? text + spaces : spaces + text
  }
}

extension GroundTruth.Category {
  /// The name, or the id when there is none.
  public var label: String { name.isEmpty ? "\(id)" : name }
}
