import DetBasics
import DetExecution
import DetMetrics
import DetSearch
import DetSpec
import Foundation

extension ReportModel {
  /// Reads a run's folder, also while a search is running in it.
  public init(run path: String) throws {
    let run = try RunSnapshot(path)
    let store = try Store(reading: run.folder.store)
    let reports = try Dictionary(
      uniqueKeysWithValues: run.trials.map { ($0.id, Reports(try store.events(ofTrial: $0.id))) })
    let pooled = Dictionary(run.comparable.map { ($0.id, $0) }) { first, _ in first }
    let stages = run.plan.stages.compactMap { stage in Self.stage(stage, run) }
    self.init(
      name: run.plan.name, folder: run.folder.path, plan: try JSON.text(run.plan, pretty: true),
      facts: try Self.facts(run, reports) + Self.latencyFacts(run), stages: stages,
      trials: run.trials.map { trial in
        let report = reports[trial.id]
        let judged = pooled[trial.id] ?? trial
        return Entry(
          judged, spreads: (report?.spreads ?? [:]).merging(Spread.ofAccuracies(judged)) { $1 },
          curve: report?.curve ?? [])
      },
      isActive: run.isActive, pictures: try Self.pictures(stages, run),
      versions: try Self.versions(run.folder))
    isForeign = run.plan.runner.command != nil
    finals = try run.finals().map { row in
      Final(
        name: row.name, trial: row.trial, design: row.design, found: row.found?.trial,
        baseline: row.baseline?.trial, picked: row.picked?.trial, pick: row.pick,
        memoryAccessBytes: row.memoryAccessBytes)
    }
  }

  /// A stage that was begun; nil for one that has no trial yet.
  private static func stage(_ stage: SearchStage, _ run: RunSnapshot) -> Stage? {
    let trials = run.trials.filter { $0.stage == stage }
    guard !trials.isEmpty, let fronts = run.fronts(of: stage) else { return nil }
    let comparable = run.comparable.filter { $0.stage == stage }
    return Stage(
      name: stage.rawValue, objectives: fronts.objectives,
      fronts: fronts.fronts.enumerated().map { place, front in
        let compared = comparable.filter { $0.suggestion.pick ?? 0 == place }
        return FrontPart(
          id: [stage.rawValue, front.pick?.name].compactMap { $0 }.joined(separator: "-"),
          pick: front.pick, baseline: front.baseline?.trial,
          trials: compared.filter(\.isFinished).map(\.id),
          members: front.members.map { Member($0.label, trial: $0.trial) },
          hypervolume: progress(compared, fronts.objectives))
      })
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

  private static func facts(_ run: RunSnapshot, _ reports: [Int: Reports]) -> [Fact] {
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
    facts.append(Fact("Workers", "\(plan.runner.workers)"))
    if let note = run.dataNote { facts.append(Fact("Data", note)) }
    if let beginning = run.beginning {
      let format = Date.ISO8601FormatStyle(dateTimeSeparator: .space)
      facts.append(Fact("Begun", Date(timeIntervalSince1970: beginning).formatted(format)))
    }
    facts.append(Fact("State", run.isActive ? "the search is running" : "no search is under way"))
    return facts
  }

  /// Where the latencies were taken, and how far their order depends on what the detectors find.
  private static func latencyFacts(_ run: RunSnapshot) throws -> [Fact] {
    try run.plan.stages.flatMap { stage -> [Fact] in
      let place = run.plan.stages.count > 1 ? " of stage \(stage.rawValue)" : ""
      let finished = run.comparable.filter { $0.stage == stage && $0.isFinished }
      let disturbed = finished.count { $0.metrics.hasDisturbedLatency }
      let device = try run.latencyDevice(of: stage).map { device in
        Fact(
          "Latencies\(place)",
          "median time of one image, on \(device)"
            + (disturbed > 0 ? "; \(disturbed) of \(finished.count) disturbed" : ""))
      }
      let loads = RankCorrelation(loadsOf: finished).map { correlation in
        Fact(
          "Full load and own\(place)",
          "order by latency at the full load against that with what each detector finds: \(correlation.words)"
        )
      }
      return [device, loads].compactMap { $0 }
    }
  }

  /// The PNG files in the folders of the fronts' trials; a file that was cut off is left out.
  private static func pictures(_ stages: [Stage], _ run: RunSnapshot) throws -> [Picture] {
    var pictures: [Picture] = []
    for member in stages.flatMap(\.members) {
      let folder = run.folder.trial(member.trial)
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      for name in names.sorted() where name.hasSuffix(".png") {
        let path = "\(folder.path)/\(name)"
        let png = try Files.bytes(path)
        guard isWholePNG(png) else { continue }
        let caption = path == folder.picture ? "detections beside the truth" : name
        pictures.append(Picture(trial: member.trial, caption: caption, png: png))
      }
    }
    return pictures
  }

  /// Whether the bytes begin as a PNG does and end with its closing chunk.
  static func isWholePNG(_ data: Data) -> Bool {
    data.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
      && data.suffix(8).starts(with: [0x49, 0x45, 0x4E, 0x44])
  }

  private static func versions(_ folder: RunFolder) throws -> [Fact] {
    guard FileManager.default.fileExists(atPath: folder.versions) else { return [] }
    return try JSON.decode([String: String].self, file: folder.versions)
      .sorted { $0.key < $1.key }.map { Fact($0.key, $0.value) }
  }
}

/// What a trial's worker reported; of each kind the last report counts.
private struct Reports {
  var start: TrialEvent.Start?
  var spreads: [String: ReportModel.Spread] = [:]
  private var epochs: [Int: [String: Double]] = [:]

  init(_ events: [TrialEvent]) {
    for event in events {
      if let (metric, runs) = event.measured {
        spreads[metric.name] = .init(
          p10: runs.p10, median: runs.median, p90: runs.p90, interval: event.interval)
      }
      switch event {
      case .started(let start): self.start = start
      case .epoch(let epoch, let metrics): epochs[epoch] = metrics
      case .step, .notice, .latency, .finished, .failed: break
      }
    }
  }

  var curve: [ReportModel.Epoch] {
    epochs.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }
  }
}

extension TrialEvent {
  /// The 95 % interval of the median of what was measured.
  fileprivate var interval: LatencyConditions.Interval? {
    if case .latency(let reading) = self { reading.interval } else { nil }
  }
}
