import DetBasics
import DetSearch
package import DetSpec
import Foundation

/// The trials of a run whose store was lost and that could not be placed: each is taken again as soon as the search comes to its job.
package final class SetAside: ResultSource {
  private struct Key: Hashable {
    let key: ResultKey
    let seed: UInt64

    init?(_ job: TrialJob, hashes: FileHashes) {
      // Whatever trains is the run's own.
      guard let key = ResultKey(job, trainer: "run", hashes: hashes) else { return nil }
      (self.key, seed) = (key, job.seed)
    }
  }

  private var results: [Key: PaidResult] = [:]
  private let hashes = FileHashes()

  /// Looks for what was set aside in a run's folder.
  package init(in run: RunFolder) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: run.path)) ?? []
    for name in names.sorted() where name.hasPrefix(RunFolder.asidePrefix) {
      let place = "\(run.path)/\(name)"
      let trials = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
      for id in trials.compactMap({ Int($0) }).sorted() { take(id, in: place) }
    }
  }

  private func take(_ id: Int, in place: String) {
    let folder = TrialFolder(trial: id, in: place)
    guard let job = try? JSON.decode(TrialJob.self, file: folder.job),
      let key = Key(job, hashes: hashes)
    else { return }
    let events = Store.events(in: folder)
    var found = events.lazy.compactMap { event -> [String: Double]? in
      if case .finished(let metrics) = event { metrics } else { nil }
    }.last
    for case .latency(let reading) in events where found?[.latency] == nil {
      found?.takeLatency(reading)
    }
    guard let found else { return }
    results[key] = PaidResult(
      metrics: found,
      origin: .init(
        run: FilePath.absolute(place), trial: id, secondsPaid: found["seconds"] ?? 0),
      // Its latencies are the run's own.
      curve: events.filter { $0.isOfTraining || $0.measured != nil },
      folder: FileManager.default.fileExists(atPath: folder.weights) ? folder : nil, isOfRun: true)
  }

  /// The result of the same job.
  package func result(for job: TrialJob) -> PaidResult? {
    results.isEmpty ? nil : Key(job, hashes: hashes).flatMap { results[$0] }
  }
}
