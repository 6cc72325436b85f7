import DetMetrics

/// Which members of stage one's front stage two refines.
enum Picks {
  /// At most `count` members, least cost first: the ends, and between them those with the most room around them.
  static func choose(_ front: Front, count: Int) -> [Front.Member] {
    guard front.members.count > count else { return front.members }
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
    return kept.map { front.members[$0] }
  }
}
