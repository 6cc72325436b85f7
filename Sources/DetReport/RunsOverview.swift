import DetBasics
import DetSearch
import DetSpec

/// Several runs beside one another: what a page of all of them shows.
package struct RunsOverview: Encodable, Sendable, Equatable {
  /// Every run, in the order in which they were named.
  package let runs: [Run]
  /// What the page's script knows of the metrics.
  let metrics: [ReportModel.MetricForm]

  /// One run.
  package struct Run: Encodable, Sendable, Equatable {
    /// What its charts are called: the plan's name, with the run's folder where two have the same.
    let title: String
    /// Where its page is.
    let address: String
    let folder: String
    let isActive: Bool
    let words: [String]
    let fronts: [Front]
  }

  /// One front of a run, for the charts.
  struct Front: Encodable, Sendable, Equatable {
    /// The stage with its objectives: only fronts of the same are drawn together.
    let stage: String
    let pick: String?
    let x: String
    let y: String
    /// Cost, accuracy, name and design of every member.
    let points: [Point]
    /// Finished trials and hypervolume.
    let volume: [[Double]]
  }

  struct Point: Encodable, Sendable, Equatable {
    let cost: Double
    let accuracy: Double
    let name: String
    let design: String

    func encode(to encoder: any Encoder) throws {
      var list = encoder.unkeyedContainer()
      try list.encode(cost)
      try list.encode(accuracy)
      try list.encode(name)
      try list.encode(design)
    }
  }

  /// Puts runs beside one another.
  ///
  /// - Parameter runs: each with the address of its page, its folder, and its model; nil for one that could not be read yet.
  package init(_ runs: [(address: String, folder: String, model: ReportModel?)]) {
    let names = runs.map { $0.model?.name ?? $0.folder }
    self.runs = zip(runs, names).map { run, name in
      let isAlone = names.count { $0 == name } == 1
      return Run(
        run.model, title: isAlone ? name : "\(name) (\(run.folder))", address: run.address,
        folder: run.folder)
    }
    metrics = Metric.all(and: runs.flatMap { $0.model?.known ?? [] })
      .map(ReportModel.MetricForm.init)
  }

  /// The stages that are drawn, each once.
  var stages: [(id: String, title: String)] {
    var stages: [(id: String, title: String)] = []
    for front in runs.flatMap(\.fronts) where !stages.contains(where: { $0.id == front.stage }) {
      stages.append((front.stage, front.stage))
    }
    return stages
  }
}

extension RunsOverview.Run {
  fileprivate init(_ model: ReportModel?, title: String, address: String, folder: String) {
    self.title = title
    self.address = address
    self.folder = folder
    isActive = model?.isActive ?? false
    guard let model else {
      words = ["could not be read yet"]
      fronts = []
      return
    }
    var words = [model.isActive ? "a search is at work" : "no search is at work"]
    for progress in model.progress where progress.evaluated + progress.open > 0 {
      let left =
        model.isActive ? progress.secondsLeft.map { ", about \(Wording.span($0)) left" } : nil
      words.append(
        "stage \(progress.name): \(progress.evaluated) of \(progress.planned.of("trial"))\(left ?? "")"
      )
    }
    let failed = model.failures.count
    if failed > 0 { words.append("\(failed) failed") }
    self.words = words
    fronts = model.stages.flatMap { stage in
      stage.fronts.map { RunsOverview.Front($0, of: stage, in: model) }
    }
  }
}

extension RunsOverview.Front {
  fileprivate init(
    _ front: ReportModel.FrontPart, of stage: ReportModel.Stage, in model: ReportModel
  ) {
    let (accuracy, cost) = (stage.accuracy, stage.cost)
    self.stage = "\(stage.name): \(accuracy.heading) and \(cost.heading)"
    pick = front.pick?.name
    (x, y) = (cost.name, accuracy.name)
    points = model.members(of: front).compactMap { member in
      guard let price = member.trial.metrics[cost], let value = member.trial.metrics[accuracy]
      else { return nil }
      return .init(cost: price, accuracy: value, name: member.name, design: member.trial.design)
    }
    // A line of some hundred points looks like one of thousands.
    let step = max(1, front.hypervolume.count / 300)
    volume = front.hypervolume.enumerated().filter {
      $0.offset % step == 0 || $0.offset == front.hypervolume.count - 1
    }.map { [Double($0.element.finished), $0.element.share] }
  }
}
