import DetBasics
import DetData
import DetMetrics
public import DetSpec
import DetTask
import DetTeam
public import DetTensor
import Foundation

/// Carries out one job of the trial protocol: loads, trains, evaluates, measures, and reports by events.
///
/// Leaves in the job's folder `weights.safetensors` (with design, recipe and classes in its metadata),
/// `detections.json` (COCO results), `detections.png`, `tensorboard/`, outside searches `MODEL.md`, and, while it is running, two
/// generations of `checkpoint.safetensors`.
public final class TrialWorker {
  private let job: TrialJob
  private let emit: (TrialEvent) throws -> Void
  private let shouldStop: () -> Bool
  private let gate: ComputeGate?
  private let device: Device
  private let choice: TrainingFolder.Choice
  private let namesOfCaller: [String]
  private let scarcity: MemoryScarcity?
  private let program: String
  private let team: any Team
  /// Taken while the worker runs.
  private var place: TrainingFolder?

  /// A worker for one job.
  ///
  /// - Parameters:
  ///   - job: what is to be done.
  ///   - choice: how the user chose the job's folder.
  ///   - names: files that the caller writes into the folder once the training has started.
  ///   - program: name and version of the program, for the model card.
  ///   - scarcity: that the same training ran out of memory a moment ago.
  ///   - team: with whom it trains. Rank 0 alone takes the folder, writes and reports; of the others' events only the first and the
  ///     last are emitted.
  ///   - shouldStop: asked between steps.
  ///   - emit: gets every event in order.
  /// - Throws: when the machine lacks the job's device, or the lock cannot be opened.
  public init(
    job: TrialJob, choice: TrainingFolder.Choice = .job, callerWrites names: [String] = [],
    by program: String = "DetTraining", after scarcity: MemoryScarcity? = nil,
    team: any Team = Alone(),
    shouldStop: @escaping () -> Bool = { false },
    emit: @escaping (TrialEvent) throws -> Void
  ) throws {
    self.job = job
    self.choice = choice
    namesOfCaller = names
    self.scarcity = scarcity
    self.program = program
    self.team = team
    self.emit = { event in
      switch event {
      case .started, .finished, .failed: try emit(event)
      default: if team.isFirst { try emit(event) }
      }
    }
    self.shouldStop = shouldStop
    device = try Device.available(job.device)
    // Rank 0 alone waits for others: were each to wait by itself, some would hold what the others wait for.
    gate = team.isFirst ? try job.measurementLock.map(ComputeGate.init(path:)) : nil
  }

  /// Does the job. Whatever goes wrong with the trial becomes its last event; only a failing `emit`, an interruption, and that the team
  /// begins again, are thrown.
  public func run() throws {
    defer { place = nil }
    do {
      let metrics = try trial()
      try emit(.finished(metrics: metrics))
      // Only when everybody knows the results: until then a kill must cost nothing.
      place?.removeCheckpoints()
    } catch let error as TrainingError where error == .interrupted {
      throw error
    } catch let error as TeamError where error.isBeginning {
      throw error
    } catch {
      team.leave(because: "\(error)")
      try emit(Self.failure(error))
    }
  }

  /// Both data sets. A search has read them before: what cannot be read now is a fault of the surroundings.
  private func loadSets() throws -> TrainingSets {
    do {
      let sets = try TrainingSets(TrainingSets.Description(job.data, source: "the job's data"))
      try check(sets)
      return sets
    } catch let error as TrainingError {
      throw error
    } catch {
      let fault = (error as? any SurroundingsError)?.surroundings ?? .dataBroken
      throw TrainingError.surroundings(fault, "\(error)")
    }
  }

  /// All trials of a run learn from the same and are judged by the same: data that have changed since it began are refused.
  private func check(_ sets: TrainingSets) throws {
    guard let state = job.dataState else { return }
    let listed = DataInventory(file: state.inventory)
    let found = try DataInventory(sets, knowing: listed)
    guard found.fingerprint != (state.train, state.validation) else { return }
    let changes = listed.map(found.differences(from:)) ?? []
    throw TrainingError.surroundings(
      .dataChanged,
      "the data are not those that the run goes by"
        + (changes.isEmpty ? "" : ": \(changes.joined(separator: "; "))"))
  }

  private func trial() throws -> [String: Double] {
    let start = LatencyMeter.monotonicMilliseconds()
    Torch.flushDenormals()
    if team.isFirst {
      place = try TrainingFolder(job.folder, choice: choice, resume: job.resume)
    }
    let sets = try loadSets()
    var conditions = TrainingState.Conditions(
      data: DataFingerprint.of([sets.train, sets.validation]), device: device, threads: job.threads,
      processes: team.count)
    let description = Checkpoint(job, sets, epochs: 0)
    try team.agree(on: description, conditions, budgetMinutes: job.budgetMinutes)
    // Somebody who trains again says with how many threads; a search takes those that are free.
    let saved = try place?.savedState(
      for: description, conditions, takesThreads: job.id != 0,
      names: namesOfCaller)
    if let threads = saved?.state?.conditions.threads { conditions.threads = threads }
    conditions = try team.shared(conditions)
    Torch.threads = conditions.threads
    let session = try TrialSession(
      job, sets,
      TrialSession.Surroundings(
        device: device, team: team, gate: gate, conditions: conditions, saved: saved,
        imagesAtOnce: scarcity?.imagesAtOnce, program: program), emit: emit)
    if let scarcity, team.isFirst { try emit(.notice(scarcity.notice)) }
    var metrics = try session.run(shouldStop: shouldStop)
    metrics["seconds"] = (LatencyMeter.monotonicMilliseconds() - start) / 1000
    return metrics
  }
}
