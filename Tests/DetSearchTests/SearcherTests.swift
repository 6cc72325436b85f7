import DetBasics
import DetMetrics
import DetSearch
import DetSpec
import Foundation
import Testing

@Suite struct SearcherTests {
  /// Proposes what a closure says.
  struct Stub: Searcher {
    let proposal: @Sendable (SearchHistory, inout Generator) -> [Candidate]

    func propose(history: SearchHistory, stream: inout Generator) -> [Candidate] {
      proposal(history, &stream)
    }
  }

  private func search(_ plan: Plan, _ searcher: any Searcher) throws -> [Trial] {
    var study = try Study(plan: plan, searchers: [.structural: searcher], cost: Samples.cost)
    while let suggestion = study.suggest() {
      study.observe(study.register(suggestion), Samples.outcome(suggestion.design))
    }
    return study.trials
  }

  @Test func aStudyTriesTheFirstCandidateThatIsFree() throws {
    let plan = try Samples.structural(trials: 2, initial: 2)
    let space = try StructuralSpace(try #require(plan.structural).space)
    let first = try DetectorDesign(text: "256x256 | resnet18 16 | none | rpn | rcnn")
    let second = try DetectorDesign(text: "128x128 | resnet18 16 | none | rpn | rcnn")
    let numbers = [-1, space.size] + [first, second].compactMap(space.index)
    let stub = Stub { _, _ in numbers.map { Candidate(number: $0, origin: .start) } }
    #expect(try search(plan, stub).map(\.design) == [first, second])
  }

  @Test func aSearcherWithoutCandidatesGetsRandomDesignsUntilTheSpaceIsUsedUp() throws {
    let trials = try search(Samples.structural(trials: 1000), Stub { _, _ in [] })
    #expect(trials.count == 16)
    #expect(Set(trials.map(\.design)).count == 16)
    #expect(trials.allSatisfy { $0.suggestion.origin == .random })
  }

  @Test func theSearcherOfALibrarysUserTakesThePlaceOfThePlans() throws {
    let plan = try Samples.plan(Samples.wholePlan)
    let evolution = Evolution(initial: 4, randomShare: 0.2)
    var named = try Study(plan: plan, stages: [.structural], cost: Samples.cost)
    var own = try Study(
      plan: plan, stages: [.structural], searchers: [.structural: evolution], cost: Samples.cost)
    while let suggestion = named.suggest() {
      #expect(own.suggest() == suggestion)
      named.observe(named.register(suggestion), Samples.outcome(suggestion.design))
      own.observe(own.register(suggestion), Samples.outcome(suggestion.design))
    }
    #expect(own.suggest() == nil)
  }

  @Test func aHistoryTellsWhatWasTriedAndWhatCameOfIt() throws {
    let plan = try Samples.structural(trials: 8)
    let seen = Stub { history, stream in
      #expect(history.space.size == 16)
      #expect(history.open == 0)
      #expect(history.evaluated == history.entries.map(\.number))
      #expect(history.finished == history.entries.filter { $0.point != nil }.map(\.trial))
      let points = history.entries.compactMap(\.point)
      let best = ParetoFront.indices(of: points, directions: history.objectives.map(\.direction))
      #expect(history.front == best.map { history.finished[$0] })
      for entry in history.entries {
        #expect(history[entry.trial] == entry)
        #expect(!entry.isOpen && !history.isFree(entry.number))
        let design = history.design(entry.number)
        #expect(entry.point == design.flatMap { Samples.point($0, history.objectives) })
        #expect(history.known(entry.number)[.macs] != nil)
        #expect(history.known(entry.number)[.latency] == nil)
        if let child = history.mutation(of: entry.number, &stream) {
          #expect(history.isFree(child))
          #expect(history.space.distance(child, entry.number) > 0)
        }
      }
      #expect(history[99] == nil)
      return history.draw(&stream).map { [Candidate(number: $0, origin: .random)] } ?? []
    }
    #expect(try search(plan, seen).count == 8)
  }

  @Test func aPlanWithoutASearcherMeansTheModelAndSaysSoWhenWritten() throws {
    let plan = try Plan(text: "{ \(Samples.data), \(Samples.wholePlan) }")
    #expect(plan.structural?.searcher == .model)
    #expect(plan.modular?.searcher == .model)
    #expect(try JSON.text(plan).contains("\"searcher\":\"model\""))
  }

  @Test func aPlanMayAskForRandomDesignsInBothStages() throws {
    let plan = try Samples.plan(
      Samples.wholePlan.replacingOccurrences(
        of: "\"trials\"", with: "\"searcher\": \"random\", \"trials\""))
    #expect(plan.structural?.searcher == .random)
    #expect(plan.modular?.searcher == .random)
    let trials = try Samples.run(plan)
    #expect(try Samples.run(plan) == trials)
    #expect(Set(trials.map { "\($0.stage) \($0.design)" }).count == trials.count)
    #expect(trials.count { $0.stage == .structural } == 10)
    // Stage two begins each pick with the pick itself, as it is and as a code of the space, whatever the searcher.
    let drawn = trials.filter { $0.stage == .structural || $0.suggestion.step > 1 }
    #expect(drawn.allSatisfy { $0.suggestion.origin == .random })
    #expect(trials.count { $0.suggestion.origin.name == "pick" } == 4)
  }

  @Test func aMisspeltSearcherIsNamed() {
    let error = #expect(throws: JSONError.self) {
      try Samples.plan("\"structural\": { \"searcher\": \"evolutoin\" }")
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("did you mean \"evolution\"?"))
  }
}
