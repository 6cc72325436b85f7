import DetSearch
import DetSpec
import Testing

/// What stage two refines: as the plan names it, or else spread over stage one's front; side by side or in turn.
@Suite struct PicksTests {
  private func study(_ modular: String) throws -> Study {
    let sections = Samples.wholePlan.replacing("\"picks\": 2", with: modular)
    var study = try Study(plan: Samples.plan(sections), cost: Samples.cost)
    Samples.finish(&study)
    return study
  }

  private func front(_ study: Study) -> Front {
    Front(of: study.trials, stage: .structural, objectives: [.averagePrecision, .latency])
  }

  @Test func latenciesTakeTheMostAccurateWithin() throws {
    let times = try front(study("\"picks\": 1")).members.compactMap { $0.metrics[.latency] }
    let bounds = [(times.first ?? 0) + 1e-6, (times.last ?? 0) + 1]
    let study = try study("\"latencies\": \(Array(bounds.reversed()))")
    let members = front(study).members
    #expect(
      study.choices.picks?.map(\.trial)
        == [
          members.first?.trial,
          members.max { $0.metrics["AP"] ?? 0 < $1.metrics["AP"] ?? 0 }?.trial,
        ])
    #expect(study.choices.picks?.map(\.name) == ["C0", "C1"])
  }

  @Test func trialsAreTakenAsTheyAreNamed() throws {
    let finished = try study("\"picks\": 1").trials.filter {
      $0.isFinished && $0.stage == .structural
    }
    let (one, other) = (finished[4], finished[1])
    let named = try study("\"pickedTrials\": [\(one.id), \(other.id)]")
    #expect(named.choices.picks?.map(\.trial) == [one.id, other.id])
    #expect(named.choices.picks?.map(\.design) == [one.design, other.design])
  }

  @Test func picksAreSearchedTogetherOrInTurn() throws {
    func order(_ turns: String) throws -> [Int] {
      try study("\"picks\": 2, \"turns\": \"\(turns)\"").trials.compactMap(\.suggestion.pick)
    }
    let inTurn = try order("inTurn")
    #expect(Set(inTurn) == [0, 1] && inTurn == inTurn.sorted())
    let together = try order("together")
    #expect(together != together.sorted() && Array(together.prefix(4)) == [0, 1, 0, 1])
  }

  @Test(arguments: [
    (
      "\"pickedTrials\": [900]",
      "modular.pickedTrials names 900, and no finished trial has that number"
    ),
    ("\"latencies\": [0.000001]", "modular.latencies asks for"),
  ])
  func whatCannotBeChosenIsSaid(_ modular: String, _ words: String) throws {
    let sections = Samples.wholePlan.replacing("\"picks\": 2", with: modular)
    var study = try Study(plan: Samples.plan(sections), stages: [.structural], cost: Samples.cost)
    Samples.finish(&study)
    #expect(study.problem(with: .modular)?.hasPrefix(words) == true)
  }

  @Test func oneWayToChooseIsEnough() {
    let error = #expect(throws: (any Error).self) {
      try Samples.plan(
        Samples.wholePlan.replacing(
          "\"picks\": 2", with: "\"latencies\": [20], \"pickedTrials\": [3]"))
    }
    #expect(
      "\(error.map { "\($0)" } ?? "")".contains(
        "latencies, pickedTrials and designs each say which"))
  }
}
