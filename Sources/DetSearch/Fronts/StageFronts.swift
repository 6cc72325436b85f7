public import DetSpec

/// The fronts of a stage: one of stage one and of the finals; in stage two one of each pick, because designs around different picks are
/// never ranked against each other by what is counted of them.
public struct StageFronts: Sendable, Hashable, Codable {
  /// The stage.
  public let stage: SearchStage
  /// What is compared.
  public let objectives: [Metric]
  /// The fronts; those of picks in their order, also while they are empty.
  public let fronts: [Front]

  /// The fronts of a stage's trials; those of other stages are left out.
  public init(of trials: [Trial], stage: SearchStage, objectives: [Metric], choices: Choices) {
    self.stage = stage
    self.objectives = objectives
    let names = choices.names
    switch stage {
    case .structural:
      fronts = [Front(of: trials, stage: stage, objectives: objectives, names: names)]
    case .modular:
      fronts = (choices.picks ?? []).enumerated().map {
        Front(of: trials, stage: stage, objectives: objectives, names: names, pick: ($0, $1))
      }
    case .final:
      fronts = [
        Front(
          of: trials, stage: stage, objectives: objectives, names: choices.namesOfFinals(trials))
      ]
    }
  }

  /// The members of all of them.
  public var members: [Front.Member] { fronts.flatMap(\.members) }

  /// The front that a trial of the stage belongs to; nil for one of another stage.
  package func front(of trial: Trial) -> Front? {
    guard trial.stage == stage else { return nil }
    let place = trial.suggestion.pick ?? 0
    return fronts.indices.contains(place) ? fronts[place] : nil
  }

  private enum CodingKeys: String, CodingKey {
    case version, stage, objectives, members, contenders, picks
  }

  private struct PickFront: Codable {
    let name: String
    let design: DetectorDesign
    let trial: Int?
    let baseline: Front.Member?
    let members: [Front.Member]
    let contenders: [Front.Member]?
  }

  /// Reads fronts as they were written.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    _ = try container.decode(Int.self, forKey: .version)
    let stage = try container.decode(SearchStage.self, forKey: .stage)
    let objectives = try container.decode([Metric].self, forKey: .objectives)
    (self.stage, self.objectives) = (stage, objectives)
    if let picks = try container.decodeIfPresent([PickFront].self, forKey: .picks) {
      fronts = picks.map {
        Front(
          stage: stage, objectives: objectives,
          pick: Choice(name: $0.name, design: $0.design, trial: $0.trial), members: $0.members,
          contenders: $0.contenders ?? [], baseline: $0.baseline)
      }
    } else {
      let contenders = try container.decodeIfPresent([Front.Member].self, forKey: .contenders)
      fronts = [
        Front(
          stage: stage, objectives: objectives, pick: nil,
          members: try container.decode([Front.Member].self, forKey: .members),
          contenders: contenders ?? [], baseline: nil)
      ]
    }
  }

  /// Writes `version stage objectives members`, and `contenders` where there are some; in stage two `picks` instead of both, each with
  /// `name design trial baseline members contenders`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(1, forKey: .version)
    try container.encode(stage, forKey: .stage)
    try container.encode(objectives, forKey: .objectives)
    switch stage {
    case .structural, .final:
      try container.encode(members, forKey: .members)
      try container.encodeIfPresent(fronts.first?.contendersIfAny, forKey: .contenders)
    case .modular:
      let picks = fronts.compactMap { front in
        front.pick.map {
          PickFront(
            name: $0.name, design: $0.design, trial: $0.trial, baseline: front.baseline,
            members: front.members, contenders: front.contendersIfAny)
        }
      }
      try container.encode(picks, forKey: .picks)
    }
  }
}

extension Front {
  fileprivate var contendersIfAny: [Member]? { contenders.isEmpty ? nil : contenders }
}
