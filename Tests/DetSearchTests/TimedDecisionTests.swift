import DetBasics
import DetSearch
import DetSpec
import Testing

/// What becomes of designs that were timed before they are trained.
@Suite struct TimedDecisionTests {
  private static let larger = "256x256 | resnet34 16 | none | rpn | rcnn"
  private static let smaller = "128x128 | resnet18 16 | none | rpn | rcnn"
  private static let rival = "128x128 | resnet34 16 | fpn P1-P4 32 | none | retinanet"

  /// Proposes the three designs in turn, then nothing.
  private struct InTurn: Searcher {
    func propose(history: SearchHistory, stream: inout Generator) -> [Candidate] {
      [larger, rival, smaller].compactMap { text in
        guard let space = history.space as? any DesignSpace,
          let design = try? DetectorDesign(text: text)
        else { return nil }
        return space.index(of: design).map { Candidate(number: $0, origin: .random) }
      }
    }
  }

  private func reading(
    _ milliseconds: Double, _ ends: ClosedRange<Double>? = nil, isDisturbed: Bool = false
  ) throws -> LatencyReading {
    var reading = LatencyReading(runs: try #require(LatencySummary(samples: [milliseconds])))
    reading.interval = ends.map { .init(low: $0.lowerBound, high: $0.upperBound) }
    if isDisturbed { reading.disturbances = [.waiting] }
    return reading
  }

  /// A study in which the larger design and its rival were trained, and the smaller one waits; the rival takes 10 ms.
  private func study(
    rival: LatencyReading, pruning: Bool = true, knowsRival: Bool = true
  ) throws -> (study: Study, trial: Trial) {
    var plan = try Samples.structural(trials: 3, initial: 1)
    plan.structural?.pruning = pruning
    var study = try Study(plan: plan, searchers: [.structural: InTurn()], cost: Samples.cost)
    var trials: [Trial] = []
    for metrics in [["AP": 0.3, "latency": 30, "seconds": 50], ["AP": 0.32]] {
      let next = study.suggest()
      trials.append(study.register(try #require(next)))
      var metrics = metrics
      if trials.count == 2 { metrics.takeLatency(rival) }
      if trials.count == 1 || knowsRival {
        study.observe(trials[trials.count - 1], .finished(metrics: metrics), seconds: 90)
      }
    }
    let next = study.suggest()
    let last = study.register(try #require(next))
    if !knowsRival {
      var metrics = ["AP": 0.32]
      metrics.takeLatency(rival)
      study.observe(trials[1], .finished(metrics: metrics), seconds: 90)
    }
    #expect(last.design.text == Self.smaller && last.outcome == nil)
    return (study, last)
  }

  @Test func aDesignThatCannotImproveTheFrontIsPrunedWithItsProofAndNotCounted() throws {
    var (study, trial) = try study(rival: reading(10))
    #expect(study.needsLatency(trial))
    #expect(study.remaining == 0)
    let outcome = try #require(study.decision(on: trial, latency: try reading(12)))
    let proof = try #require(outcome.proof)
    #expect((proof.larger, proof.rival, proof.metric, proof.cost) == (1, 2, .latency, 12))
    #expect(outcome.reason == proof.reason)
    let larger = Samples.cost(try DetectorDesign(text: Self.larger), .structural).macs
    let share = Double(Samples.cost(trial.design, .structural).macs) / Double(larger)
    #expect(proof.secondsSaved == share * 50, "by the worker's own count, without the timing")
    study.observe(trial, outcome, seconds: 2)
    #expect(study.remaining == 1, "another one takes its place")
    let next = study.suggest()
    #expect(next != nil && next?.design != trial.design)
  }

  @Test func intervalsMustBeApartAndReadingsCalm() throws {
    let (calm, trial) = try study(rival: reading(10, 9...11))
    #expect(calm.decision(on: trial, latency: try reading(12, 11...13)) != nil)
    #expect(calm.decision(on: trial, latency: try reading(12, 10.9...13)) == nil)
    #expect(calm.decision(on: trial, latency: try reading(12, isDisturbed: true)) == nil)
    let (disturbed, _) = try study(rival: reading(10, isDisturbed: true))
    #expect(disturbed.decision(on: trial, latency: try reading(12)) == nil)
  }

  @Test func whatBecameKnownLaterDoesNotCount() throws {
    let (study, trial) = try study(rival: reading(10), knowsRival: false)
    #expect(study.decision(on: trial, latency: try reading(12)) == nil)
  }

  @Test func withoutPruningNothingIsTimedFirst() throws {
    let (study, trial) = try study(rival: reading(10), pruning: false)
    #expect(!study.needsLatency(trial))
    #expect(study.decision(on: trial, latency: try reading(12)) == nil)
  }
}
