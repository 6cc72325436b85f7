import DetBasics
import DetData

/// A histogram as a drawing in a page: columns with their counts, edges below.
enum DoctorChart {
  private static let columnWidth = 46.0
  private static let height = 150.0

  static func html(_ histogram: Histogram) -> String {
    let most = Double(max(1, histogram.counts.max() ?? 1))
    var parts: [String] = []
    for (index, count) in histogram.counts.enumerated() {
      let left = Double(index) * columnWidth
      let length = count == 0 ? 0 : max(1.5, Double(count) / most * height)
      let top = 18 + height - length
      parts.append(
        "<rect x=\"\((left + 3).fixed(1))\" y=\"\(top.fixed(1))\" width=\"\((columnWidth - 6).fixed(1))\" "
          + "height=\"\(length.fixed(1))\" rx=\"2\"/>")
      if count > 0 {
        let middle = left + columnWidth / 2
        parts.append(
          "<text class=\"count\" x=\"\(middle.fixed(1))\" y=\"\((top - 5).fixed(1))\">\(count)</text>"
        )
      }
    }
    for (index, edge) in histogram.edges.enumerated() {
      let x = Double(index + 1) * columnWidth
      parts.append("<text x=\"\(x.fixed(1))\" y=\"\((height + 34).fixed(1))\">\(text(edge))</text>")
    }
    let width = Double(histogram.counts.count) * columnWidth
    return """
      <svg class="columns" viewBox="0 0 \(width.fixed(0)) \((height + 42).fixed(0))" role="img">\
      \(parts.joined())</svg>
      """
  }

  private static func text(_ edge: Double) -> String {
    edge < 1 && edge < 0.2 ? "1/\((1 / edge).fixed(0))" : edge.fixed(edge == edge.rounded() ? 0 : 2)
  }
}
