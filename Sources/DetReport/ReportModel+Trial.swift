import DetBasics
public import DetSearch
public import DetSpec

extension ReportModel {
  /// A trial's record with what its worker reported.
  public struct Entry: Codable, Sendable, Equatable {
    /// The record.
    public var record: Trial
    /// How far repeated measurements of a metric were apart, by the metric's name.
    public var spreads: [String: Spread]
    /// What each epoch reported.
    public var curve: [Epoch]
    /// The metrics whose values carry a mark, by name: a latency that was disturbed.
    public var marked: [String]
    /// How far it is; nil where nothing is under way, or its worker has not begun to train.
    public var underway: Underway?

    /// Describes a trial with its reports.
    public init(_ record: Trial, spreads: [String: Spread] = [:], curve: [Epoch] = []) {
      self.record = record
      self.spreads = spreads
      self.curve = curve
      marked = Metric.all(in: record.metrics).filter { !$0.mark(record.metrics).isEmpty }.map(
        \.name)
    }
  }

  /// Percentiles of repeated measurements, in the metric's unit.
  public struct Spread: Codable, Sendable, Equatable {
    /// The 10th percentile.
    public var p10: Double
    /// The median.
    public var median: Double
    /// The 90th percentile.
    public var p90: Double
    /// The 95 % interval of the median, where it is known.
    public var interval: LatencyConditions.Interval?

    /// Describes percentiles.
    public init(
      p10: Double, median: Double, p90: Double, interval: LatencyConditions.Interval? = nil
    ) {
      self.interval = interval
      self.p10 = p10
      self.median = median
      self.p90 = p90
    }

    /// The intervals of a trial's accuracies, and of its latencies on other devices, by name, where they are known.
    static func ofResults(_ trial: Trial) -> [String: Spread] {
      var spreads: [String: Spread] = [:]
      for metric in Metric.all(in: trial.metrics) where metric != .latency {
        guard let mean = trial.metrics[metric], let range = trial.metrics.interval(of: metric)
        else { continue }
        spreads[metric.name] = Spread(
          p10: range.lowerBound, median: mean, p90: range.upperBound,
          interval: .init(low: range.lowerBound, high: range.upperBound))
      }
      return spreads
    }
  }

  /// What an epoch reported.
  public struct Epoch: Codable, Sendable, Equatable {
    /// The epoch, from 1.
    public var epoch: Int
    /// `loss`, and `AP` … when it was evaluated.
    public var metrics: [String: Double]

    /// Describes an epoch.
    public init(_ epoch: Int, _ metrics: [String: Double]) {
      self.epoch = epoch
      self.metrics = metrics
    }
  }
}

extension ReportModel.Entry {
  var id: Int { record.id }
  var stage: String { record.stage.rawValue }
  var design: String { record.design.text }
  var metrics: [String: Double] { record.metrics }
  var isFinished: Bool { record.isFinished }

  /// How long it took, in seconds; 0 while it is under way.
  var seconds: Double { record.result?.seconds ?? 0 }
}

extension ReportModel {
  /// The trial of a number.
  func trial(_ id: Int) -> Entry? { trials.first { $0.id == id } }

  /// Whether a trial is on a front.
  func isOnFront(_ id: Int) -> Bool { stages.contains { $0.members.contains { $0.trial == id } } }

  /// The name of a trial that a stage has handed on, as in `C2`.
  func choiceName(of id: Int) -> String? {
    stages.lazy.flatMap(\.members).first { $0.trial == id && $0.isNamed }?.name
  }

  /// The trials of a front with their names, cheapest first.
  func members(of front: FrontPart) -> [(name: String, trial: Entry)] {
    entries(front.members)
  }

  /// The trials of a stage's fronts with their names, cheapest first within each.
  func members(of stage: Stage) -> [(name: String, trial: Entry)] { entries(stage.members) }

  private func entries(_ members: [Member]) -> [(name: String, trial: Entry)] {
    members.compactMap { member in trial(member.trial).map { (member.name, $0) } }
  }

  /// The trials that ended without results, except those that were never begun.
  var failures: [Entry] { trials.filter(\.record.isFailure) }

  /// The trials that were left out because they could not improve the front.
  var pruned: [Entry] { trials.filter { $0.record.outcome?.kind == .pruned } }

  /// The trials whose training ended early because they could not reach the front any more.
  var stopped: [Entry] { trials.filter { $0.record.outcome?.kind == .stopped } }

  /// What became of a trial, in a word or two.
  func outcome(of trial: Entry) -> String {
    trial.record.outcome?.kind.words ?? trial.record.state(whileSearching: isActive)
  }

  /// The same without the pictures, which the page shows as images of their own.
  package var withoutPictures: ReportModel {
    var copy = self
    copy.pictures = []
    return copy
  }
}
