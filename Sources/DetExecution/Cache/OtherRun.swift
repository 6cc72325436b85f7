import DetBasics
package import DetSearch
package import DetSpec
import Foundation

/// The results of another run, each of which stands for a training of the same design, recipe and data, whatever its seed.
package final class OtherRun: ResultSource {
  private struct Entry {
    let job: TrialJob
    let trial: Trial
  }

  private let snapshot: RunSnapshot
  private var entries: [ResultKey: [Entry]] = [:]
  private var jobs: [Entry] = []
  /// Finished trials of which it cannot be told what they are results of.
  private var unknown = 0
  private let hashes = FileHashes()

  /// Reads a run.
  package init(_ path: String) throws {
    snapshot = try RunSnapshot(path)
    for trial in snapshot.judgedByTheseData where trial.isFinished {
      let file = snapshot.folder.trial(trial.id).job
      guard let job = try? JSON.decode(TrialJob.self, file: file), job.design == trial.design,
        let key = ResultKey(job, trainer: trainer(of: job), hashes: hashes)
      else {
        unknown += 1
        continue
      }
      entries[key, default: []].append(Entry(job: job, trial: trial))
      jobs.append(Entry(job: job, trial: trial))
    }
  }

  /// Jobs did not always say what carried them out.
  private func trainer(of job: TrialJob) -> String? {
    job.trainer ?? (snapshot.plan.runner.command == nil ? TrainingVersion.unsaid : nil)
  }

  /// A result of an equal job, of the same seed where there is one.
  package func result(for job: TrialJob) -> PaidResult? {
    guard let key = ResultKey(job, hashes: hashes), let equal = entries[key],
      let found = equal.first(where: { $0.job.seed == job.seed }) ?? equal.first
    else { return nil }
    let own = snapshot.folder.trial(found.trial.id)
    let hasWeights = FileManager.default.fileExists(atPath: own.weights)
    let seconds = found.trial.result?.seconds ?? 0
    return PaidResult(
      metrics: found.trial.metrics.withoutMeasured,
      origin: found.trial.result?.cached
        ?? .init(
          run: FilePath.absolute(snapshot.folder.path), trial: found.trial.id, secondsPaid: seconds),
      curve: Store.events(in: own).filter(\.isOfTraining), folder: hasWeights ? own : nil)
  }

  /// How many of the results fit a plan, and why others do not: `12 of the 14 results of runs/a fit this plan; 2 are by another recipe:
  /// epochs: 6 → 9`.
  package func summary(for plan: Plan, data: DataState?) throws -> String {
    var fitting = 0
    var reasons: [String: Int] = [:]
    for entry in jobs {
      let misfits = try plan.stages.map { try misfit(entry.job, plan, $0, data) }
      if misfits.contains(nil) {
        fitting += 1
        continue
      }
      let own = entry.job.stage.flatMap { plan.stages.firstIndex(of: $0) }
      reasons[misfits[own ?? 0] ?? "", default: 0] += 1
    }
    if unknown > 0 {
      reasons["by trainings that are not known again (runner.cacheKey)"] = unknown
    }
    let sorted = reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let head =
      "\(fitting) of the \(jobs.count + unknown) results of \(snapshot.folder.path) fit this plan"
    return ([head] + sorted.map { "\($0.value) \($0.value == 1 ? "is" : "are") \($0.key)" })
      .joined(separator: "; ")
  }

  /// Why a result cannot be of a stage's trainings; nil when it can.
  private func misfit(
    _ job: TrialJob, _ plan: Plan, _ stage: SearchStage, _ data: DataState?
  ) throws -> String? {
    guard trainer(of: job) == plan.trainer else { return "by another program or version" }
    if let data, let theirs = job.dataState, data.fingerprint != theirs.fingerprint {
      return "by other data"
    }
    guard var recipe = plan.recipe(of: stage) else { return "of another stage" }
    recipe.learningRate = recipe.usedRates
    let changes = try ResultKey.content(of: job.recipe).differences(
      from: ResultKey.content(of: recipe))
    guard changes.isEmpty else {
      return "by another recipe: \(changes.prefix(3).joined(separator: ", "))"
    }
    let weights = plan.weights(of: stage, job.design.backbone)?.fingerprint
    return stage == .final || weights == job.weightsFingerprint
      ? nil : "from other weights"
  }
}
