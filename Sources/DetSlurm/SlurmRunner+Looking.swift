import DetBasics
import DetExecution
import DetSearch
import DetSpec
import Foundation

/// What becomes of trials: what their attempts have left, and what the scheduler says where they left nothing.
extension SlurmRunner {
  /// Looks at which a job that is over may still be about to show its last word: a network's disk shows files late.
  private static let patience = 6
  /// Losses in a row after which something must be mended first.
  private static let mostLosses = 5

  /// Takes in what is new of a trial. `tasks` are all that the scheduler knows; nil when it does not answer.
  func look(_ work: Work, _ tasks: [TaskName: SchedulerTask]?) throws {
    guard let place = work.entry, !work.isJudged, !waves.isUnsure(work) else { return }
    let task = waves.task(of: work).flatMap { tasks?[$0] }
    if let task, task.isHeldByFailure {
      return try lose(work, "\(task.state) (\(task.reason))", task)
    }
    if task?.phase == .waiting, work.attempt == nil { return }
    takeEvents(of: work, place)
    let end = work.attempt?.keptEnd()
    if let attempt = work.attempt, let end, let verdict = end.verdict {
      return try judge(work, attempt, end, verdict)
    }
    guard tasks != nil else { return }
    if let task, task.phase != .over {
      work.looksWithoutJob = 0
      return
    }
    work.looksWithoutJob += 1
    // An attempt that left word that another goes on has nothing more to say.
    guard end != nil || work.looksWithoutJob >= Self.patience else { return }
    try giveUp(work, task, end)
  }

  /// Reports what attempts have reported, the later ones behind those that they follow.
  private func takeEvents(of work: Work, _ place: WaveLedger.Place) {
    takeEvents(of: work)
    var next =
      work.attempt?.next
      ?? Attempt(trial: work.job.folder, submission: place.submission, start: 0)
    while next.isBegun {
      (work.attempt, work.tail) = (next, EventTail(next))
      takeEvents(of: work)
      next = next.next
    }
  }

  private func takeEvents(of work: Work) {
    for event in work.tail?.read() ?? [] {
      if case .epoch = event { work.losses = 0 }
      reports.append(.event(trial: work.job.id, event))
    }
  }

  // MARK: - Verdicts

  private func judge(
    _ work: Work, _ attempt: Attempt, _ end: AttemptEnd, _ verdict: AttemptEnd.Verdict
  ) throws {
    settings.onMoment(.judged)
    switch verdict {
    case .ended(let outcome):
      if outcome.kind == .finished {
        nodes.finished(end.node)
        try nodes.keep(folder.nodes)
      } else if outcome.kind == .failed || outcome.kind == .crashed {
        try note(failureOf: work, on: end.node)
        // A broken node fails every design: as long as it has finished none, another is asked.
        if !nodes.isProven(end.node), !wasJudgedBefore(work) {
          return askAnother(work, end.node, verdict, outcome.explanation)
        }
      }
    case .hindered(let hindrance):
      try note(failureOf: work, on: end.node)
      if !wasJudgedBefore(work) {
        return askAnother(work, end.node, verdict, hindrance.reason)
      }
    }
    try conclude(work, attempt, verdict)
  }

  /// Whether an earlier submission of the trial came to a verdict, too.
  private func wasJudgedBefore(_ work: Work) -> Bool {
    guard let submission = work.entry?.submission else { return false }
    return Attempt.all(at: work.job.folder).contains {
      $0.submission < submission && $0.keptEnd()?.verdict != nil
    }
  }

  private func askAnother(
    _ work: Work, _ node: String, _ verdict: AttemptEnd.Verdict, _ reason: String
  ) {
    onNotice(
      "trial \(work.job.id) ended on \(node) without a result (\(String(reason.prefix(200)).oneLine)); another node is asked"
    )
    work.avoids = node
    work.firstVerdict = verdict
    submitAgain(work)
  }

  /// Reports what a trial came to.
  func conclude(_ work: Work, _ attempt: Attempt?, _ verdict: AttemptEnd.Verdict) throws {
    work.isJudged = true
    let id = work.job.id
    switch verdict {
    case .hindered(let hindrance):
      // The next search is to try again, and not to find this.
      waves.withdraw(id)
      works[id] = nil
      reports.append(.hindered(trial: id, hindrance))
    case .ended(let outcome):
      let seconds = Attempt.all(at: work.job.folder).reduce(0) {
        $0 + ($1.keptEnd()?.seconds ?? 0)
      }
      if let attempt, attempt.isBegun { try attempt.publish(work.job) }
      settings.onMoment(.published)
      if case .finished(let metrics) = outcome, measurements.timeTrained, !work.isTimed {
        let trained = UnmeasuredTrial(job: work.job, metrics: metrics)
        try trained.keep()
        measurements.add(trained, started: now - seconds)
      } else {
        reports.append(.ended(trial: id, outcome, seconds: seconds))
      }
    }
  }

  // MARK: - Jobs that are gone

  /// Decides what follows from a job that is over, and has left no verdict.
  private func giveUp(_ work: Work, _ task: SchedulerTask?, _ end: AttemptEnd?) throws {
    switch (task?.state, end?.kind) {
    case ("OUT_OF_MEMORY"?, nil): try conclude(work, work.attempt, .ended(.outOfMemory))
    case ("TIMEOUT"?, nil), ("DEADLINE"?, nil):
      work.hardLimits += 1
      guard timeLimits(of: work) <= SlurmJob.mostTimeLimits else {
        return try conclude(work, work.attempt, .ended(.timedOut))
      }
      submitAgain(work)
    case ("PREEMPTED"?, _), (_, .some): submitAgain(work)
    case (let state, nil): try lose(work, state, task)
    }
  }

  /// How often a time limit has ended a job of the trial.
  func timeLimits(of work: Work) -> Int {
    work.hardLimits
      + Attempt.all(at: work.job.folder).count { $0.keptEnd()?.kind == .timeLimit }
  }

  /// A job that is gone without a word says nothing of the design.
  private func lose(_ work: Work, _ state: String?, _ task: SchedulerTask?) throws {
    let begun = work.attempt.flatMap {
      try? JSON.decode(AttemptBeginning.self, file: $0.beginning).node
    }
    let node = begun ?? task?.node ?? ""
    work.losses += 1
    let name = waves.task(of: work)?.description ?? "of wave \(work.entry?.wave.number ?? 0)"
    let place = node.isEmpty ? "" : " on \(node)"
    let how = state.map { "ended as \($0)" } ?? "is not known to the scheduler any more"
    let words =
      "job \(name)\(place) \(how) and left no word; see \(folder.logs)/\(name).out"
    try note(failureOf: work, on: node)
    guard work.losses <= Self.mostLosses else {
      return try conclude(
        work, nil,
        .hindered(
          Hindrance(
            fault: .jobsLost, reason: "\(work.losses) jobs in a row were lost; the last: \(words)"))
      )
    }
    onNotice("trial \(work.job.id) is lost and submitted again: \(words)")
    submitAgain(work)
  }

  /// Withdraws a trial's ticket and has it wait for the next wave.
  private func submitAgain(_ work: Work) {
    let task = waves.task(of: work)
    waves.withdraw(work.job.id)
    if let task { scheduler.cancel([task]) }
    queueAgain(work)
  }

  /// Takes in that a trial ended on a node without a result.
  private func note(failureOf work: Work, on node: String) throws {
    if nodes.failed(node, trial: work.job.id) {
      onNotice(
        "the node \(node) gets no more trials: one after another ended there without a result, while other nodes finish theirs"
      )
    }
    if !node.isEmpty { try nodes.keep(folder.nodes) }
  }
}
