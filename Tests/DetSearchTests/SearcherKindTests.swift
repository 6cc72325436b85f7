import DetBasics
import DetMetrics
import DetSearch
import DetSpec
import Testing

/// What holds of every searcher that a plan can name.
@Suite struct SearcherKindTests {
  private static func plan(_ kind: SearcherKind, trials: Int, seed: Int = 7) throws -> Plan {
    var plan = try Samples.structural(trials: trials, seed: seed)
    plan.structural?.searcher = kind
    return plan
  }

  @Test(arguments: SearcherKind.allCases) func aSpaceIsUsedUpAndNothingTriedTwice(
    _ kind: SearcherKind
  ) throws {
    let trials = try Samples.run(Self.plan(kind, trials: 1000))
    #expect(trials.count == 16 && Set(trials.map(\.design)).count == 16)
  }

  /// An interrupted search goes on as one that never was, whatever chooses the designs.
  @Test(arguments: SearcherKind.allCases) func goingOnIsAsIfNothingHadHappened(_ kind: SearcherKind)
    throws
  {
    var plan = try Samples.plan(Samples.wholePlan)
    plan.structural?.searcher = kind
    plan.modular?.searcher = kind
    let whole = try Samples.run(plan)
    #expect(whole.count > 20)
    for count in stride(from: 1, to: whole.count, by: kind == .model ? 7 : 4) {
      let part = try Samples.run(plan, atMost: count)
      #expect(try Samples.run(plan, from: part) == whole)
    }
  }

  /// In stage two all origins name trials of the same pick that had finished.
  @Test(arguments: [SearcherKind.evolution, .nsga2, .regularizedEvolution])
  func parentsAreFinishedTrialsOfTheSamePick(_ kind: SearcherKind) throws {
    var plan = try Samples.plan(Samples.wholePlan)
    plan.modular?.searcher = kind
    let trials = try Samples.run(plan)
    var children = 0
    for trial in trials where trial.stage == .modular && trial.suggestion.origin.name != "pick" {
      guard let number = trial.suggestion.origin.parent else { continue }
      let parent = try #require(trials.first { $0.id == number })
      #expect(parent.isFinished && parent.suggestion.pick == trial.suggestion.pick)
      children += 1
    }
    #expect(children >= 4)
  }

  /// An accuracy that grows with the parts' sizes, with liking between some, and the cost that is counted.
  private static func outcome(_ design: DetectorDesign) -> Outcome {
    let macs = Double(DesignCost(design, classes: 80).macs)
    func liking(_ left: any CustomStringConvertible, _ right: any CustomStringConvertible) -> Double
    {
      Double(StableHash.value(of: "\(left) \(right)") % 1000) / 1000
    }
    let part =
      liking(design.backbone, design.neck) + liking(design.neck, design.head)
      + 0.5 * liking(design.input, design.backbone) + liking(design.proposals, design.head)
    let accuracy = 0.3 * (1 - 1 / (1 + macs / 5e10)) + 0.05 * part
    return .finished(metrics: ["AP": accuracy, "latency": macs / 1e9])
  }

  /// The hypervolume that a search of so many trials of the paper's space reaches.
  private static func volume(_ kind: SearcherKind, trials: Int, seed: Int) throws -> Double {
    var plan = try Samples.plan("\"structural\": { \"trials\": \(trials) }", seed: seed)
    plan.structural?.searcher = kind
    var study = try Study(plan: plan, cost: Samples.cost)
    while let suggestion = study.suggest() {
      let trial = study.register(suggestion)
      study.observe(trial, outcome(trial.design))
    }
    let points = study.trials.map { [$0.metrics["AP"] ?? 0, $0.metrics["latency"] ?? 0] }
    return Hypervolume.value(
      points, reference: [0, 1000], directions: [.maximize, .minimize])
  }

  /// The median of some seeds.
  private static func median(_ kind: SearcherKind, trials: Int, seeds: Range<Int>) throws -> Double
  {
    try seeds.map { try volume(kind, trials: trials, seed: $0) }.sorted()[seeds.count / 2]
  }

  @Test(arguments: [SearcherKind.evolution, .nsga2, .regularizedEvolution])
  func whatLearnsBeatsChance(_ kind: SearcherKind) throws {
    let own = try Self.median(kind, trials: 100, seeds: 0..<9)
    let chance = try Self.median(.random, trials: 100, seeds: 0..<9)
    #expect(own > chance, "\(own) and \(chance)")
  }

  /// Thirty-three trials by the model find more than a hundred by the paper's evolution.
  @Test func theModelNeedsAThirdOfTheTrials() throws {
    let own = try Self.volume(.model, trials: 33, seed: 0)
    let evolution = try Self.median(.evolution, trials: 100, seeds: 0..<3)
    #expect(own > evolution, "\(own) and \(evolution)")
  }
}

/// Children of two designs.
@Suite struct CrossingTests {
  @Test func structuralChildrenHaveEachPartOfEither() throws {
    let space = try StructuralSpace(StructuralParts())
    var stream = Generator(seed: 3).stream("crossing")
    var found = 0
    for _ in 0..<300 {
      let numbers = (0..<2).map { _ in stream.index(below: space.size) }
      guard
        let number = space.crossing(
          of: numbers[0], with: numbers[1], &stream, isFree: { !numbers.contains($0) })
      else { continue }
      found += 1
      let (one, other) = (space.design(at: numbers[0]), space.design(at: numbers[1]))
      let child = space.design(at: number)
      #expect(child != one && child != other)
      #expect([one.input, other.input].contains(child.input))
      #expect([one.backbone, other.backbone].contains(child.backbone))
      #expect([one.neck, other.neck].contains(child.neck))
      #expect([one.proposals, other.proposals].contains(child.proposals))
      #expect([one.head, other.head].contains(child.head))
    }
    #expect(found > 200)
  }

  @Test(arguments: [[], [256, 512, 1024]])
  func modularChildrenHaveEachStageOfEither(_ channels: [Int]) throws {
    let pick = try DetectorDesign(text: "800x600 | resnet50 | fpn P1-P5 256 | rpn | cascade 3")
    var parts = ModularParts()
    parts.headChannels = channels
    let space = ModularSpace(pick: pick, parts: parts)
    var stream = Generator(seed: 3).stream("crossing")
    var found = 0
    for _ in 0..<300 {
      let numbers = (0..<2).map { _ in stream.index(below: space.size) }
      guard
        let number = space.crossing(
          of: numbers[0], with: numbers[1], &stream, isFree: { _ in true })
      else { continue }
      let (one, other) = (space.design(at: numbers[0]), space.design(at: numbers[1]))
      let child = space.design(at: number)
      guard case .coded(let code) = child.backbone, case .coded(let left) = one.backbone,
        case .coded(let right) = other.backbone
      else { continue }
      found += 1
      #expect(code.doublings == 3)
      for (stage, choices) in zip(code.doubles, zip(left.doubles, right.doubles)) {
        #expect(stage == choices.0 || stage == choices.1)
      }
      #expect([left.base, right.base].contains(code.base))
      #expect([one.head, other.head].contains(child.head))
      #expect([one.neck, other.neck].contains(child.neck))
    }
    #expect(found > 200)
  }
}
