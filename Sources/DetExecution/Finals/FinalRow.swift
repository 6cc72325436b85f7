import DetBasics
import DetSearch
package import DetSpec

/// A design that was trained in full, with all that led to it: a row of a run's last table.
package struct FinalRow: Encodable, Hashable, Sendable {
  /// `E0`, `E1`, …
  package let name: String
  /// The design.
  package let design: DetectorDesign
  /// The trial that trains it; nil before it is begun.
  package let trial: Int?
  /// What became of that trial, in a word; nil before it is begun.
  package let outcome: String?
  /// Its results.
  package let metrics: [String: Double]
  /// Bytes that its layers read and write for one image; nil where nobody knows the number of classes.
  package let memoryAccessBytes: Int?
  /// The trial that it was chosen from.
  package let found: Step?
  /// The name of the pick around which that was found.
  package let pick: String?
  /// That pick, trained as the designs around it.
  package let baseline: Step?
  /// That pick in stage one.
  package let picked: Step?

  /// A trial on the way to a final.
  package struct Step: Encodable, Hashable, Sendable {
    /// The trial's number.
    package let trial: Int
    /// The design.
    package let design: DetectorDesign
    /// The results.
    package let metrics: [String: Double]

    init(_ record: Trial) { (trial, design, metrics) = (record.id, record.design, record.metrics) }
  }
}

extension RunSnapshot {
  /// The finals in the order of their names; none before they were chosen.
  package func finals() throws -> [FinalRow] {
    let finals = choices.finals ?? []
    guard !finals.isEmpty else { return [] }
    let classes = try Store(reading: folder.store).classes()
    let known = Dictionary(uniqueKeysWithValues: trials.map { ($0.id, $0) })
    return finals.enumerated().map { place, final in
      let trial = trials.first { $0.stage == .final && $0.suggestion.step == place }
      let found = final.trial.flatMap { known[$0] }
      let pick = found?.suggestion.pick.flatMap { number in
        choices.picks.flatMap { $0.indices.contains(number) ? $0[number] : nil }
      }
      let baseline = pick.flatMap { pick in
        trials.first {
          $0.stage == .modular && $0.suggestion.pick == found?.suggestion.pick
            && $0.design == pick.design && $0.isFinished
        }
      }
      let cost = classes.flatMap { classes in
        plan.recipe(of: .final).map { DesignCost(final.design, classes: classes, recipe: $0) }
      }
      return FinalRow(
        name: final.name, design: final.design, trial: trial?.id,
        outcome: trial?.state(whileSearching: isActive), metrics: trial?.metrics ?? [:],
        memoryAccessBytes: cost?.memoryAccessBytes, found: found.map(FinalRow.Step.init),
        pick: pick?.name, baseline: baseline.map(FinalRow.Step.init),
        picked: pick?.trial.flatMap { known[$0] }.map(FinalRow.Step.init))
    }
  }
}
