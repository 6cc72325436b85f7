import DetBasics
package import DetSearch
package import DetSpec
import Foundation

/// A read-only view of a run, valid also while a search is running in it.
package struct RunSnapshot: Sendable {
  /// The folder.
  package let folder: RunFolder
  /// The plan.
  package let plan: Plan
  /// All trials by number.
  package let trials: [Trial]
  /// Those that were judged by data of earlier: they are compared with no other, and stand on no front.
  package let otherData: Set<Int>
  /// What the stages have handed on so far.
  package let choices: Choices
  /// Whether a coordinator works in the folder now.
  package let isActive: Bool
  /// When the first trial was suggested, in seconds since 1970.
  package let beginning: Double?

  /// Reads a run's folder.
  package init(_ path: String) throws {
    folder = RunFolder(path)
    guard folder.isBegun else {
      throw ExecutionError.run(
        path: path, problem: "holds no run", cure: "name the folder given to search --run")
    }
    plan = try Plan(file: folder.plan)
    let content = try Content(folder.store, plan)
    trials = content.trials
    beginning = content.beginning
    otherData = content.otherData
    choices = content.choices ?? Choices(of: plan, trials: content.trials)
    isActive = FileLock.isHeld(folder.lock)
  }

  /// The trials that were judged by the data of now, those by several seeds taken together.
  package var comparable: [Trial] {
    judgedByTheseData.pooled(alike: plan.stagesTrainedAlike)
  }

  /// The trials that were judged by the data of now, each as it is.
  package var judgedByTheseData: [Trial] { trials.filter { !otherData.contains($0.id) } }

  /// What must be said where trials are compared; nil when all of them can be.
  package var dataNote: String? {
    guard !otherData.isEmpty else { return nil }
    let names = otherData.sorted().map(String.init).joined(separator: ", ")
    return
      "the data have changed since: judged by those of earlier, and left out here, are the trials \(names)"
  }

  /// The fronts of a stage; nil when the plan leaves the stage out.
  package func fronts(of stage: SearchStage) -> StageFronts? {
    let objectives = plan.objectives(of: stage)
    guard !objectives.isEmpty else { return nil }
    return StageFronts(of: comparable, stage: stage, objectives: objectives, choices: choices)
  }

  /// The trials on the fronts of a stage, by number.
  package func members(of fronts: StageFronts) -> [Trial] {
    let members = Set(fronts.members.map(\.trial))
    return trials.filter { members.contains($0.id) }
  }

  /// The latest stage that has finished trials; the plan's first stage without any.
  package var latestStage: SearchStage {
    let stages = plan.stages
    return stages.last { stage in trials.contains { $0.stage == stage && $0.isFinished } }
      ?? stages.first ?? .structural
  }

  /// The latest latency of each of some trials, with its circumstances, by number; absent for those that reported none.
  package func readings(of trials: [Int]) throws -> [Int: LatencyReading] {
    let store = try Store(reading: folder.store)
    var readings: [Int: LatencyReading] = [:]
    for id in trials {
      for case .latency(let reading) in try store.events(ofTrial: id) { readings[id] = reading }
    }
    return readings
  }

  /// What the latencies of a stage were taken on, and those on the plan's other devices; absent where nobody said it.
  package func latencyDevices(of stage: SearchStage) throws -> [Metric: String] {
    let store = try Store(reading: folder.store)
    var devices: [Metric: String] = [:]
    for metric in plan.latency.metrics {
      devices[metric] = try store.latencyDevice(of: stage, for: metric)
    }
    return devices
  }

  /// What the worker of a trial reported.
  package func epochs(ofTrial id: Int) throws -> [RecordedTable.Epoch] {
    var found: [Int: [String: Double]] = [:]
    for case .epoch(let epoch, let metrics) in try events(ofTrial: id) { found[epoch] = metrics }
    return found.sorted { $0.key < $1.key }.map { RecordedTable.Epoch(epoch: $0, metrics: $1) }
  }

  /// What a trial's worker reported, in order.
  package func events(ofTrial id: Int) throws -> [TrialEvent] {
    try Store(reading: folder.store).events(ofTrial: id)
  }
}

/// What is read of a store in one go.
private struct Content {
  let trials: [Trial]
  let beginning: Double?
  let otherData: Set<Int>
  let choices: Choices?

  private static let mostLooks = 5

  /// Reads a store. A search may begin or end between two looks: what was read counts when nothing changed meanwhile.
  init(_ store: String, _ plan: Plan) throws {
    for _ in 1..<Self.mostLooks {
      let before = Database.state(of: store)
      let read = Result { try Content(Store(reading: store), judgedBy: plan) }
      guard before == Database.state(of: store) else { continue }
      self = try read.get()
      return
    }
    self = try Content(Store(reading: store), judgedBy: plan)
  }

  private init(_ store: Store, judgedBy plan: Plan) throws {
    trials = try store.trials(judgedBy: plan)
    beginning = try store.beginning()
    otherData = try store.trialsOfOtherData()
    choices = try store.choices()
  }
}
