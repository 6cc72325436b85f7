import DetBasics
import DetSearch
import DetSpec
import Testing

/// Members of a front that are trained once more by other seeds, and what becomes of their accuracies.
@Suite struct ReseedingTests {
  private static let sections = Samples.wholePlan
    .replacing("\"trials\": 10", with: "\"reseedShare\": 0.3, \"trials\": 10")
    .replacing("\"trials\": 8", with: "\"reseedShare\": 0.25, \"trials\": 8")

  /// A study to its end; a repetition is less accurate than the first training by as much as `luck`.
  private func study(_ sections: String = sections, luck: Double = 0.05) throws -> Study {
    var study = try Study(plan: Samples.plan(sections), cost: Samples.cost)
    while let suggestion = study.suggest() {
      let trial = study.register(suggestion)
      guard trial.result == nil else { continue }
      guard case .finished(var metrics) = Samples.outcome(trial.design) else {
        study.observe(trial, Samples.outcome(trial.design), seconds: 1)
        continue
      }
      if trial.repeats != nil { metrics["AP"] = max(0, (metrics["AP"] ?? 0) - luck) }
      study.observe(trial, .finished(metrics: metrics), seconds: 1)
    }
    return study
  }

  @Test func someTrialsOfAStageRepeatDesignsOnWhichItsFrontHinges() throws {
    let study = try study()
    let stageOne = study.trials.filter {
      $0.stage == .structural && $0.outcome?.wasEvaluated == true
    }
    // One of three half-way, so that the noise is known before the end.
    #expect(stageOne.indices.filter { stageOne[$0].repeats != nil } == [5, 8, 9])
    #expect(stageOne.count == 10)
    for pick in 0...1 {
      let own = study.trials.filter { $0.suggestion.pick == pick }
      #expect(own.count { $0.repeats != nil } == 2)
      #expect(own.count { $0.outcome?.wasEvaluated == true } == 8)
    }
    for trial in study.trials {
      guard let first = trial.repeats else { continue }
      let repeated = try #require(study.trials.first { $0.id == first })
      #expect(repeated.design == trial.design && repeated.seed != trial.seed)
      #expect(repeated.stage == trial.stage && repeated.isFinished && repeated.repeats == nil)
    }
  }

  @Test func aFrontHasMeansWithIntervalsAndNoTrialTwice() throws {
    let study = try study()
    let front = Front(
      of: study.trials, stage: .structural, objectives: [.averagePrecision, .latency])
    let repeated = Set(study.trials.compactMap(\.repeats))
    #expect(Set(front.members.map(\.design)).count == front.members.count)
    var isAnyMean = false
    for member in front.members {
      let own = study.trials.filter { $0.id == member.trial || $0.repeats == member.trial }
      let values = own.compactMap { $0.metrics["AP"] }
      let mean = values.reduce(0, +) / Double(values.count)
      #expect(member.metrics.trainingCount == own.count)
      #expect(abs((member.metrics["AP"] ?? 0) - mean) < 1e-12)
      let interval = try #require(member.metrics.interval(of: .averagePrecision))
      #expect(interval.contains(mean))
      isAnyMean = isAnyMean || repeated.contains(member.trial)
    }
    #expect(isAnyMean)
  }

  /// What a lucky training hid comes back, and what looks best but was trained once is repeated before what was repeated already.
  @Test func luckDoesNotLast() throws {
    var study = try Study(
      plan: Samples.plan(
        "\"structural\": { \"trials\": 5, \"initial\": 1, \"reseedShare\": 0.4, \(Samples.smallSpace) }"
      ),
      cost: Samples.cost)
    let courses = [(0.5, 10.0), (0.4, 12.0), (0.01, 5.0), (0.1, 0.0), (0.39, 0.0)]
    for (accuracy, latency) in courses {
      let suggestion = study.suggest()
      let trial = study.register(try #require(suggestion))
      let time = trial.repeats.map { courses[$0 - 1].1 } ?? latency
      study.observe(trial, .finished(metrics: ["AP": accuracy, "latency": time]), seconds: 1)
    }
    #expect(study.suggest() == nil)
    // The first looked best; when it was repeated, the second came back to the front, and was repeated in turn.
    #expect(study.trials.compactMap(\.repeats) == [1, 2])
    let front = Front(
      of: study.trials, stage: .structural, objectives: [.averagePrecision, .latency])
    #expect(front.members.map(\.trial) == [3, 1, 2])
    let (first, second) = (front.members[1].metrics, front.members[2].metrics)
    #expect(abs((first["AP"] ?? 0) - 0.3) < 1e-12 && abs((second["AP"] ?? 0) - 0.395) < 1e-12)
    #expect(second.isResolved(from: first, in: .averagePrecision) == false)
  }

  /// Once the noise is known, what is in doubt goes before what stands apart, on the front or just below it.
  @Test func whatIsInDoubtIsRepeated() throws {
    var study = try Study(
      plan: Samples.plan(
        "\"structural\": { \"trials\": 10, \"initial\": 1, \"reseedShare\": 0.5, \"pruning\": false, \(Samples.smallSpace) }"
      ),
      cost: Samples.cost)
    // The first stands apart; the second and the third are as good as one another.
    let designs = [(0.2, 5.0), (0.5, 20.0), (0.499, 21.0), (0.1, 30.0), (0.1, 31.0)]
    var (firsts, repeated) = ([Int](), [Int]())
    while let suggestion = study.suggest() {
      let trial = study.register(suggestion)
      guard let first = trial.repeats.flatMap(firsts.firstIndex) else {
        let (accuracy, latency) = designs[firsts.count]
        firsts.append(trial.id)
        study.observe(
          trial, .finished(metrics: ["AP": accuracy, "latency": latency]), seconds: 1)
        continue
      }
      repeated.append(first)
      let luck = repeated.count.isMultiple(of: 2) ? -0.01 : 0.01
      study.observe(
        trial, .finished(metrics: ["AP": designs[first].0 + luck, "latency": designs[first].1]),
        seconds: 1)
    }
    #expect(repeated.count == 5 && Set(repeated) == [1, 2])
  }

  @Test func theSearchGoesOnAsItWouldHave() throws {
    let whole = try study().trials
    let plan = try Samples.plan(Self.sections)
    for cut in [0, 7, 8, 9, 10, 14, whole.count - 1] {
      var resumed = try Study(plan: plan, cost: Samples.cost)
      resumed.restore(Array(whole.prefix(cut)))
      #expect(resumed.suggest() == whole[cut].suggestion, "after \(cut) trials")
    }
  }

  @Test func withoutAFinishedTrialNothingIsRepeated() throws {
    var study = try Study(plan: Samples.plan(Self.sections), cost: Samples.cost)
    var count = 0
    while let suggestion = study.suggest() {
      study.observe(study.register(suggestion), .failed(reason: "by lot"), seconds: 1)
      count += 1
    }
    #expect(count == 10 && study.trials.allSatisfy { $0.repeats == nil })
  }

  /// Against scipy 1.16: stats.t.ppf(0.975, n).
  @Test(arguments: [
    (1, 12.706205), (2, 4.302653), (3, 3.182446), (4, 2.776445), (5, 2.570582), (10, 2.228139),
    (30, 2.042272),
  ])
  func intervalsAreStudents(_ freedom: Int, _ quantile: Double) throws {
    // Pairs that differ by the root of two each have a deviation of one.
    let pairs = Array(repeating: [0, 2.0.squareRoot()], count: freedom)
    let noise = try #require(SeedNoise(pairs))
    #expect(noise.freedom == freedom && abs(noise.deviation - 1) < 1e-12)
    #expect(abs(noise.reach(ofMeanOf: 1) / quantile - 1) < 0.006)
    #expect(abs(noise.reach(ofMeanOf: 4) * 2 / quantile - 1) < 0.006)
    #expect(SeedNoise([[1], [2]]) == nil)
  }

  @Test func resolvedIsWhatSeedsDoNotExplain() {
    func results(_ value: Double, _ reach: Double) -> [String: Double] {
      ["AP": value, "APLow": value - reach, "APHigh": value + reach]
    }
    let accuracy = Metric.averagePrecision
    #expect(results(0.3, 0.03).isResolved(from: results(0.36, 0.04), in: accuracy) == true)
    #expect(results(0.3, 0.03).isResolved(from: results(0.34, 0.04), in: accuracy) == false)
    #expect(results(0.3, 0.03).isResolved(from: ["AP": 0.1], in: accuracy) == nil)
  }

  @Test func thePapersSearchRepeatsNothing() throws {
    let plan = try Samples.plan(Self.sections).asInThePaper()
    #expect(plan.structural?.reseedShare == 0 && plan.modular?.reseedShare == 0)
  }
}
