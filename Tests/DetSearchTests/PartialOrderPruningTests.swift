import DetBasics
import DetMetrics
import DetSpec
import Testing

@testable import DetSearch

@Suite struct PartialOrderPruningTests {
  /// 244 backbones of 4 to 6 blocks at two base widths: 488 designs, listed and judged in full.
  static let space: [DetectorDesign] = {
    var parts = ModularParts()
    parts.blocks = 4...6
    parts.base = [16, 24]
    guard let pick = try? DetectorDesign(text: "128x128 | resnet18 16 | none | rpn | rcnn") else {
      return []
    }
    let space = ModularSpace(pick: pick, parts: parts)
    return (0..<space.size).map(space.design(at:))
  }()

  private func cost(_ design: DetectorDesign) -> Double {
    Double(DesignCost(design, classes: 2).macs)
  }

  /// Grows with every block and every width, so that no part of a design is better than the design; unlike the cost,
  /// late stages count most.
  private func accuracy(_ design: DetectorDesign) -> Double {
    guard case .coded(let code) = design.backbone else { return 0 }
    let sums = code.widths.enumerated().map { stage, widths in
      Double(stage + 1) * widths.reduce(0) { $0 + Double($1).squareRoot() }
    }
    return sums.reduce(0, +) / 1000
  }

  private func trained(_ count: Int, seed: UInt64) -> [DetectorDesign] {
    var generator = Generator(seed: seed)
    return Array(generator.shuffled(Self.space).prefix(count))
  }

  private func result(
    _ trial: Int, _ design: DetectorDesign, _ accuracy: Double, _ cost: ClosedRange<Double>?
  ) -> PartialOrderPruning.Trained {
    .init(trial: trial, sequence: trial, design: design, accuracy: accuracy, cost: cost)
  }

  private func rule(_ trained: [DetectorDesign], margin: Double = 0) -> PartialOrderPruning {
    var rule = PartialOrderPruning(margin: margin)
    for (index, design) in trained.enumerated() {
      rule.insert(
        result(index + 1, design, accuracy(design), cost(design)...cost(design)))
    }
    return rule
  }

  @Test func whatIsPrunedIsWhatTheDefinitionSays() {
    let trained = trained(25, seed: 1)
    for margin in [0, 0.02] {
      let rule = rule(trained, margin: margin)
      var pruned = 0
      for design in Self.space where !trained.contains(design) {
        let isPruned = trained.contains { larger in
          design.isBelow(larger)
            && trained.contains { rival in
              accuracy(rival) >= accuracy(larger) + margin && cost(rival) <= cost(design)
            }
        }
        #expect((rule.proof(against: design, cost: cost(design)...cost(design)) != nil) == isPruned)
        pruned += isPruned ? 1 : 0
      }
      #expect(pruned > 0)
    }
  }

  @Test func whatIsPrunedCouldNotHaveImprovedTheFront() {
    let directions: [Direction] = [.maximize, .minimize]
    for seed in 1...5 as ClosedRange<UInt64> {
      let trained = trained(30, seed: seed)
      let rule = rule(trained)
      let front = trained.map { [accuracy($0), cost($0)] }
      for design in Self.space
      where rule.proof(against: design, cost: cost(design)...cost(design)) != nil {
        let point = [accuracy(design), cost(design)]
        let isMatched = front.contains {
          $0 == point || ParetoFront.dominates($0, point, directions: directions)
        }
        #expect(isMatched, "\(design)")
      }
    }
  }

  @Test func nothingIsPrunedForBeingLarger() {
    let trained = trained(25, seed: 2)
    let rule = rule(trained)
    for design in Self.space where !trained.contains(where: { design.isBelow($0) }) {
      #expect(rule.proof(against: design, cost: cost(design)...cost(design)) == nil)
    }
  }

  @Test func theProofNamesBothTrialsAndLooksAtNothingLater() throws {
    let small = try DetectorDesign(text: "128x128 | basicblock 16 1-1-21-221 | none | rpn | rcnn")
    let large = try DetectorDesign(text: "128x128 | basicblock 16 11-1-21-221 | none | rpn | rcnn")
    let other = try DetectorDesign(text: "128x128 | basicblock 24 1-2-2-2 | none | rpn | rcnn")
    for (margin, isProved) in [(0.01, true), (0.05, false)] {
      var rule = PartialOrderPruning(margin: margin)
      rule.insert(result(4, large, 0.3, 100...100))
      rule.insert(result(9, other, 0.32, 50...50))
      #expect(rule.proof(against: small, cost: 49...49) == nil)
      let proof = rule.proof(against: small, cost: 50...50)
      #expect((proof != nil) == isProved)
      #expect(rule.proof(against: small, cost: 50...50, known: 8) == nil)
      guard let proof else { continue }
      #expect(proof.larger.trial == 4 && proof.rival.trial == 9)
    }
  }

  /// Which head is the smaller one follows from the recipe where one has no channels of its own.
  @Test func fewerHeadChannelsArePrunedByTheRecipesWidth() throws {
    let rest = "128x128 | basicblock 16 1-1-21-221 | fpn P1-P4 32 | rpn"
    let plain = try DetectorDesign(text: "\(rest) | rcnn")
    let written = try DetectorDesign(text: "\(rest) | rcnn 512")
    let other = try DetectorDesign(text: "128x128 | basicblock 24 1-2-2-2 | none | rpn | rcnn")
    for (width, small, large) in [(1024, written, plain), (256, plain, written)] {
      var recipe = Recipe.paper
      recipe.detection.headWidth = width
      var rule = PartialOrderPruning(margin: 0.01, recipe: recipe)
      rule.insert(result(4, large, 0.3, 100...100))
      rule.insert(result(9, other, 0.32, 50...50))
      #expect(rule.proof(against: small, cost: 50...50)?.larger.trial == 4)
      var reverse = PartialOrderPruning(margin: 0.01, recipe: recipe)
      reverse.insert(result(4, small, 0.3, 40...40))
      reverse.insert(result(9, other, 0.32, 50...50))
      #expect(reverse.proof(against: large, cost: 100...100) == nil)
    }
  }

  /// The margin becomes the deviation of repeated trainings, and accuracies their means; neither looks at what came later.
  @Test func theMarginIsTheDeviationBetweenSeeds() throws {
    let small = try DetectorDesign(text: "128x128 | basicblock 16 1-1-21-221 | none | rpn | rcnn")
    let large = try DetectorDesign(text: "128x128 | basicblock 16 11-1-21-221 | none | rpn | rcnn")
    let other = try DetectorDesign(text: "128x128 | basicblock 24 1-2-2-2 | none | rpn | rcnn")
    var rule = PartialOrderPruning(margin: 0.01)
    rule.insert(result(4, large, 0.30, 100...100))
    rule.insert(result(9, other, 0.32, 50...50))
    #expect(rule.margin() == 0.01)
    #expect(rule.proof(against: small, cost: 50...50) != nil)
    // Trained again each is 0.04 worse: a mean of 0.02 less each, but a deviation of 0.04 / √2.
    rule.insert(repetitionOf: 4, sequence: 10, accuracy: 0.26)
    rule.insert(repetitionOf: 9, sequence: 11, accuracy: 0.28)
    rule.insert(repetitionOf: 77, sequence: 12, accuracy: 0.9)
    let expected = ((0.01 * 0.01 + 2 * 0.04 * 0.04 / 2) / 3).squareRoot()
    #expect(abs(rule.margin() - expected) < 1e-12 && expected > 0.02)
    #expect(rule.proof(against: small, cost: 50...50) == nil)
    #expect(rule.margin(known: 9) == 0.01)
    #expect(rule.proof(against: small, cost: 50...50, known: 9) != nil)
    // A better mean is better by more than that.
    rule.insert(repetitionOf: 9, sequence: 13, accuracy: 0.60)
    #expect(rule.proof(against: small, cost: 50...50) == nil)
    for sequence in 14...40 { rule.insert(repetitionOf: 9, sequence: sequence, accuracy: 0.36) }
    #expect(rule.proof(against: small, cost: 50...50) != nil)
  }

  /// Costs that are measured, with their intervals: only what is cheaper beyond both is a rival.
  @Test func measuredCostsAreComparedByTheirRanges() throws {
    let small = try DetectorDesign(text: "512x512 | resnet50 | fpn P1-P5 256 | rpn | rcnn")
    let large = try DetectorDesign(text: "800x600 | resnet101 | fpn P1-P5 256 | rpn | rcnn")
    let other = try DetectorDesign(text: "512x512 | resnet34 | fpn P2-P5 256 | none | retinanet")
    for (range, isRival) in [(9.0...10.0, true), (9.5...10.1, false), (nil, false)] {
      var rule = PartialOrderPruning(margin: 0)
      // A larger design proves by its accuracy alone: its own cost need not be known.
      rule.insert(result(1, large, 0.3, nil))
      rule.insert(result(2, other, 0.4, range))
      #expect((rule.proof(against: small, cost: 10...11) != nil) == isRival)
    }
  }

  /// Random latencies and accuracies over the paper's space, as the prior has them (no part of a design is faster or more accurate
  /// than it, beyond the margin): whatever is pruned could not have moved the front by more than the margin.
  @Test(arguments: 1...4) func nothingIsLostWhenThePriorHolds(_ seed: Int) throws {
    var generator = Generator(seed: UInt64(seed))
    let space = try StructuralSpace(StructuralParts())
    let numbers = generator.shuffled(Array(0..<space.size)).prefix(300)
    let designs = numbers.map(space.design(at:)).sorted { macs($0) < macs($1) }
    var accuracy: [Double] = []
    var latency: [Double] = []
    for (place, design) in designs.enumerated() {
      let parts = (0..<place).filter { designs[$0].isBelow(design) }
      accuracy.append(
        max(parts.map { accuracy[$0] }.max() ?? 0, 0.4 * generator.uniform()))
      latency.append(
        max(parts.map { latency[$0] }.max() ?? 0, macs(design) / 1e9 * generator.uniform(0.5..<2)))
    }
    let order = generator.shuffled(Array(designs.indices))
    let margin = 0.01
    var rule = PartialOrderPruning(margin: margin)
    var tried: [Int] = []
    var pruned: [Int] = []
    for (step, place) in order.enumerated() {
      // An interval of one percent to each side.
      let range = latency[place] * 0.99...latency[place] * 1.01
      let proof = rule.proof(against: designs[place], cost: range)
      let byDefinition = tried.contains { larger in
        designs[place].isBelow(designs[larger])
          && tried.contains { rival in
            accuracy[rival] >= accuracy[larger] + margin
              && latency[rival] * 1.01 <= range.lowerBound
          }
      }
      #expect((proof != nil) == byDefinition)
      guard proof == nil else {
        pruned.append(place)
        continue
      }
      rule.insert(result(step + 1, designs[place], accuracy[place], range))
      tried.append(place)
    }
    #expect(pruned.count > 20, "the test must prune")
    for place in pruned {
      #expect(
        tried.contains {
          accuracy[$0] >= accuracy[place] + margin && latency[$0] < latency[place]
        })
    }
  }

  private func macs(_ design: DetectorDesign) -> Double {
    Double(DesignCost(design, classes: 20).macs)
  }
}
