import DetMetrics
public import DetSpec

/// The trials of a stage for which no other trial is at least as good in every objective and better in one.
public struct Front: Sendable, Hashable, Codable {
  /// The stage.
  public let stage: SearchStage
  /// The objectives' names.
  public let objectives: [Metric]
  /// The trials, least cost first; the cost is the first objective that is not an accuracy.
  public let members: [Member]

  /// A trial on the front.
  public struct Member: Sendable, Hashable, Codable {
    /// The trial's number.
    public let trial: Int
    /// The design.
    public let design: DetectorDesign
    /// `C0`, `C1`, … in stage one, `E0`, `E1`, … in stage two, cheapest first.
    public let name: String
    /// The results.
    public let metrics: [String: Double]

    fileprivate init(_ record: Trial, name: String) {
      trial = record.id
      design = record.design
      self.name = name
      metrics = record.metrics
    }
  }

  /// The front of those trials that finished in the stage.
  public init(of trials: [Trial], stage: SearchStage, objectives: [Metric]) {
    self.stage = stage
    self.objectives = objectives
    let candidates = trials.filter { $0.stage == stage && $0.isFinished }
    let points = candidates.map { Self.point($0.metrics, objectives) }
    let indices = ParetoFront.indices(of: points, directions: objectives.map(\.direction))
    let order = Self.costFirst(objectives)
    let sorted = indices.sorted { left, right in
      for axis in order where points[left][axis] != points[right][axis] {
        return points[left][axis] < points[right][axis]
      }
      return candidates[left].id < candidates[right].id
    }
    let letter = stage == .structural ? "C" : "E"
    members = sorted.enumerated().map { place, index in
      Member(candidates[index], name: "\(letter)\(place)")
    }
  }

  /// The coordinates of results in the objectives' order.
  ///
  /// Precondition: every objective is there, as ``Outcome/finished(metrics:)`` guarantees.
  package static func point(
    _ metrics: [String: Double], _ objectives: [Metric]
  ) -> [Double] {
    objectives.map { objective in
      guard let value = metrics[objective] else {
        preconditionFailure("a finished trial has no \(objective)")
      }
      return value
    }
  }

  private static func costFirst(_ objectives: [Metric]) -> [Int] {
    objectives.indices.filter { !objectives[$0].isAccuracy }
      + objectives.indices.filter { objectives[$0].isAccuracy }
  }

  private enum CodingKeys: String, CodingKey { case version, stage, objectives, members }

  /// Reads a front as it was written.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    _ = try container.decode(Int.self, forKey: .version)
    stage = try container.decode(SearchStage.self, forKey: .stage)
    objectives = try container.decode([Metric].self, forKey: .objectives)
    members = try container.decode([Member].self, forKey: .members)
  }

  /// Writes `version stage objectives members`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(1, forKey: .version)
    try container.encode(stage, forKey: .stage)
    try container.encode(objectives, forKey: .objectives)
    try container.encode(members, forKey: .members)
  }
}
