import DetBasics
import DetMetrics
import DetSearch
import DetSpec

/// What the finished trials of a run say about designs: how traits of a pick's changes go with accuracy, and how parts do.
package struct DesignLessons: Encodable, Sendable {
  /// Of each front of stage two with enough trials.
  let traits: [TraitSet]
  /// Of stage one; nil where it has too few trials.
  let parts: PartSet?

  /// Fewer finished trials than this say nothing worth a table.
  static let fewest = 8

  /// The traits of the designs around one pick.
  struct TraitSet: Encodable {
    /// The front's id in the page.
    let front: String
    /// What stands over it.
    let title: String
    /// Finished trials that were counted.
    let count: Int
    let accuracy: Metric
    let rows: [TraitRow]
  }

  /// How one trait goes with accuracy.
  struct TraitRow: Encodable {
    let title: String
    /// Over all trials.
    let overall: RankCorrelation.Estimate
    let kendall: Double
    /// At the same multiply-accumulates; nil where the trait follows them.
    let atCost: RankCorrelation.Estimate?
  }

  /// The parts of stage one.
  struct PartSet: Encodable {
    let accuracy: Metric
    let cost: Metric
    let groups: [PartGroup]
  }

  /// The values of one part.
  struct PartGroup: Encodable {
    let part: String
    let rows: [PartRow]
  }

  /// The trials that have one value of a part.
  struct PartRow: Encodable {
    let text: String
    let count: Int
    let accuracy: Double
    /// Half the 95 % interval of the mean; nil for fewer than three trials.
    let spread: Double?
    let cost: Double
  }

  package init(_ model: ReportModel) {
    let stages = model.stages
    let trials = Dictionary(uniqueKeysWithValues: model.trials.map { ($0.id, $0) })
    traits = stages.filter { $0.name == SearchStage.modular.rawValue }.flatMap { stage in
      stage.fronts.compactMap { Self.traits($0, stage, $0.trials.compactMap { trials[$0] }) }
    }
    parts = stages.first { $0.name == SearchStage.structural.rawValue }.flatMap { stage in
      Self.parts(stage, stage.fronts.flatMap(\.trials).compactMap { trials[$0] })
    }
  }

  // MARK: - Traits

  private static func traits(
    _ front: ReportModel.FrontPart, _ stage: ReportModel.Stage, _ trials: [ReportModel.Entry]
  ) -> TraitSet? {
    let accuracy = stage.accuracy
    typealias Known = (design: DetectorDesign, accuracy: Double, macs: Double)
    let known = trials.compactMap { trial -> Known? in
      guard case .coded = trial.record.design.backbone, let value = trial.metrics[accuracy],
        let macs = trial.metrics[.macs]
      else { return nil }
      return (trial.record.design, value, macs)
    }
    guard known.count >= fewest else { return nil }
    let varies = known.contains { $0.design.head.saysChannels }
    let traits = DesignTrait.allCases.filter { $0 != .head || varies }
    let rows = traits.compactMap { trait -> TraitRow? in
      let triples = known.compactMap { one in
        trait.value(one.design, headWidth: stage.headWidth).map { ($0, one.accuracy, one.macs) }
      }
      guard triples.count >= fewest, let all = RankCorrelation(triples.map { ($0.0, $0.1) })
      else { return nil }
      return TraitRow(
        title: trait.title, overall: all.estimate, kendall: all.kendall,
        atCost: RankCorrelation.partial(triples))
    }
    guard !rows.isEmpty else { return nil }
    return TraitSet(
      front: front.id, title: front.pick.map { "Around \($0.name)" } ?? "Stage two",
      count: known.count, accuracy: accuracy, rows: rows)
  }

  // MARK: - Parts

  private static func parts(
    _ stage: ReportModel.Stage, _ trials: [ReportModel.Entry]
  ) -> PartSet? {
    let (accuracy, cost) = (stage.accuracy, stage.cost)
    let known = trials.compactMap { trial -> (design: DetectorDesign, Double, Double)? in
      guard let value = trial.metrics[accuracy], let price = trial.metrics[cost] else { return nil }
      return (trial.record.design, value, price)
    }
    guard known.count >= fewest, let names = known.first?.design.parts.map(\.name) else {
      return nil
    }
    let groups = names.enumerated().compactMap { place, name -> PartGroup? in
      let values = Dictionary(grouping: known) { $0.design.parts[place].text }
      guard values.count > 1 else { return nil }
      let rows = values.map { row($0, $1.map(\.1), $1.map(\.2)) }
      return PartGroup(
        part: name.prefix(1).uppercased() + name.dropFirst(),
        rows: rows.sorted { ($0.cost, $0.text) < ($1.cost, $1.text) })
    }
    guard !groups.isEmpty else { return nil }
    return PartSet(accuracy: accuracy, cost: cost, groups: groups)
  }

  private static func row(_ text: String, _ values: [Double], _ costs: [Double]) -> PartRow {
    let count = Double(values.count)
    return PartRow(
      text: text, count: values.count, accuracy: values.mean,
      spread: values.count < 3 ? nil : 1.96 * values.sampleDeviation / count.squareRoot(),
      cost: costs.mean)
  }
}
