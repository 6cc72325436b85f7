import DetMetrics
public import DetSpec

/// The trials of a stage, or of one pick, for which no other trial is at least as good in every objective and better in one.
public struct Front: Sendable, Hashable {
  /// The stage.
  public let stage: SearchStage
  /// The objectives' names.
  public let objectives: [Metric]
  /// In stage two, the pick around which the trials are.
  public let pick: Choice?
  /// The trials, least cost first; the cost is the first objective that is not an accuracy.
  public let members: [Member]
  /// Trials that may belong to it as well, with a chance of ``leastChance`` or more, likeliest first; none where all is taken for exact.
  public let contenders: [Member]
  /// In stage two, the pick itself, trained as all around it are; nil while it has not finished.
  public let baseline: Member?

  /// What a chance must be at least to be worth a word.
  public static let leastChance = 0.05

  /// A trial on the front.
  public struct Member: Sendable, Hashable, Codable {
    /// The trial's number.
    public let trial: Int
    /// The design.
    public let design: DetectorDesign
    /// `C0`, … for a pick; nil for a trial that no stage has handed on.
    public let name: String?
    /// The results.
    public let metrics: [String: Double]
    /// How likely no other is better, by the intervals of all results; nil where the noise of accuracies is not known.
    public fileprivate(set) var chance: Double?

    fileprivate init(_ record: Trial, name: String?) {
      trial = record.id
      design = record.design
      self.name = name
      metrics = record.metrics
    }

    /// The name, or else the trial's number.
    public var label: String { name ?? "\(trial)" }
  }

  /// The front of those trials that finished in the stage.
  ///
  /// - Parameters:
  ///   - trials: any; those of other stages, and in stage two of other picks, are left out. Trainings of one design by several seeds
  ///     count as one trial, with their mean.
  ///   - stage: the stage.
  ///   - objectives: what is compared.
  ///   - names: of trials that a stage has handed on.
  ///   - pick: the number and the name of the pick around which the trials are; nil for all of the stage.
  public init(
    of trials: [Trial], stage: SearchStage, objectives: [Metric], names: [Int: String] = [:],
    pick: (number: Int, choice: Choice)? = nil
  ) {
    let candidates = trials.filter { $0.stage == stage }.pooled().filter { trial in
      trial.isFinished
        && (pick.map { trial.suggestion.pick == $0.number } ?? true)
    }
    self.init(
      stage: stage, objectives: objectives, pick: pick?.choice,
      of: candidates.map { Member($0, name: names[$0.id]) },
      baseline: pick.flatMap { pick in
        candidates.first { $0.design == pick.choice.design }.map { Member($0, name: nil) }
      })
  }

  /// The front of the members of several.
  init(of members: [Member], stage: SearchStage, objectives: [Metric]) {
    self.init(stage: stage, objectives: objectives, pick: nil, of: members, baseline: nil)
  }

  /// Those of some candidates that no other dominates, least cost first, and those that may be.
  private init(
    stage: SearchStage, objectives: [Metric], pick: Choice?, of candidates: [Member],
    baseline: Member?
  ) {
    let points = candidates.map { Self.point($0.metrics, objectives) }
    let indices = ParetoFront.indices(of: points, directions: objectives.map(\.direction))
    var known = candidates
    var contenders: [Member] = []
    // Finals' intervals are those of their images, which all have in common.
    if stage != .final, candidates.contains(where: { $0.metrics.hasAccuracyInterval }) {
      let chances = FrontChances(objectives: objectives)(
        candidates.map { $0.metrics.uncertain(objectives) }, front: indices
      ).map(\.value)
      for place in known.indices { known[place].chance = chances[place] }
      contenders = Set(known.indices).subtracting(indices)
        .filter { chances[$0] >= Self.leastChance }
        .sorted { chances[$0] != chances[$1] ? chances[$0] > chances[$1] : $0 < $1 }
        .map { known[$0] }
    }
    let order = Self.costFirst(objectives)
    let sorted = indices.sorted { left, right in
      for axis in order where points[left][axis] != points[right][axis] {
        return points[left][axis] < points[right][axis]
      }
      return candidates[left].trial < candidates[right].trial
    }
    self.init(
      stage: stage, objectives: objectives, pick: pick, members: sorted.map { known[$0] },
      contenders: contenders, baseline: baseline)
  }

  /// A front as it was kept.
  init(
    stage: SearchStage, objectives: [Metric], pick: Choice?, members: [Member],
    contenders: [Member], baseline: Member?
  ) {
    self.stage = stage
    self.objectives = objectives
    self.pick = pick
    self.members = members
    self.contenders = contenders
    self.baseline = baseline
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
}
