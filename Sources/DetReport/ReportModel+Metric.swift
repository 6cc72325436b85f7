public import DetSpec

extension ReportModel {
  /// What the page's script knows of a metric.
  public struct MetricForm: Codable, Sendable, Equatable {
    /// The name among a trial's results.
    public let name: String
    /// What it is called before a value.
    public let title: String
    /// What it is called beside an axis.
    public let axis: String
    /// Whether more is better; else it is a cost.
    public let isAccuracy: Bool
    /// Decimals of a fraction, figures of any other number.
    public let digits: Int
    /// The units that it is written in, largest first; none for a fraction.
    public let steps: [Metric.Unit.Step]
    /// Whether the smallest unit has no decimals.
    public let isWhole: Bool

    init(_ metric: Metric) {
      name = metric.name
      title = metric.heading
      axis = metric.axis
      isAccuracy = metric.isAccuracy
      digits = metric.descriptor.digits
      steps = metric.descriptor.unit.steps
      isWhole = metric.descriptor.unit.isWhole
    }
  }

  /// All metrics that there may be something to say of: those of every run, and the latencies on other devices that are objectives.
  var known: [Metric] {
    Metric.all(and: stages.flatMap(\.objectives))
  }

  /// The metrics worth a column: objectives, and those that some trial has.
  var columns: [Metric] {
    known.filter { metric in
      stages.contains { $0.objectives.contains(metric) }
        || trials.contains { $0.metrics[metric] != nil }
    }
  }
}

extension ReportModel.Stage {
  /// The members of all its fronts.
  var members: [ReportModel.Member] { fronts.flatMap(\.members) }
  /// The first accuracy among the objectives.
  var accuracy: Metric { objectives.first(where: \.isAccuracy) ?? .averagePrecision }
  /// The first cost among the objectives.
  var cost: Metric { objectives.first { !$0.isAccuracy } ?? .latency }
}

extension ReportModel.Entry {
  /// A result as it stands in a table; an en dash when there is none.
  func text(_ metric: Metric) -> String {
    (metrics[metric].map(metric.text) ?? "–") + metric.mark(metrics)
  }

  /// A result inside a sentence.
  func phrase(_ metric: Metric) -> String {
    (metrics[metric].map(metric.phrase) ?? "–") + metric.mark(metrics)
  }
}
