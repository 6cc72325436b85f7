import DetBasics
import DetSpec

/// A design's cost as a table for people: parts, their levels below them, and what is counted.
enum CostTable {
  static let convention = """
    MACs: multiply-accumulates of convolutions and linear layers for one image at the padded input, one for each weight \
    that meets an input; FLOPs are twice as many. Norms, activations, pooling and RoIAlign are not counted.
    """

  static func text(_ cost: DesignCost) -> String {
    var table = TextTable([
      "part", "parameters", "MACs (M)", "activations (M)", "memory access (MB)",
    ])
    for part in cost.parts {
      table.add(
        row(
          part.name.rawValue, part.parameters, part.macs, part.activations, part.memoryAccessBytes))
      for level in part.levels where level.macs > 0 {
        table.add(
          row(
            "  \(level.name)", level.parameters, level.macs, level.activations,
            level.memoryAccessBytes))
      }
    }
    table.add(row("whole", cost.parameters, cost.macs, cost.activations, cost.memoryAccessBytes))
    return "\(table.text)\n\(convention)"
  }

  private static func row(
    _ name: String, _ parameters: Int, _ macs: Int, _ activations: Int, _ bytes: Int
  ) -> [String] {
    [
      name, "\(parameters)", (Double(macs) / 1e6).fixed(1), (Double(activations) / 1e6).fixed(2),
      (Double(bytes) / 1e6).fixed(1),
    ]
  }
}
