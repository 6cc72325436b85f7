import DetSearch
import DetSpec
import Testing

/// Which trainings end before their last epoch.
@Suite struct EarlyStoppingTests {
  /// What a trial reached after the third of six epochs, what in the end, and its latency.
  private typealias Course = (early: Double, end: Double, latency: Double)

  /// Five trainings that gained 0.1 each from the third epoch on, the best 0.5 in 20 ms.
  private static let five: [Course] = [
    (0.1, 0.2, 5), (0.2, 0.3, 10), (0.3, 0.4, 15), (0.4, 0.5, 20), (0.1, 0.2, 30),
  ]

  private func plan(_ change: (inout StructuralPlan) -> Void = { _ in }) throws -> Plan {
    var plan = try Samples.structural(trials: 9, initial: 1)
    plan.structural?.recipe.epochs = 6
    if var section = plan.structural {
      change(&section)
      plan.structural = section
    }
    return plan
  }

  /// What becomes of a trial after what it reached at the third epoch, at its latency.
  private func proof(
    _ courses: [Course] = five, early: Double, latency: Double?, epoch: Int = 3,
    disturbed: Bool = false, plan: Plan? = nil, knowsAll: Bool = true
  ) throws -> StoppingProof? {
    var study = try Study(plan: plan ?? self.plan(), cost: Samples.cost)
    var (trials, last): ([Trial], Trial?) = ([], nil)
    for number in 0...courses.count {
      guard let suggestion = study.suggest() else { break }
      let trial = study.register(suggestion)
      if number == courses.count {
        last = trial
      } else {
        trials.append(trial)
        if knowsAll { end(trial, courses[number], &study) }
      }
    }
    if !knowsAll { for (trial, course) in zip(trials, courses) { end(trial, course, &study) } }
    let trial = try #require(last)
    study.note(["loss": 1, "AP": early], afterEpoch: epoch, ofTrial: trial.id, in: .structural)
    var known: [String: Double] = [:]
    if let latency {
      var reading = LatencyReading(runs: try #require(LatencySummary(samples: [latency])))
      if disturbed { reading.disturbances = [.waiting] }
      known.takeLatency(reading)
    }
    return study.stopping(trial, known: known)
  }

  private func end(_ trial: Trial, _ course: Course, _ study: inout Study) {
    study.note(["AP": course.early], afterEpoch: 3, ofTrial: trial.id, in: .structural)
    study.note(["AP": course.end], afterEpoch: 6, ofTrial: trial.id, in: .structural)
    study.observe(
      trial, .finished(metrics: ["AP": course.end, "latency": course.latency]), seconds: 1)
  }

  @Test func whatCannotReachTheFrontStopsWithItsRival() throws {
    let found = try proof(early: 0.25, latency: 25)
    let stop = try #require(found)
    // Two rivals would do; the first is named.
    #expect(stop.rival == 3 && stop.epoch == 3 && stop.epochs == 6)
    #expect(stop.reached == ["AP": 0.25])
    #expect(abs((stop.most["AP"] ?? 0) - 0.35) < 1e-9)
    #expect(abs((stop.expected["AP"] ?? 0) - 0.35) < 1e-9 && stop.expected["latency"] == 25)
    #expect(
      stop.reason
        == "after epoch 3 of 6: even with AP 0.350 instead of 0.250 trial 3 is at least as good at no higher cost"
    )
  }

  @Test(arguments: [
    // More accurate than all, or than those that cost less.
    (0.41, 25), (0.25, 14), (0.11, 9), (0.01, 4),
  ])
  func whatMayReachTheFrontGoesOn(_ early: Double, _ latency: Double) throws {
    #expect(try proof(early: early, latency: latency) == nil)
    #expect(try proof(early: early - 0.02, latency: latency + 6) != nil)
  }

  @Test func theLargestGainIsGranted() throws {
    var courses = Self.five
    courses[4] = (0.05, 0.45, 30)
    // With 0.4 more it would be the best of all.
    #expect(try proof(courses, early: 0.25, latency: 25) == nil)
    // Two deviations above the mean are more than that.
    #expect(try #require(try proof(courses, early: 0.0, latency: 25)).most["AP"] ?? 0 > 0.4)
  }

  @Test func withoutEnoughToGoByAllGoOn() throws {
    #expect(try proof(Array(Self.five.prefix(4)), early: 0.01, latency: 90) == nil)
    // What was not known when the design was suggested is not looked at.
    #expect(try proof(early: 0.01, latency: 90, knowsAll: false) == nil)
    #expect(try proof(early: 0.01, latency: nil) == nil)
    #expect(try proof(early: 0.01, latency: 90, disturbed: true) == nil)
    // An epoch that the others were not judged at, and the last one.
    #expect(try proof(early: 0.01, latency: 90, epoch: 4) == nil)
    #expect(try proof(early: 0.01, latency: 90, epoch: 6) == nil)
    #expect(try proof(early: 0.01, latency: 90) != nil)
  }

  @Test func aPlanThatDoesNotWantItGetsNone() throws {
    #expect(
      try proof(early: 0.01, latency: 90, plan: plan { $0.earlyStopping = false }) == nil)
    #expect(try proof(early: 0.01, latency: 90, plan: plan().asInThePaper()) == nil)
  }

  /// The searcher learns what was to be expected; a front has no stopped trial.
  @Test func aStoppedTrialIsOnNoFrontAndCountsAsEvaluated() throws {
    var study = try Study(plan: plan { $0.trials = 6 }, cost: Samples.cost)
    for course in Self.five {
      guard let suggestion = study.suggest() else { break }
      end(study.register(suggestion), course, &study)
    }
    let suggestion = study.suggest()
    let trial = study.register(try #require(suggestion))
    study.note(["AP": 0.01], afterEpoch: 3, ofTrial: trial.id, in: .structural)
    let found = study.stopping(trial, known: ["latency": 90])
    let stop = try #require(found)
    let ended = study.observe(trial, .stopped(reason: stop.reason, proof: stop), seconds: 1)
    #expect(!ended.isFailure && !ended.isFinished && ended.outcome?.wasEvaluated == true)
    #expect(study.suggest() == nil)
    let front = Front(
      of: study.trials, stage: .structural, objectives: [.averagePrecision, .latency])
    #expect(front.members.map(\.trial) == [1, 2, 3, 4])
  }
}
