extension ReportModel {
  /// One design evaluated once.
  package struct Trial: Codable, Sendable, Equatable {
    /// Its number.
    package var id: Int
    /// `structural` or `modular`.
    package var stage: String
    /// The design's text.
    package var design: String
    /// `finished`, `failed`, …; while there is none, `running` or `interrupted`.
    package var outcome: String
    /// Why it did not finish, in words.
    package var reason: String?
    /// Its results by name; empty unless finished.
    package var metrics: [String: Double]
    /// How far repeated measurements of a metric were apart, by the metric's name.
    package var spreads: [String: Spread]
    /// How long it took.
    package var seconds: Double
    /// What each epoch reported.
    package var curve: [Epoch]
    /// `start`, `random`, `mutation` or `pick`.
    package var origin: String
    /// The trial whose design it is a change of.
    package var parent: Int?

    /// Whether it has results.
    package var isFinished: Bool { outcome == "finished" }

    /// States a trial.
    package init(
      id: Int, stage: String, design: String, outcome: String, reason: String? = nil,
      metrics: [String: Double] = [:], spreads: [String: Spread] = [:], seconds: Double = 0,
      curve: [Epoch] = [], origin: String = "start", parent: Int? = nil
    ) {
      self.id = id
      self.stage = stage
      self.design = design
      self.outcome = outcome
      self.reason = reason
      self.metrics = metrics
      self.spreads = spreads
      self.seconds = seconds
      self.curve = curve
      self.origin = origin
      self.parent = parent
    }
  }

  /// Percentiles of repeated measurements, in the metric's unit.
  package struct Spread: Codable, Sendable, Equatable {
    /// A tenth of the runs was faster.
    package var p10: Double
    /// Half of the runs were faster.
    package var median: Double
    /// Nine tenths of the runs were faster.
    package var p90: Double

    /// States percentiles.
    package init(p10: Double, median: Double, p90: Double) {
      self.p10 = p10
      self.median = median
      self.p90 = p90
    }
  }

  /// What an epoch reported.
  package struct Epoch: Codable, Sendable, Equatable {
    /// The epoch, from 1.
    package var epoch: Int
    /// `loss`, and `AP` … when it was evaluated.
    package var metrics: [String: Double]

    /// States an epoch.
    package init(_ epoch: Int, _ metrics: [String: Double]) {
      self.epoch = epoch
      self.metrics = metrics
    }
  }
}

extension ReportModel {
  /// The trial of a number.
  func trial(_ id: Int) -> Trial? { trials.first { $0.id == id } }

  /// The name of a trial on a front, as in `C2`.
  func frontName(of id: Int) -> String? {
    stages.lazy.flatMap(\.front).first { $0.trial == id }?.name
  }

  /// The trials of a stage's front with their names, cheapest first.
  func front(_ stage: Stage) -> [(name: String, trial: Trial)] {
    stage.front.compactMap { member in trial(member.trial).map { (member.name, $0) } }
  }

  /// The trials that ended without results, except those that were never begun.
  var failures: [Trial] {
    trials.filter { !["finished", "pruned", "running", "interrupted"].contains($0.outcome) }
  }

  /// The trials that were left out because they could not improve the front.
  var pruned: [Trial] { trials.filter { $0.outcome == "pruned" } }

  /// The same without the pictures, which the page shows as images of their own.
  var withoutPictures: ReportModel {
    var copy = self
    copy.pictures = []
    return copy
  }
}
