import DetBasics
package import DetSearch
import DetSpec
import Foundation

/// Carries out a search: asks it for designs, hands them to a runner, keeps what comes back.
///
/// The same for every runner. Everything is kept in the store before anything follows from it, so that a coordinator may
/// die between any two statements and another can continue.
package final class Coordinator {
  private let settings: Settings
  private let store: Store
  private let runner: any TrialRunner
  private let cost: CostModel
  private var study: Study
  private var tally: Tally
  /// What is kept of the stages' choices; nil when nothing is.
  private var keptChoices: Choices?
  /// Trials that were judged by data of earlier; they stand on no front.
  private let otherData: Set<Int>
  private var underWay: [Int: WorkUnderWay] = [:]
  /// Interrupted trials of an earlier session, first started first.
  private var unfinished: [Trial] = []
  /// Ends of trials that needed no work.
  private var found: [RunnerReport] = []
  /// Workers that are free.
  private var slots: [Int]
  private var lastProgress: SearchProgress?
  private var front: FrontFile
  private var pause: Pause?
  private var isStopping = false
  private var streak = FailureStreak()

  /// What the backbones of the finals start from, by their texts.
  package var backbones: [String: BackboneFile] = [:]
  /// Where results are looked for before they are paid for; nil trains everything.
  package var paid: PaidResults?
  /// Called when something of it has changed.
  package var onProgress: (SearchProgress) -> Void = { _ in }
  /// Called when a trial has ended and is kept.
  package var onTrial: (Trial) -> Void = { _ in }
  /// Called when the search pauses, with the number of trials that are under way and will be finished.
  package var onPause: (Pause, _ underWay: Int) -> Void = { _, _ in }
  /// Asked repeatedly; true ends the session as soon as the trials under way have ended.
  package var shouldStop: () -> Bool = { false }
  /// Asked repeatedly; true ends the session and the trials under way at once.
  package var shouldStopNow: () -> Bool = { false }

  /// A coordinator that takes up what the store holds.
  package init(
    settings: Settings, store: Store, runner: any TrialRunner, cost: @escaping CostModel
  ) throws {
    self.settings = settings
    self.store = store
    self.runner = runner
    self.cost = cost
    front = FrontFile(settings.folder)
    let plan = settings.plan
    slots = Array((0..<plan.runner.atOnce).reversed())
    study = try Study(plan: plan, stages: settings.stages, cost: cost)
    let trials = try store.trials(judgedBy: plan)
    keptChoices = try store.choices()
    study.restore(trials, choices: keptChoices ?? Choices(of: plan, trials: trials))
    for stage in settings.stages where study.stopsEarly(stage) {
      for (trial, epoch, metrics) in try store.epochs(of: stage) {
        study.note(metrics, afterEpoch: epoch, ofTrial: trial, in: stage)
      }
    }
    try settings.check(study)
    unfinished = trials.filter { $0.result == nil && settings.stages.contains($0.stage) }
    otherData = try store.trialsOfOtherData()
    tally = Tally(trials: trials, plan: plan, otherData: otherData)
  }

  /// Works until the search is over, the limit is reached, somebody asks to stop, or something must be mended first.
  ///
  /// A fault that a worker meets lets the others end, and keeps what they find. One that the search itself meets, which
  /// then cannot keep anything, ends them; their trials stay open.
  package func run() throws -> End {
    do {
      let end = try work()
      try front.keep(atTheEnd: true, fronts)
      return end
    } catch {
      runner.stopAll()
      underWay = [:]
      try? front.keep(atTheEnd: true, fronts)
      guard let hindrance = Hindrance(error) else { throw error }
      pause(.fault(hindrance.fault), trial: nil, hindrance.reason)
      return pause.map(End.paused) ?? .interrupted
    }
  }

  /// What is trained in full, chosen and kept; none when that is not due yet, or nothing of it is left to do.
  package func chooseFinals() throws -> [Choice] {
    let isDue = try suggestion()?.stage == .final || unfinished.contains { $0.stage == .final }
    return isDue ? study.choices.finals ?? [] : []
  }

  private func work() throws -> End {
    while !shouldStopNow() {
      try front.keep(fronts)
      isStopping = isStopping || shouldStop()
      let isLimited = try handOut()
      report()
      if underWay.isEmpty { return try end(isLimited) }
      if !found.isEmpty {
        try take(found.removeFirst())
      } else if let report = try runner.next() {
        try take(report)
      }
    }
    runner.stopAll()
    return .interrupted
  }

  private func end(_ isLimited: Bool) throws -> End {
    if let pause { return .paused(pause) }
    guard isStopping else { return isLimited ? .limit : .complete }
    return try unfinished.isEmpty && suggestion() == nil ? .complete : .interrupted
  }

  private func pause(_ cause: Pause.Cause, trial: Int?, _ reason: String) {
    guard pause == nil else { return }
    let pause = Pause(cause: cause, trial: trial, reason: reason)
    self.pause = pause
    onPause(pause, underWay.count)
  }

  // MARK: - Handing out

  /// Gives every free worker a trial; true when only the session's limit prevents more.
  private func handOut() throws -> Bool {
    while !slots.isEmpty, pause == nil, !isStopping {
      guard tally.evaluated + underWay.count < settings.maxTrials else {
        return try !unfinished.isEmpty || suggestion() != nil
      }
      if let again = unfinished.first {
        unfinished.removeFirst()
        try start(again, isAgain: true)
        continue
      }
      guard let suggestion = try suggestion() else { return false }
      try begin(study.register(suggestion))
    }
    return false
  }

  /// The next design. What a stage hands on is kept before anything is made of it.
  private func suggestion() throws -> Suggestion? {
    let suggestion = study.suggest()
    if study.choices != keptChoices ?? Choices() {
      try store.keep(study.choices)
      keptChoices = study.choices
    }
    return suggestion
  }

  private func begin(_ trial: Trial) throws {
    do {
      try store.begin(trial)
    } catch let error as FileError where trial.result == nil {
      // The store has the trial; it is its own folder that cannot be used.
      guard let hindrance = Hindrance(error) else { throw error }
      return pause(.fault(hindrance.fault), trial: trial.id, hindrance.reason)
    }
    if trial.result == nil {
      try start(trial, isAgain: false)
    } else {
      tell(trial)
    }
  }

  /// Gives a trial to a free worker: to be timed where that decides whether it is trained, or else to be trained.
  ///
  /// A design that was timed before the search was stopped is not timed again.
  private func start(_ trial: Trial, isAgain: Bool) throws {
    guard let slot = slots.popLast() else { preconditionFailure("no worker is free") }
    underWay[trial.id] = WorkUnderWay(
      trial, slot: slot, isAgain: isAgain,
      known: Metric.counted(cost(trial.design, trial.stage)))
    guard study.needsLatency(trial), runner.canMeasure else { return try train(trial.id) }
    if isAgain, let reading = try store.latency(ofTrial: trial.id),
      try otherDevice(reading, trial) == nil
    {
      return try decide(trial, reading)
    }
    underWay[trial.id]?.isBeingTimed = true
    try hand(trial.id) { try runner.measure($0) }
  }

  private func train(_ id: Int) throws {
    guard let work = underWay[id] else { return }
    // What was reported before the search was killed may have ended it.
    if let proof = study.stopping(work.trial, known: work.knownCosts) {
      try conclude(id, .stopped(reason: proof.reason, proof: proof), seconds: 0)
      return
    }
    let isTimed = work.timed != nil
    try hand(id) { job in
      if try !takeResult(of: job, isTimed: isTimed) { try runner.start(job, isTimed: isTimed) }
    }
  }

  /// Takes a result that was paid for elsewhere; whether there was one. Its latency is measured here.
  private func takeResult(of job: TrialJob, isTimed: Bool) throws -> Bool {
    // A repetition is to be another training, not the same again.
    guard let paid, let stage = job.stage, underWay[job.id]?.trial.repeats == nil,
      let taken = paid.find(
        for: job, objectives: settings.plan.objectives(of: stage), isTimed: isTimed,
        canMeasure: runner.canMeasure)
    else { return false }
    var job = job
    // What is put into its folder is what an earlier attempt would have left.
    if taken.needsLatency { job.resume = true }
    try paid.place(taken, job)
    for event in taken.result.events { try store.add(event, trial: job.id) }
    underWay[job.id]?.cached = taken.result.origin
    if taken.needsLatency {
      try runner.start(job, isTimed: false)
    } else {
      found.append(.ended(trial: job.id, .finished(metrics: taken.result.metrics), seconds: 0))
    }
    return true
  }

  /// Has somebody do the job of a trial under way.
  private func hand(_ id: Int, to somebody: (TrialJob) throws -> Void) throws {
    guard let work = underWay[id] else { return }
    let devices = settings.plan.runner.devices
    let job = TrialJob(
      work.trial, plan: settings.plan, backbones: backbones, folder: settings.folder,
      device: devices[work.slot % devices.count], threads: settings.threads,
      isAgain: work.isAgain, isTimed: work.timed != nil, dataState: settings.dataState)
    underWay[id]?.job = job
    do {
      try somebody(job)
    } catch {
      guard let hindrance = Hindrance(error) else { throw error }
      leaveOpen(id, hindrance)
    }
  }

  /// Prunes a trial whose design was timed, or has it trained.
  private func decide(_ trial: Trial, _ reading: LatencyReading) throws {
    if let outcome = study.decision(on: trial, latency: reading) {
      try conclude(trial.id, outcome, seconds: 0)
      return
    }
    underWay[trial.id]?.timed = reading
    try trainUnlessStopping(trial)
  }

  /// No training begins any more in a search that stops: the trial stays open, and what was measured counts when it goes on.
  private func trainUnlessStopping(_ trial: Trial) throws {
    guard pause == nil, !isStopping else {
      release(trial.id)
      unfinished.append(trial)
      return
    }
    try train(trial.id)
  }

  /// Ends the work on a trial without an outcome.
  private func leaveOpen(_ id: Int, _ hindrance: Hindrance) {
    release(id)
    pause(.fault(hindrance.fault), trial: id, hindrance.reason)
  }

  /// Forgets a trial that was under way; its worker is free again.
  private func release(_ id: Int) {
    if let work = underWay.removeValue(forKey: id) { slots.append(work.slot) }
  }

  // MARK: - Taking in

  private func take(_ report: RunnerReport) throws {
    switch report {
    case .event(let id, let event): try take(event, of: id)
    case .hindered(let id, let hindrance): leaveOpen(id, hindrance)
    case .measured(let id, let reading, let seconds):
      try take(reading, of: id, seconds: seconds)
    case .ended(let id, let outcome, let seconds):
      guard let work = underWay[id] else { return }
      if let hindrance = work.otherDevice { return leaveOpen(id, hindrance) }
      let outcome = outcome.with(work.timed).checked(
        for: settings.plan.objectives(of: work.trial.stage), known: work.known)
      if let ended = try conclude(id, outcome, seconds: seconds) { watch(ended) }
      front.fallBehind()
    }
  }

  /// Keeps what became of a trial under way; gives it with its outcome.
  @discardableResult
  private func conclude(_ id: Int, _ outcome: Outcome, seconds: Double) throws -> Trial? {
    guard let work = underWay[id] else { return nil }
    let ended = study.observe(
      work.trial, outcome, seconds: seconds + work.timing,
      cached: outcome.kind == .finished ? work.cached : nil)
    if let result = ended.result {
      // A pruned design was judged by no data.
      let data = outcome.wasEvaluated ? settings.dataState?.fingerprint : nil
      try store.end(id, result, data: data)
      if let folder = settings.folder { UnmeasuredTrial.forget(in: folder.trial(id)) }
      runner.settled(id)
      if result.cached == nil, let job = work.job { paid?.keep(ended, job) }
    }
    release(id)
    tell(ended)
    return ended
  }

  /// Takes in that a design was timed before its training; nil that it could not be.
  private func take(_ reading: LatencyReading?, of id: Int, seconds: Double) throws {
    guard let work = underWay[id], work.isBeingTimed else { return }
    underWay[id]?.isBeingTimed = false
    underWay[id]?.timing = seconds
    // A disturbed reading decides nothing; when the design is trained the machine may be calmer.
    guard let reading, reading.isCalm else { return try trainUnlessStopping(work.trial) }
    if let hindrance = try otherDevice(reading, work.trial) { return leaveOpen(id, hindrance) }
    if settings.folder != nil { try store.add(reading, ofUntrained: id) }
    try decide(work.trial, reading)
  }

  private func take(_ event: TrialEvent, of id: Int) throws {
    if case .latency(let reading) = event {
      if let work = underWay[id], let hindrance = try otherDevice(reading, work.trial) {
        underWay[id]?.otherDevice = hindrance
        return
      }
      underWay[id]?.known.takeLatency(reading)
    }
    if settings.folder != nil { try store.add(event, trial: id) }
    if case .epoch(let epoch, let metrics) = event { try judge(id, afterEpoch: epoch, metrics) }
  }

  /// Ends a training that cannot reach the front any more.
  private func judge(_ id: Int, afterEpoch epoch: Int, _ metrics: [String: Double]) throws {
    underWay[id]?.take(epoch: epoch)
    guard let work = underWay[id], study.stopsEarly(work.trial.stage) else { return }
    study.note(metrics, afterEpoch: epoch, ofTrial: id, in: work.trial.stage)
    guard var proof = study.stopping(work.trial, known: work.knownCosts) else { return }
    let seconds = runner.stop(id)
    proof.secondsSaved =
      seconds * Double(proof.epochs - epoch) / Double(work.epochs?.count ?? epoch)
    try conclude(id, .stopped(reason: proof.reason, proof: proof), seconds: seconds)
    front.fallBehind()
  }

  /// What keeps a latency from standing beside those of the stage: that it was taken on another device. Nil when nothing does.
  private func otherDevice(_ reading: LatencyReading, _ trial: Trial) throws -> Hindrance? {
    for metric in settings.plan.objectives(of: trial.stage) where metric.isLatency {
      guard let device = reading.reading(of: metric)?.device,
        let others = try store.latencyDevice(of: trial.stage, for: metric), others != device
      else { continue }
      return Hindrance(
        fault: .otherDevice,
        reason: "this \(metric) was taken on \(device), those of the run on \(others)")
    }
    return nil
  }

  private func watch(_ ended: Trial) {
    guard settings.pausesAtEqualFailures else { return }
    let reason = ended.isFailure ? ended.outcome?.explanation : nil
    let found = streak.take(reason, design: ended.design.text, trial: ended.id)
    if let found { pause(found.cause, trial: found.trial, found.reason) }
  }

  private func tell(_ ended: Trial) {
    tally.add(ended)
    onTrial(ended)
  }

  /// The fronts of the stage that is searched now.
  private func fronts() -> StageFronts {
    let trials = tally.trials.filter { !otherData.contains($0.id) }
    return StageFronts(
      of: trials.pooled(alike: settings.plan.stagesTrainedAlike), stage: tally.stage,
      objectives: settings.plan.objectives(of: tally.stage), choices: study.choices)
  }

  private func report() {
    let remaining = min(
      study.remaining + unfinished.count,
      settings.maxTrials - min(settings.maxTrials, tally.evaluated + underWay.count))
    let progress = tally.progress(
      running: underWay.count, remaining: remaining, picks: study.choices.picks ?? [])
    guard progress != lastProgress else { return }
    lastProgress = progress
    onProgress(progress)
  }
}
