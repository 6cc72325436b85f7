import DetBasics
import DetExecution
import DetMetrics
import DetSearch
import DetSpec
import Foundation

extension ReportModel {
  /// Reads a run's folder, also while a search is running in it.
  public init(run path: String) throws {
    self = try RunReader(path).read()
  }

  /// A stage that was begun; nil for one that has no trial yet.
  static func stage(_ stage: SearchStage, _ run: RunSnapshot) -> Stage? {
    let trials = run.trials.filter { $0.stage == stage }
    guard !trials.isEmpty, let fronts = run.fronts(of: stage) else { return nil }
    let comparable = run.comparable.filter { $0.stage == stage }
    var described = Stage(
      name: stage.rawValue, objectives: fronts.objectives,
      fronts: fronts.fronts.enumerated().map { place, front in
        let compared = comparable.filter { $0.suggestion.pick ?? 0 == place }
        return FrontPart(
          id: [stage.rawValue, front.pick?.name].compactMap { $0 }.joined(separator: "-"),
          pick: front.pick, baseline: front.baseline?.trial,
          trials: compared.filter(\.isFinished).map(\.id),
          members: front.members.map { Member($0.label, trial: $0.trial, chance: $0.chance) },
          contenders: front.contenders.isEmpty
            ? nil
            : front.contenders.map { Member($0.label, trial: $0.trial, chance: $0.chance) },
          hypervolume: progress(compared, fronts.objectives))
      })
    described.headWidth = run.plan.recipe(of: stage)?.detection.headWidth
    return described
  }

  /// The hypervolume after each finished trial, in the order in which they ended.
  private static func progress(
    _ trials: [Trial], _ objectives: [Metric]
  ) -> [Progress] {
    let ended = trials.filter { $0.result != nil }
      .sorted { $0.result?.sequence ?? 0 < $1.result?.sequence ?? 0 }
    let finished = ended.filter(\.isFinished)
    let points = finished.map { Front.point($0.metrics, objectives) }
    let shares = HypervolumeTrack.shares(of: points, objectives: objectives)
    var progress: [Progress] = []
    var seconds = 0.0
    for trial in ended {
      // Trials that failed took time, too.
      seconds += trial.result?.seconds ?? 0
      guard trial.isFinished else { continue }
      let count = progress.count
      progress.append(Progress(finished: count + 1, seconds: seconds, share: shares[count]))
    }
    return progress
  }

  static func facts(_ run: RunSnapshot, _ reports: [Int: TrialReports]) -> [Fact] {
    let plan = run.plan
    var facts = plan.stages.map { stage in
      let objectives = plan.objectives(of: stage).map(\.heading).joined(separator: " and ")
      let budget =
        switch stage {
        case .structural, .final: plan.plannedTrials(of: stage).of("trial")
        case .modular: (plan.modular?.trials ?? 0).of("trial") + " per pick"
        }
      let model = ModelShare(of: run.trials, stage: stage, in: plan).map { "; \($0.words)" } ?? ""
      return Fact("Stage \(stage.rawValue)", "\(budget), for \(objectives)\(model)")
    }
    if let start = run.trials.lazy.compactMap({ reports[$0.id]?.start }).first {
      facts.append(Fact("Training images", "\(start.trainingImages)"))
      facts.append(Fact("Validation images", "\(start.validationImages)"))
    }
    facts.append(Fact("Seed", "\(plan.seed)"))
    facts.append(Fact("Workers", "\(plan.runner.atOnce)"))
    if let note = run.dataNote { facts.append(Fact("Data", note)) }
    if let beginning = run.beginning {
      let format = Date.ISO8601FormatStyle(dateTimeSeparator: .space)
      facts.append(Fact("Begun", Date(timeIntervalSince1970: beginning).formatted(format)))
    }
    facts.append(Fact("State", run.isActive ? "the search is running" : "no search is under way"))
    return facts
  }

  /// Where the latencies were taken, and how far their order depends on what the detectors find.
  static func latencyFacts(_ run: RunSnapshot) throws -> [Fact] {
    try run.plan.stages.flatMap { stage -> [Fact] in
      let place = run.plan.stages.count > 1 ? " of stage \(stage.rawValue)" : ""
      let finished = run.comparable.filter { $0.stage == stage && $0.isFinished }
      let devices = try run.latencyDevices(of: stage).sorted { $0.key.name < $1.key.name }
        .map { metric, device in
          let disturbed = finished.count { $0.metrics.isDisturbed(metric) }
          return Fact(
            (metric == .latency ? "Latencies" : metric.heading) + place,
            "median time of one image, on \(device)"
              + (disturbed > 0 ? "; \(disturbed) of \(finished.count) disturbed" : ""))
        }
      let loads = RankCorrelation(loadsOf: finished).map { correlation in
        Fact(
          "Full load and own\(place)",
          "order by latency at the full load against that with what each detector finds: \(correlation.words)"
        )
      }
      return devices + [loads].compactMap { $0 }
    }
  }

  static func versions(_ folder: RunFolder) throws -> [Fact] {
    guard FileManager.default.fileExists(atPath: folder.versions) else { return [] }
    return try JSON.decode([String: String].self, file: folder.versions)
      .sorted { $0.key < $1.key }.map { Fact($0.key, $0.value) }
  }
}
