import DetBasics
import DetSearch
import DetSpec
import Synchronization
import Testing

@Suite struct StudyTests {
  @Test func theSameSeedGivesTheSameTrials() throws {
    let plan = try Samples.plan(Samples.wholePlan)
    #expect(try Samples.run(plan) == Samples.run(plan))
    let other = try Samples.plan(Samples.wholePlan, seed: 8)
    #expect(try Samples.run(other).map(\.design) != Samples.run(plan).map(\.design))
  }

  @Test func noDesignComesTwiceUntilTheSpaceIsUsedUp() throws {
    let trials = try Samples.run(Samples.structural(trials: 1000))
    #expect(trials.count == 16)
    #expect(Set(trials.map(\.design)).count == 16)
    #expect(trials.contains { $0.outcome?.kind == .failed })
  }

  @Test func thePapersSpaceIsUsedUpWithoutADuplicate() throws {
    let trials = try Samples.run(Samples.plan("\"structural\": { \"trials\": 2000 }"))
    #expect(trials.count == 1064)
    #expect(Set(trials.map(\.design)).count == 1064)
  }

  @Test func aSearchCutAnywhereGoesOnAsIfNothingHadHappened() throws {
    let plan = try Samples.plan(Samples.wholePlan)
    let whole = try Samples.run(plan)
    for cut in 0...whole.count {
      let resumed = try Samples.run(plan, from: Samples.run(plan, atMost: cut))
      #expect(resumed == whole, "cut after \(cut)")
    }
  }

  @Test func aMutationDescendsFromAFinishedTrialAndDiffersInFewParts() throws {
    let trials = try Samples.run(Samples.structural(trials: 16))
    let mutations = trials.filter { $0.suggestion.origin.name == "mutation" }
    #expect(mutations.count > 4)
    for trial in mutations {
      let parent = try #require(trials.first { $0.id == trial.suggestion.origin.parent })
      #expect(parent.isFinished)
      #expect(parent.id < trial.id)
      #expect(parent.design != trial.design)
    }
  }

  @Test func theFirstDesignsAreSpreadOverTheParts() throws {
    let trials = try Samples.run(Samples.structural(trials: 6, initial: 6))
    #expect(trials.allSatisfy { $0.suggestion.origin == .start })
    #expect(Set(trials.map(\.design.input)).count == 2)
    #expect(Set(trials.map(\.design.backbone)).count == 2)
    #expect(Set(trials.map(\.design.head)).count == 3)
  }

  @Test func nothingIsSuggestedForStageTwoWhileStageOneIsOpen() throws {
    let plan = try Samples.plan(Samples.wholePlan)
    var study = try Study(plan: plan, cost: Samples.cost)
    var open: [Trial] = []
    while let suggestion = study.suggest() { open.append(study.register(suggestion)) }
    #expect(open.count == 10)
    for trial in open.dropLast() {
      study.observe(trial, Samples.outcome(trial.design))
      #expect(study.suggest() == nil)
    }
    study.observe(open[9], Samples.outcome(open[9].design))
    #expect(study.suggest()?.stage == .modular)
  }

  @Test func stageTwoRefinesMembersOfTheFrontInTheirBlocks() throws {
    var study = try Study(plan: Samples.plan(Samples.wholePlan), cost: Samples.cost)
    Samples.finish(&study)
    let (trials, choices) = (study.trials, study.choices)
    let front = Front(of: trials, stage: .structural, objectives: [.averagePrecision, .latency])
    let modular = trials.filter { $0.stage == .modular }
    #expect(Set(modular.compactMap(\.suggestion.pick)) == [0, 1])
    #expect(modular.count { $0.outcome?.wasEvaluated == true } == 16)
    let picks = StageFronts(
      of: trials, stage: .modular, objectives: [.averagePrecision, .macs], choices: choices
    ).fronts.compactMap(\.pick)
    #expect(modular.prefix(2).map(\.design) == picks.map(\.design))
    for trial in modular.dropFirst(2) {
      guard case .coded(let code) = trial.design.backbone else {
        Issue.record("\(trial.design) has no stage code")
        continue
      }
      #expect(code.block == .basicblock)
      #expect(code.doublings == 3)
      #expect((4...8).contains(code.depth))
      #expect(front.members.contains { $0.design.head == trial.design.head })
    }
    let first = try #require(choices.picks?.first?.trial)
    #expect(modular[0].suggestion.origin == .pick(parent: first))
    #expect(front.members.contains { $0.trial == first })
  }

  /// Members of a front at a tenth, at half and above the best accuracy: the first are picked only when there are no others.
  @Test(arguments: [
    (1, [0.8]), (2, [0.4, 0.8]), (3, [0.4, 0.6, 0.8]), (4, [0.08, 0.4, 0.6, 0.8]),
    (9, [0.05, 0.08, 0.4, 0.6, 0.8]),
  ])
  func membersThatHardlyDetectArePickedLast(count: Int, accuracies: [Double]) throws {
    var study = try Study(
      plan: Samples.plan("\"structural\": { \"trials\": 5 }, \"modular\": { \"picks\": \(count) }"),
      cost: Samples.cost)
    for (place, accuracy) in [0.05, 0.08, 0.4, 0.6, 0.8].enumerated() {
      guard let suggestion = study.suggest() else { break }
      let trial = study.register(suggestion)
      study.observe(
        trial,
        .finished(metrics: ["AP": accuracy, "latency": Double(place + 1)]), seconds: 1)
    }
    _ = study.suggest()
    let picks = try #require(study.choices.picks)
    let accuracy = { (pick: Choice) in
      study.trials.first { $0.id == pick.trial }?.metrics["AP"]
    }
    #expect(picks.compactMap(accuracy) == accuracies)
    #expect(picks.map(\.name) == picks.indices.map { "C\($0)" })
  }

  @Test func whatWasPickedStaysWhenLatenciesAreMeasuredAgain() throws {
    let plan = try Samples.plan(Samples.wholePlan)
    var study = try Study(plan: plan, cost: Samples.cost)
    while study.choices.picks == nil, let suggestion = study.suggest() {
      let trial = study.register(suggestion)
      study.observe(trial, Samples.outcome(trial.design), seconds: 1)
    }
    let choices = study.choices
    let structural = study.trials.filter { $0.stage == .structural }
    // The picks' latencies are measured again, and would put them off the front.
    let picked = Set(choices.picks?.compactMap(\.trial) ?? [])
    let again = structural.map { trial -> Trial in
      guard picked.contains(trial.id), case .finished(var metrics)? = trial.outcome else {
        return trial
      }
      metrics["latency"] = 1e4
      var changed = trial
      changed.result = .init(
        outcome: .finished(metrics: metrics), sequence: trial.result?.sequence ?? 0, seconds: 1)
      return changed
    }
    var other = try Study(plan: plan, cost: Samples.cost)
    other.restore(again)
    _ = other.suggest()
    #expect(other.choices != choices)
    var resumed = try Study(plan: plan, cost: Samples.cost)
    resumed.restore(again, choices: choices)
    #expect(resumed.suggest()?.design == choices.picks?.first?.design)
    #expect(resumed.choices == choices)
  }

  /// Says of each step how much of other picks it was told.
  private final class Listener: Searcher {
    let heard = Mutex<[(own: Int, others: [Int])]>([])

    func propose(history: SearchHistory, stream: inout Generator) -> [Candidate] {
      heard.withLock { $0.append((history.finished.count, history.kin.map(\.family))) }
      return []
    }
  }

  @Test func aPicksSearchIsToldOfTheOthersTrials() throws {
    let designs = ["16", "24"].map { "\"256x256 | resnet18 \($0) | fpn P1-P4 32 | rpn | rcnn\"" }
    let plan = try Samples.plan(
      """
      "modular": { "designs": [\(designs.joined(separator: ", "))], "trials": 6, "turns": "inTurn", "reseedShare": 0,
                   "pruning": false, "space": { "base": [16, 24], "blocks": [4, 8], "fpnChannels": [32] } }
      """)
    let listener = Listener()
    var study = try Study(plan: plan, searchers: [.modular: listener], cost: Samples.cost)
    while let suggestion = study.suggest() {
      study.observe(
        study.register(suggestion), .finished(metrics: ["AP": 0.3, "macs": Double(suggestion.id)]))
    }
    let heard = listener.heard.withLock { $0 }
    let second = heard.drop { $0.others.isEmpty }
    // The first pick hears of nobody; the second, from its first step on, of all the first one's trials but the baseline, which is
    // no code and so not in the space.
    #expect(!heard.isEmpty && second.count > 2)
    #expect(second.allSatisfy { $0.others == Array(repeating: 0, count: 5) })
  }

  @Test func aPickThatAnotherPicksSpaceHoldsIsItsOwnBaselineAlone() throws {
    let texts = ["16 1-21-21-2", "24 1-21-21-12"].map {
      "256x256 | basicblock \($0) | fpn P1-P4 32 | rpn | rcnn"
    }
    let plan = try Samples.plan(
      """
      "modular": { "designs": ["\(texts[0])", "\(texts[1])"], "trials": 40, "initial": 4,
                   "space": { "base": [16, 24], "blocks": [4, 5], "fpnChannels": [32] } }
      """)
    let trials = try Samples.run(plan)
    for (number, text) in texts.enumerated() {
      let found = trials.filter { $0.design.text == text }
      #expect(found.map(\.suggestion.pick) == [number])
      #expect(found.map(\.suggestion.step) == [0])
      #expect(
        trials.count { $0.suggestion.pick == number && $0.outcome?.wasEvaluated == true } > 20)
    }
    #expect(Set(trials.map(\.design)).count == trials.count)
  }

  /// Head channels around picks of every kind: each design once, and a search that is cut and goes on chooses as one that never was.
  @Test(arguments: ["model", "evolution", "nsga2", "random"])
  func headChannelsAreSearchedAroundEveryKindOfPick(_ searcher: String) throws {
    let picks = [
      "fpn P1-P4 64 | rpn | rcnn", "fpn P1-P4 32 | none | retinanet", "none | rpn | rcnn",
    ]
    let designs = picks.map { "\"256x256 | basicblock 16 1-21-21-2 | \($0)\"" }
    let plan = try Samples.plan(
      """
      "modular": { "designs": [\(designs.joined(separator: ", "))], "trials": 14, "initial": 4,
                   "searcher": "\(searcher)", "recipe": { "detection": { "headWidth": 64 } },
                   "space": { "base": [16, 24], "blocks": [4, 8], "fpnChannels": [32, 64],
                              "headChannels": [128, 32, 64] } }
      """)
    let trials = try Samples.run(plan)
    let recipe = try #require(plan.modular?.recipe)
    let firsts = trials.filter { $0.repeats == nil }
    #expect(Set(firsts.map(\.design)).count == firsts.count)
    for pick in 0..<3 {
      let own = trials.filter { $0.suggestion.pick == pick && $0.suggestion.step != 0 }
      let channels = Set(own.map { $0.design.headChannels(recipe: recipe) })
      #expect(channels == (pick == 2 ? [nil] : [32, 64, 128]))
    }
    let texts = Set(trials.map { $0.design.head.text })
    #expect(texts.isSuperset(of: ["rcnn", "rcnn 32", "rcnn 128", "retinanet 128"]))
    #expect(!texts.contains("rcnn 64"))
    let resumed = try Samples.run(plan, from: Array(trials.prefix(17)))
    #expect(resumed.map(\.design) == trials.map(\.design))
  }

  @Test func aSearchWhoseEveryTrialFailsGoesOnAtRandom() throws {
    let plan = try Samples.structural(trials: 16)
    var study = try Study(plan: plan, cost: Samples.cost)
    while let suggestion = study.suggest() {
      study.observe(study.register(suggestion), .crashed(signal: 11))
    }
    #expect(study.trials.count == 16)
  }

  @Test func mutationCoversMoreThanChance() throws {
    let objectives: [Metric] = [.averagePrecision, .latency]
    func share(initial: Int, seed: Int) throws -> Double {
      let plan = try Samples.plan(
        "\"structural\": { \"trials\": 60, \"initial\": \(initial) }", seed: seed)
      var study = try Study(plan: plan, cost: Samples.cost)
      var front = FrontTracker(directions: objectives.map(\.direction))
      while let suggestion = study.suggest() {
        let point = likelyResults(suggestion.design)
        study.observe(
          study.register(suggestion), .finished(metrics: ["AP": point[0], "latency": point[1]]))
        front.insert(trial: suggestion.id, point: point)
      }
      return HypervolumeTrack.share(
        of: front.entries.map(\.point), reference: [0, 500], objectives: objectives)
    }
    var wins = 0
    for seed in 1...4 where try share(initial: 16, seed: seed) > share(initial: 60, seed: seed) {
      wins += 1
    }
    #expect(wins >= 3)
  }

  /// Results in which every part has its worth, so that good parents have good children.
  private func likelyResults(_ design: DetectorDesign) -> [Double] {
    let macs = Double(DesignCost(design, classes: 80).macs) / 1e9
    var worth = 1.0
    switch design.neck {
    case .none: worth *= 0.6
    case .fpn(let finest, let coarsest, _):
      worth *= finest == .p1 ? 1 : 0.9
      worth *= coarsest == .p5 ? 1 : 0.95
    }
    worth *= design.proposals == .guidedAnchoring ? 1 : 0.9
    worth *= design.head == .cascade(steps: 3) ? 1 : 0.85
    worth *= design.backbone.block == .xbottleneck ? 1 : 0.8
    return [0.6 * worth * macs / (macs + 60), macs]
  }
}
