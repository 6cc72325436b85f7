import DetMetrics
import DetSpec

/// Finished trials in the order of NSGA-II (Deb et al. 2002): by the front on which they lie, and within one by the room around
/// them.
struct Ranking: Sendable {
  /// The trials' numbers, best first.
  let trials: [Int]

  /// Ranks some finished trials of a history.
  init(of trials: [Int], in history: SearchHistory) {
    let points = trials.compactMap { history[$0]?.point }
    let fronts = ParetoFront.fronts(of: points, directions: history.objectives.map(\.direction))
    self.trials = fronts.flatMap { members in
      let room = CrowdingDistance.values(of: members.map { points[$0] })
      let order = members.indices.sorted { left, right in
        room[left] != room[right] ? room[left] > room[right] : left < right
      }
      return order.map { trials[members[$0]] }
    }
  }
}
