import DetBasics
import DetExecution
import DetSearch
import DetSpec
import Foundation

/// How trials become jobs: one array for all that wait.
extension SlurmRunner {
  /// The trials that wait to be submitted.
  private var queue: [Work] { works.values.filter { $0.entry == nil && !$0.isJudged } }

  /// Has a trial wait to be submitted again, outside of the wave that it was in.
  func queueAgain(_ work: Work) {
    work.queueAgain()
    mayHaveQueue = true
  }

  /// Seconds between two submissions, so that those that come to wait meanwhile share one.
  private static let submissionSeconds = 1.0

  /// Submits all trials that wait.
  func submitQueue() throws {
    nextSubmission = now + min(Self.submissionSeconds, slurm.pollSeconds)
    // The scheduler has not answered yet, so it is not known what is submitted already.
    guard let largestArray else { return }
    guard largestArray > 0 else {
      throw ExecutionError.run(
        path: settings.folder.path,
        problem: "needs arrays of jobs, which this cluster does not allow",
        cure: "ask for a MaxArraySize above 0 in slurm.conf")
    }
    let most = min(largestArray, mostAtOnce)
    let queue = queue
    guard !queue.isEmpty else { return mayHaveQueue = false }
    let groups = Dictionary(grouping: queue) { $0.avoids ?? "" }
    for (avoids, group) in groups.sorted(by: { $0.key < $1.key }) {
      let sorted = group.sorted { $0.job.id < $1.job.id }
      for some in sorted.parts(of: most) {
        guard try submit(some, avoids: avoids) else { return }
      }
    }
  }

  /// Submits a wave; false when no more are to be tried for now.
  private func submit(_ works: [Work], avoids: String) throws -> Bool {
    let (wave, places) = try waves.write(works.map(ticket))
    for (work, place) in zip(works, places) { work.entry = place }
    settings.onMoment(.written)
    do {
      let job = try scheduler.submit(words(for: wave, works, avoids: avoids))
      settings.onMoment(.submitted)
      try waves.note(job, of: wave)
      settings.onMoment(.noted)
      mostAtOnce = min(2 * mostAtOnce, SlurmRunner.unlimited)
      return true
    } catch let error as SchedulerError {
      try refused(works, avoids: avoids, error)
      return false
    }
  }

  /// A wave that got no number stays unsure: the next look at the scheduler finds it, or has its trials submitted again.
  private func refused(_ works: [Work], avoids: String, _ error: SchedulerError) throws {
    let isOthers = self.works.values.contains { waves.task(of: $0) != nil && !$0.isJudged }
    if error.isPassing || error.isLimit && isOthers {
      if error.isLimit { mostAtOnce = max(1, min(mostAtOnce, works.count) / 2) }
      if lastRefusal != error { onNotice("\(error); the search tries again") }
      lastRefusal = error
      return
    }
    for work in works {
      if !avoids.isEmpty, let first = work.firstVerdict {
        // There is no other node to ask.
        let last = Attempt.all(at: work.job.folder).last { $0.keptEnd()?.verdict != nil }
        try conclude(work, last, first)
      } else {
        let out = nodes.excluded
        let remark = out.isEmpty ? "" : " (excluded: \(out.joined(separator: ", ")))"
        try conclude(
          work, nil, .hindered(Hindrance(fault: .jobsLost, reason: "\(error)\(remark)")))
      }
    }
  }

  private func ticket(_ work: Work) -> Ticket {
    let ends = Attempt.all(at: work.job.folder).compactMap { $0.keptEnd() }
    return Ticket(
      token: token, submission: waves.nextSubmission(of: work.job.id), job: work.job, runner: plan,
      secondsUsed: ends.filter { $0.verdict == nil }.reduce(0) { $0 + $1.seconds },
      timeLimits: timeLimits(of: work))
  }

  /// What `sbatch` is told.
  private func words(for wave: WaveFolder, _ works: [Work], avoids: String) -> [String] {
    var words = [
      "--job-name=\(jobName)", "--comment=\(WaveLedger.comment(wave, token: token))",
      "--array=0-\(works.count - 1)", "--signal=B:USR2@\(slurm.warningSeconds)", "--requeue",
      "--open-mode=append", "--output=\(folder.logs)/%A_%a.out", "--ntasks=\(slurm.processes)",
      "--cpus-per-task=\(works.map(\.job.threads).max() ?? 1)",
    ]
    let out = Set(slurm.exclude + nodes.excluded + (avoids.isEmpty ? [] : [avoids])).sorted()
    if !out.isEmpty { words.append("--exclude=\(out.joined(separator: ","))") }
    return words + slurm.options + [folder.batch, wave.path]
  }
}
