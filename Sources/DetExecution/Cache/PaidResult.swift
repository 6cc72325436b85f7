import DetBasics
import DetSearch
package import DetSpec
import Foundation

/// A result that a training elsewhere was paid for.
package struct PaidResult: Sendable, Hashable {
  /// The results by name; without what was measured, unless they are of the run itself.
  let metrics: [String: Double]
  /// Who paid, and how much.
  let origin: Trial.Cached
  /// What was reported of each epoch.
  let curve: [TrialEvent]
  /// Where its weights are; nil when they are gone or have changed.
  let folder: TrialFolder?
  /// Whether its latencies are the run's own.
  var isOfRun = false

  /// What a worker would have reported.
  var events: [TrialEvent] { curve + [.finished(metrics: metrics)] }
}

/// Where results may be found that were paid for: one file each in DetExecution's `Cache`.
package protocol ResultSource {
  /// The result of a job's training; nil when it is not there.
  func result(for job: TrialJob) throws -> PaidResult?
}

/// Everywhere a search looks for a result before it pays for it.
package final class PaidResults {
  private let sources: [any ResultSource]
  /// Whether there is anything that is not of the run itself.
  package let reachesOtherRuns: Bool
  private let cache: ResultCache?
  private let run: String
  private let note: (String) -> Void
  private var isTold: Set<String> = []

  /// The run's own set-aside trials, then other runs, then the cache are asked; what comes of the `run` is kept in the cache. `note`
  /// gets what the user must know.
  package init(
    setAside: SetAside, _ runs: [OtherRun], cache: ResultCache?, run: RunFolder,
    note: @escaping (String) -> Void
  ) {
    sources = [setAside] + runs + (cache.map { [$0] } ?? [])
    reachesOtherRuns = sources.count > 1
    self.cache = cache
    self.run = FilePath.absolute(run.path)
    self.note = note
  }

  /// What is to be done with a result.
  struct Found {
    let result: PaidResult
    /// Whether the latency is still to be measured here.
    let needsLatency: Bool
  }

  /// The result of a job, if it can stand in a run with these objectives.
  ///
  /// - Parameters:
  ///   - job: the job.
  ///   - objectives: those of its stage. What is measured is measured here, and a trial of which that is asked must have its weights.
  ///   - isTimed: whether its latency was measured here before.
  ///   - canMeasure: whether trained detectors can be timed here.
  /// - Returns: the result, and what is still to be done for it; nil when the design is to be trained.
  func find(for job: TrialJob, objectives: [Metric], isTimed: Bool, canMeasure: Bool) -> Found? {
    let measured = objectives.filter(\.isMeasured)
    for source in sources {
      guard let result = ask(source, job) else { continue }
      if result.isOfRun { return Found(result: result, needsLatency: false) }
      guard objectives.allSatisfy({ !$0.isAccuracy || result.metrics[$0] != nil }) else {
        continue
      }
      if measured.isEmpty { return Found(result: result, needsLatency: false) }
      guard result.folder != nil else { continue }
      guard measured.allSatisfy(\.isLatency), isTimed || canMeasure else {
        tell(
          "results of other trainings are not taken in the \(job.stage?.rawValue ?? "") stage: only the training itself measures "
            + measured.map(\.descriptor.title).joined(separator: " and ") + " there")
        continue
      }
      return Found(result: result, needsLatency: !isTimed)
    }
    return nil
  }

  private func ask(_ source: any ResultSource, _ job: TrialJob) -> PaidResult? {
    do {
      return try source.result(for: job)
    } catch {
      tell("\(error); the search goes on without it")
      return nil
    }
  }

  /// Puts what a training left into the folder of the trial that takes it, without taking room twice where the disk allows it.
  func place(_ found: Found, _ job: TrialJob) throws {
    let (own, result) = (job.folder, found.result)
    try Files.makeFolder(own.path)
    try AtomicFile.write(JSON.text(job, pretty: true) + "\n", to: own.job)
    unlink(own.events)
    let events = try JSONLinesWriter(appendingTo: own.events)
    for event in result.events { try events.append(event) }
    if let theirs = result.folder {
      for (from, to) in [
        (theirs.weights, own.weights), (theirs.detections, own.detections),
        (theirs.picture, own.picture),
      ] {
        try Self.link(from, to)
      }
      try? cache?.keepPlace(own, likeThatOf: theirs)
    }
    if found.needsLatency {
      try UnmeasuredTrial(job: job, metrics: result.metrics).keep()
    }
  }

  private static func link(_ file: String, _ place: String) throws {
    guard FileManager.default.fileExists(atPath: file) else { return }
    unlink(place)
    guard Foundation.link(file, place) != 0 else { return }
    do {
      try FileManager.default.copyItem(atPath: file, toPath: place)
    } catch {
      throw FileError(path: place, action: "copy the file", errorNumber: errno)
    }
  }

  /// Keeps what a training was paid for. A cache that cannot be written to is no fault of the search.
  func keep(_ trial: Trial, _ job: TrialJob) {
    guard let cache else { return }
    do {
      try cache.keep(trial, job, run: run)
    } catch {
      tell("\(error); results are not kept for other runs")
    }
  }

  private func tell(_ words: String) {
    if isTold.insert(words).inserted { note(words) }
  }
}
