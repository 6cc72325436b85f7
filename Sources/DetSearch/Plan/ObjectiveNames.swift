import DetBasics
import DetSpec

/// Objectives as a plan writes them: by their names.
enum ObjectiveNames {
  static let form = SettingForm<[Metric], [String]>(
    "list of \(names(Metric.allCases, " | ")) | latency@ and a device of latency.devices",
    write: { $0.map(\.name) },
    read: { written in
      var objectives: [Metric] = []
      for name in written {
        guard let objective = Metric(rawValue: name) else {
          return .problem("names \"\(name)\"; use some of \(names(Metric.allCases))")
        }
        objectives.append(objective)
      }
      return .value(objectives)
    })

  /// Why these cannot be the objectives of a stage, in words; nil when they can.
  static func problem(of objectives: [Metric]) -> String? {
    if objectives.isEmpty { return "is an empty list; name at least one" }
    var seen = Set<Metric>()
    for objective in objectives where !seen.insert(objective).inserted {
      return "names \(objective) twice; name it once"
    }
    let count = objectives.count(where: \.isAccuracy)
    guard count == 0 || count == objectives.count else { return nil }
    return "are \(names(objectives)); use an accuracy (\(names(Metric.accuracies))) "
      + "and a cost (\(names(Metric.costs)))"
  }

  private static func names(_ metrics: [Metric], _ separator: String = ", ") -> String {
    metrics.map(\.name).joined(separator: separator)
  }
}

extension SettingsTable {
  /// Adds the key of a stage's objectives, under what they are for.
  mutating func addObjectives(_ path: Path<[Metric]>, _ help: String) {
    add(
      "objectives", path, as: ObjectiveNames.form, help,
      SettingRule(
        "an accuracy and a cost, none twice",
        problem: { objectives, _ in ObjectiveNames.problem(of: objectives) }))
  }
}
