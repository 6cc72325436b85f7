import DetSearch
import DetSpec
import Testing

/// What is trained in full: as the plan names it, or else spread over the fronts.
@Suite struct FinalsTests {
  private static let stages = Samples.wholePlan

  private func study(_ final: String) throws -> Study {
    var study = try Study(
      plan: Samples.plan("\(Self.stages), \"final\": { \(final) }"), cost: Samples.cost)
    Samples.finish(&study)
    return study
  }

  @Test func latenciesTakeTheMostAccurateWithin() throws {
    let times = try members(study("\"count\": 1")).compactMap { $0.metrics["latency"] }.sorted()
    let bounds = [times[0], times[times.count / 2], times[times.count - 1] + 1]
    let study = try study("\"latencies\": \(Array(bounds.reversed()))")
    let all = members(study)
    let finals = try #require(study.choices.finals)
    #expect(!finals.isEmpty && finals.count <= 3)
    for final in finals {
      let member = try #require(all.first { $0.trial == final.trial })
      let time = try #require(member.metrics["latency"])
      // Some bound lies above it, within which nothing is more accurate.
      #expect(
        bounds.contains { bound in
          time <= bound
            && all.allSatisfy {
              $0.metrics["latency"] ?? 0 > bound
                || $0.metrics["AP"] ?? 0 <= member.metrics["AP"] ?? 0
            }
        })
    }
  }

  @Test func trialsAndDesignsAreTakenAsTheyAreNamed() throws {
    let finished = try study("\"count\": 1").trials.filter { $0.isFinished && $0.stage == .modular }
    let (one, other) = (finished[3], finished[1])
    let named = try study("\"trials\": [\(one.id), \(other.id)]")
    #expect(named.choices.finals?.map(\.trial) == [one.id, other.id])
    #expect(named.choices.finals?.map(\.name) == ["E0", "E1"])
    let designs = try study("\"designs\": [\"\(other.design)\"]")
    #expect(designs.choices.finals?.map(\.design) == [other.design])
    #expect(designs.trials.last?.suggestion.origin == .chosen(parent: nil))
  }

  @Test func aPlanOfFinalsAloneTrainsTheDesignsThatItNames() throws {
    let text = "320x320 | resnet18 24 | fpn P1-P4 64 | rpn | rcnn"
    let plan = try Samples.plan("\"final\": { \"designs\": [\"\(text)\"] }")
    #expect(plan.stages == [.final])
    #expect(try Samples.run(plan).map(\.design.text) == [text])
  }

  @Test(arguments: [
    ("\"latencies\": [20], \"trials\": [3]", "each say which; keep one of them"),
    ("\"latencies\": [20, 20]", "names 20.0 twice; name it once"),
    ("\"trials\": [0]", "has 0; use the numbers that front shows"),
    ("\"recipe\": { \"norm\": \"frozenBatch\" }", "or give classification"),
    ("\"classification\": {}", "name the folder of the classification set"),
    (
      "\"classification\": { \"data\": \"x\" }, \"recipe\": { \"pretrained\": \"y.pth\" }",
      "both say what backbones start from"
    ),
  ])
  func whatIsWrongInThePlanIsSaid(_ final: String, _ words: String) {
    let error = #expect(throws: (any Error).self) {
      try Samples.plan("\(Self.stages), \"final\": { \(final) }")
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains(words))
  }

  @Test func finalsAloneNeedDesigns() {
    let error = #expect(throws: (any Error).self) {
      try Samples.plan("\"final\": { \"count\": 2 }")
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("final has no front to choose from"))
  }

  private func members(_ study: Study) -> [Front.Member] {
    StageFronts(
      of: study.trials, stage: .modular, objectives: [.averagePrecision, .macs],
      choices: study.choices
    ).members
  }
}
