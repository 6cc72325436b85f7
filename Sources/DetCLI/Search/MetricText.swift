import DetBasics
import DetCommand
import DetSearch
import DetSpec

/// How results stand in tables: `0.412`, `31.2 ms`, `16.2 M`.
enum MetricText {
  /// A metric's value; a dash when there is none.
  static func value(_ name: String, _ metrics: [String: Double]) -> String {
    guard let value = metrics[name] else { return "-" }
    switch name {
    case "latency": return Durations.milliseconds(value)
    case "macs", "parameters": return amount(value)
    default: return value.fixed(3)
    }
  }

  /// Three figures with a letter: `950`, `16.2 k`, `16.2 M`, `1.62 G`.
  static func amount(_ value: Double) -> String {
    let scales: [(Double, String)] = [(1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")]
    for (scale, letter) in scales where value >= scale * 0.9995 {
      let scaled = value / scale
      return scaled.fixed(scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0) + letter
    }
    return value.fixed(0)
  }

  /// What a column is called.
  static func title(_ name: String) -> String { name == "macs" ? "MACs" : name }

  /// The metrics worth a column beside the objectives, objectives first.
  static func columns(_ objectives: [SearchObjective]) -> [String] {
    let wanted = objectives.map(\.rawValue)
    return wanted + ["AP", "AP50", "latency", "parameters", "macs"].filter { !wanted.contains($0) }
  }

  /// An outcome in words.
  static func outcome(_ trial: Trial, isActive: Bool) -> String {
    switch trial.outcome {
    case .timedOut: "timed out"
    case .outOfMemory: "out of memory"
    case .crashed(let signal): "crashed (signal \(signal))"
    case nil, .some: trial.state(whileSearching: isActive)
    }
  }

  /// A front as a table.
  static func table(_ front: Front) -> String {
    let columns = columns(front.objectives).filter { name in
      front.members.contains { $0.metrics[name] != nil }
    }
    var table = TextTable(["name"] + columns.map(title) + ["trial", "design"])
    for member in front.members {
      table.add(
        [member.name] + columns.map { value($0, member.metrics) }
          + ["\(member.trial)", member.design.text])
    }
    return table.text
  }
}

extension SearchStage: ArgumentChoice {}

/// An amount with a letter for its scale: `5G`, `20M`, `1.5e9`.
struct Amount: ArgumentValue, Equatable {
  let value: Double

  init(argument: String) throws {
    let scales: [Character: Double] = ["k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12]
    let scale = argument.last.flatMap { scales[$0] }
    let digits = scale == nil ? argument[...] : argument.dropLast()
    guard let number = Double(digits), number.isFinite, number > 0 else {
      throw ArgumentValueError(expected: "an amount above 0, as in 5G or 20M")
    }
    value = number * (scale ?? 1)
  }
}
