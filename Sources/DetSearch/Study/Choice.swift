import DetMetrics
public import DetSpec

/// A design that one stage hands on to the next, under a name that it keeps: a pick C0, C1, … of stage one, a final E0, E1, … of
/// stage two.
public struct Choice: Sendable, Hashable, Codable {
  /// Its name.
  public let name: String
  /// The design.
  public let design: DetectorDesign
  /// The trial that it was chosen from; nil when the plan names the design.
  public let trial: Int?

  /// Names a design.
  public init(name: String, design: DetectorDesign, trial: Int?) {
    self.name = name
    self.design = design
    self.trial = trial
  }
}

/// What the stages of a search have handed on so far. Kept with the trials: what was chosen once stays, even when latencies are
/// measured again.
public struct Choices: Sendable, Hashable, Codable {
  /// What stage two refines; nil while stage one is not over.
  public var picks: [Choice]?
  /// What is trained in full; nil while that has not begun.
  public var finals: [Choice]?

  /// Nothing yet.
  public init() {}

  /// What a run of a plan has chosen when nobody kept it: the same that it would choose now.
  package init(of plan: Plan, trials: [Trial]) {
    guard let section = plan.modular, trials.contains(where: { $0.stage == .modular }) else {
      return
    }
    picks = Choice.picks(
      of: section, from: trials, objectives: plan.objectives(of: .structural))
  }

  /// The name of a trial that was chosen, or that trains a final; nil for any other.
  package func name(of trial: Trial) -> String? {
    names[trial.id] ?? namesOfFinals([trial])[trial.id]
  }

  /// Whether what a stage takes from those before it is chosen; true of stage one, which takes nothing.
  package func areMade(for stage: SearchStage) -> Bool {
    switch stage {
    case .structural: true
    case .modular: picks != nil
    case .final: finals != nil
    }
  }

  /// The names of the trials that designs were chosen from. One that was chosen twice has its first name.
  var names: [Int: String] {
    let chosen = (picks ?? []) + (finals ?? [])
    return Dictionary(
      chosen.compactMap { choice in choice.trial.map { ($0, choice.name) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// The names of the trials that train finals.
  func namesOfFinals(_ trials: [Trial]) -> [Int: String] {
    guard let finals else { return [:] }
    let named = trials.filter { $0.stage == .final && finals.indices.contains($0.suggestion.step) }
    return Dictionary(uniqueKeysWithValues: named.map { ($0.id, finals[$0.suggestion.step].name) })
  }
}

extension Choice {
  /// At most `count` members, least cost first: the ends, and between them those with the most room around them. One alone is the
  /// most accurate.
  ///
  /// A front's cheap end may hardly detect anything: members with less than half the accuracy of the best are chosen last, the best
  /// of them first.
  static func choose(_ front: Front, count: Int) -> [Front.Member] {
    let (members, poor) = front.withPoorApart
    guard members.count >= count else {
      let chosen = Set((members + poor.prefix(count - members.count)).map(\.trial))
      return front.members.filter { chosen.contains($0.trial) }
    }
    if count == 1, let best = members.max(by: front.isLessAccurate) { return [best] }
    let points = members.map { Front.point($0.metrics, front.objectives) }
    var kept = Array(members.indices)
    while kept.count > count {
      // The loneliest stay: the member whose neighbours on the front are nearest goes, again and again.
      let room = CrowdingDistance.values(of: kept.map { points[$0] })
      let crowded = kept.indices.min { left, right in
        room[left] != room[right] ? room[left] < room[right] : left > right
      }
      guard let crowded else { break }
      kept.remove(at: crowded)
    }
    return kept.map { members[$0] }
  }
}

extension Front {
  /// The members with at least half the accuracy of the best, least cost first, and the others, most accurate first.
  fileprivate var withPoorApart: (good: [Member], poor: [Member]) {
    guard let accuracy = objectives.first(where: \.isAccuracy) else { return (members, []) }
    let best = members.map { $0.metrics[accuracy] ?? 0 }.max() ?? 0
    let isPoor = { (member: Member) in member.metrics[accuracy] ?? 0 < best / 2 }
    return (
      members.filter { !isPoor($0) },
      members.filter(isPoor).sorted { isLessAccurate($1, $0) }
    )
  }

  fileprivate func isLessAccurate(_ member: Member, _ other: Member) -> Bool {
    guard let accuracy = objectives.first(where: \.isAccuracy) else { return false }
    return member.metrics[accuracy] ?? 0 < other.metrics[accuracy] ?? 0
  }
}
