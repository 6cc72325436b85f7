import DetMetrics
import DetSpec

/// A design that stage two refines.
struct Pick: Sendable, Hashable {
  /// The design.
  let design: DetectorDesign
  /// The trial of stage one that it was picked from; nil when the plan names the design.
  let trial: Int?

  /// The designs that a plan names, or else members of stage one's front.
  static func all(of plan: ModularPlan, from search: SpaceSearch?) -> [Pick] {
    guard plan.designs.isEmpty else { return plan.designs.map { Pick(design: $0, trial: nil) } }
    guard let search else { return [] }
    let front = Front(
      of: search.trials, stage: .structural, objectives: search.objectives)
    return choose(front, count: plan.picks)
  }

  /// At most `count` members, least cost first: the ends, and between them those with the most room around them.
  static func choose(_ front: Front, count: Int) -> [Pick] {
    let points = front.members.map { Front.point($0.metrics, front.objectives) }
    var kept = Array(front.members.indices)
    while kept.count > count {
      // The loneliest stay: the member whose neighbours on the front are nearest goes, again and again.
      let room = CrowdingDistance.values(of: kept.map { points[$0] })
      let crowded = kept.indices.min { left, right in
        room[left] != room[right] ? room[left] < room[right] : left > right
      }
      guard let crowded else { break }
      kept.remove(at: crowded)
    }
    return kept.map { Pick(design: front.members[$0].design, trial: front.members[$0].trial) }
  }
}
