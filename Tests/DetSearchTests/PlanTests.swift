import DetBasics
import DetSearch
import DetSpec
import Testing

@Suite struct PlanTests {
  @Test func everyKeyButDataAndOneStageHasADefault() throws {
    let plan = try Samples.plan("\"structural\": {}")
    #expect(plan.name == "search")
    #expect(plan.structural?.trials == 24)
    #expect(plan.structural?.objectives == [.averagePrecision, .latency])
    #expect(
      plan.structural?.space.inputs.map(\.text) == ["512x512", "800x600", "1080x720", "1333x800"])
    #expect(plan.runner.workers == 1)
    #expect(plan.modular == nil)
    #expect(plan.stages == [.structural])
  }

  @Test func stageTwoEvaluatesItsTrialsForEveryPickOrNamedDesign() throws {
    let plan = try Samples.plan(Samples.wholePlan)
    #expect(plan.plannedTrials(of: .structural) == 10)
    #expect(plan.plannedTrials(of: .modular) == 16)
    let named = try Samples.plan(
      """
      "modular": { "picks": 6, "trials": 5, "designs": ["128x128 | resnet18 | none | rpn | rcnn"] }
      """)
    #expect(named.plannedTrials(of: .structural) == 0)
    #expect(named.plannedTrials(of: .modular) == 5)
  }

  @Test func commentsAndTrailingCommasAreAllowed() throws {
    let plan = try Plan(
      text: "{ \(Samples.data), /* one stage */ \"structural\": { \"trials\": 3, }, } // end")
    #expect(plan.structural?.trials == 3)
    #expect(plan.structural?.initial == 3)
  }

  @Test func aPlanWrittenInFullReadsBackEqual() throws {
    let plan = try Samples.plan(
      Samples.wholePlan + ", \"runner\": { \"workers\": 3, \"device\": [\"cuda:0\", \"cuda:1\"] }")
    let text = try JSON.text(plan, pretty: true)
    #expect(try Plan(text: text) == plan)
    #expect(text.contains("\"threads\" : null"))
  }

  @Test(arguments: [
    ("\"structural\": { \"trails\": 3 }", "did you mean \"trials\"?"),
    ("\"structural\": { \"trials\": 0 }", "structural: trials is 0; use 1 to 1000000"),
    ("\"structural\": { \"trials\": 4, \"initial\": 5 }", "initial is 5; use 1 to 4"),
    ("\"structural\": { \"randomShare\": 1.5 }", "randomShare is 1.5; use 0 to 1"),
    ("\"structural\": { \"objectives\": [\"AP\"] }", "use an accuracy (AP, AP50) and a cost"),
    (
      "\"structural\": { \"objectives\": [\"AP\", \"speed\"] }",
      "names \"speed\"; use some of AP, AP50, latency"
    ),
    ("\"structural\": { \"objectives\": [\"AP\", \"macs\", \"AP\"] }", "names AP twice"),
    ("\"structural\": { \"recipe\": \"smal\" }", "no recipe is called \"smal\""),
    (
      "\"structural\": { \"space\": { \"heads\": [] } }",
      "heads is an empty list; name at least one"
    ),
    (
      "\"structural\": { \"space\": { \"inputs\": [\"600x800\", \"800x600\"] } }",
      "names 600x800 and 800x600, which mean the same; name one of them"
    ),
    ("\"structural\": { \"space\": { \"heads\": [\"rcn\"] } }", "structural.space.heads[0]"),
    ("\"modular\": {}", "modular has nothing to start from"),
    ("\"name\": \"x\"", "describe at least one stage"),
    (
      "\"structural\": {}, \"modular\": { \"space\": { \"blocks\": [9, 5] } }",
      "the fewest and the most blocks"
    ),
    (
      "\"structural\": {}, \"modular\": { \"space\": { \"base\": [47] } }",
      "base has 47; use even numbers"
    ),
    (
      "\"structural\": {}, \"modular\": { \"space\": { \"fpnChannels\": [100] } }", "multiples of 8"
    ),
    (
      "\"structural\": {}, \"modular\": { \"space\": { \"headChannels\": [256, 100] } }",
      "modular.space: headChannels has 100; use multiples of 8 from 8 to 4096"
    ),
    (
      "\"structural\": {}, \"modular\": { \"space\": { \"headChannels\": [256, 256] } }",
      "headChannels names 256 twice; name it once"
    ),
    (
      "\"structural\": {}, \"modular\": { \"space\": { \"headChannel\": [256] } }",
      "did you mean \"headChannels\"?"
    ),
    (
      "\"structural\": {}, \"modular\": { \"space\": { \"doublings\": [5, 6], \"headChannels\": [8] } }",
      "fewer \"doublings\" or \"headChannels\""
    ),
    (
      """
      "structural": {}, "modular": { "space": { "headChannels": [512, 1024] } },
      "final": { "recipe": { "detection": { "headWidth": 256 } } }
      """,
      "modular.space.headChannels has 1024, which is modular.recipe.detection.headWidth"
    ),
    (
      "\"structural\": { \"space\": { \"heads\": [\"rcnn 1024\", \"rcnn 512\", \"rcnn\"] } }",
      "space.heads names rcnn and rcnn 1024, which are the same where recipe.detection.headWidth is 1024"
    ),
    (
      "\"structural\": { \"space\": { \"heads\": [\"rcnn 100\"] } }", "head channels is 100"
    ),
    (
      "\"structural\": {}, \"modular\": { \"space\": { \"doublings\": [7] } }", "from 0 to 6"
    ),
    (
      "\"structural\": {}, \"modular\": { \"space\": { \"doublings\": [6], \"blocks\": [4, 5] } }",
      "6 doublings need as many blocks"
    ),
    (
      "\"structural\": {}, \"modular\": { \"space\": { \"doublings\": [5, 6] } }",
      "more designs than can be numbered"
    ),
    ("\"structural\": {}, \"runner\": { \"command\": [] }", "command names no program"),
    ("\"structural\": {}, \"runner\": { \"timeoutSeconds\": -1 }", "timeoutSeconds is -1.0"),
    ("\"structural\": {}, \"seed\": 9007199254740992", "seed is 9007199254740992"),
    ("\"structural\": {}, \"version\": 2", "this program reads version 1"),
  ])
  func aWrongValueIsRefusedWithTheCure(_ sections: String, _ message: String) {
    let error = #expect(throws: JSONError.self) {
      try Plan(text: "{ \(Samples.data), \(sections) }")
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains(message), "\(error.map { "\($0)" } ?? "")")
  }

  @Test func dataNeedsTrainAndValidation() {
    let error = #expect(throws: JSONError.self) {
      try Plan(text: "{ \"data\": { \"train\": {} }, \"structural\": {} }")
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("has no \"validation\""))
  }

  @Test func changesNameTheKeyAndBothValues() throws {
    let plan = try Samples.plan("\"structural\": { \"trials\": 8 }")
    var other = plan
    other.runner.workers = 4
    #expect(try plan.changes(in: other, begun: [.structural, .modular]).isEmpty)
    other.structural?.trials = 9
    #expect(try plan.changes(in: other, begun: [.structural]).isEmpty)
    #expect(
      try plan.changes(in: other, begun: [.structural, .modular]) == ["structural.trials: 8 → 9"])
    other.seed = 8
    other.structural?.space.heads = [.rcnn()]
    let changes = try plan.changes(in: other, begun: [.structural])
    #expect(changes.map { $0.prefix(6) } == ["seed: ", "struct"])
    #expect(changes[0] == "seed: 7 → 8")
  }

  @Test func headChannelsAreWrittenOnlyWhereTheyAreGiven() throws {
    let plain = try Samples.plan(Samples.wholePlan)
    #expect(try !JSON.text(plain).contains("headChannels"))
    let sections = Samples.wholePlan.replacing(
      "\"fpnChannels\"", with: "\"headChannels\": [1024, 256], \"fpnChannels\"")
    let given = try Samples.plan(sections)
    #expect(given.modular?.space.headChannels == [256, 1024])
    #expect(try Plan(text: JSON.text(given)) == given)
    #expect(
      try plain.changes(in: given, begun: [.structural, .modular]).map { $0.prefix(27) }
        == ["modular.space.headChannels:"])
    #expect(try plain.changes(in: given, begun: [.structural]).isEmpty)
  }

  /// A final keeps the head that was searched: its width is written, or the recipes of both stages say the same.
  @Test func finalsOfAnotherUsualWidthAreAllowedWhereWidthsAreWritten() throws {
    for (channels, width) in [("[256, 512]", 128), ("[512, 1024]", 1024), ("[]", 128)] {
      _ = try Samples.plan(
        """
        "structural": {}, "modular": { "space": { "headChannels": \(channels) } },
        "final": { "recipe": { "detection": { "headWidth": \(width) } } }
        """)
    }
  }

  @Test func aFaithfulPlanHasThePapersAlgorithmAndNothingElse() throws {
    let sections =
      "\"structural\": { \"searcher\": \"model\" }, \"modular\": { \"pruningMargin\": 0.1 }"
    let plan = try Samples.plan("\(sections), \"faithful\": true")
    #expect(plan.structural?.searcher == .paper && plan.modular?.searcher == .paper)
    #expect(plan.structural?.pruningMargin == 0 && plan.modular?.pruningMargin == 0)
    #expect(plan.modular?.baseline == false && !plan.cache && !plan.latency.measuresFront)
    #expect(try plan == Plan(text: JSON.text(plan)))
    // Its first designs are drawn, not spread over cost with the literature's in front.
    let named = Samples.wholePlan.replacing(
      "\"trials\"", with: "\"searcher\": \"model\", \"trials\"")
    let trials = try Samples.run(Samples.plan("\(named), \"faithful\": true"))
    let usual = try Samples.run(Samples.plan(Samples.wholePlan))
    let first = trials.prefix(4)
    #expect(first.allSatisfy { $0.suggestion.origin == .start })
    #expect(first.map(\.design) != usual.prefix(4).map(\.design))
    #expect(trials.contains { $0.suggestion.origin.kind == .mutation })
  }

  @Test func aStageWithoutTrialsMayComeGoAndChange() throws {
    let one = try Samples.plan("\"structural\": { \"trials\": 8 }")
    let both = try Samples.plan("\"structural\": { \"trials\": 8 }, \"modular\": { \"picks\": 2 }")
    var other = both
    other.modular?.picks = 3
    for (from, to) in [(one, both), (both, one), (both, other)] {
      #expect(try from.changes(in: to, begun: [.structural]).isEmpty)
      #expect(try !from.changes(in: to, begun: [.structural, .modular]).isEmpty)
    }
  }

  private static let onPhone =
    "\"structural\": { \"objectives\": [\"AP\", \"latency@phone\"] }"

  @Test func otherDevicesAreObjectives() throws {
    let plan = try Samples.plan(
      "\"latency\": { \"devices\": { \"phone\": [\"measure\", \"phone\"] } }, \(Self.onPhone)")
    #expect(plan.structural?.objectives == [.averagePrecision, .latency(on: "phone")])
    #expect(plan.latency.others.map(\.device) == ["phone"] && !plan.workersMeasure)
    #expect(plan.structural?.timesFirst == true)
    #expect(try Plan(text: JSON.text(plan)) == plan)
  }

  @Test(arguments: [
    ("", "latency.devices has no \"phone\"; give its program there"),
    ("\"latency\": { \"devices\": { \"board\": [\"m\"] } },", "it has board"),
    ("\"latency\": { \"devices\": { \"phone\": [] } },", "has no program for phone"),
    ("\"latency\": { \"devices\": { \"7\": [\"m\"] } },", "a letter at the beginning"),
    (
      "\"latency\": { \"devices\": { \"phone\": [\"m\"] } }, \"runner\": { \"command\": [\"t\"] },",
      "give latency.command, too"
    ),
    (
      "\"latency\": { \"devices\": { \"phone\": [\"m\"] } }, \"runner\": { \"slurm\": { \"measurement\": { \"nodes\": [\"n1\"] } } },",
      "give latency.command, too"
    ),
  ])
  func devicesThatCannotBeAskedAreRefused(_ sections: String, _ words: String) throws {
    let error = #expect(throws: (any Error).self) { try Samples.plan(sections + Self.onPhone) }
    #expect("\(error.map { "\($0)" } ?? "")".contains(words), "\(error.map { "\($0)" } ?? "")")
  }
}
