import DetBasics
import DetMetrics
import DetSearch
import DetSpec
import Testing

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

  private func rule(_ trained: [DetectorDesign], margin: Double = 0) -> PartialOrderPruning {
    var rule = PartialOrderPruning(margin: margin)
    for (index, design) in trained.enumerated() {
      rule.insert(
        trial: index + 1, design: design, accuracy: accuracy(design), cost: cost(design))
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
        #expect((rule.reason(against: design, cost: cost(design)) != nil) == isPruned)
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
      for design in Self.space where rule.reason(against: design, cost: cost(design)) != nil {
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
      #expect(rule.reason(against: design, cost: cost(design)) == nil)
    }
  }

  @Test func theReasonNamesBothTrials() throws {
    let small = try DetectorDesign(text: "128x128 | basicblock 16 1-1-21-221 | none | rpn | rcnn")
    let large = try DetectorDesign(text: "128x128 | basicblock 16 11-1-21-221 | none | rpn | rcnn")
    let other = try DetectorDesign(text: "128x128 | basicblock 24 1-2-2-2 | none | rpn | rcnn")
    var rule = PartialOrderPruning(margin: 0.01)
    rule.insert(trial: 4, design: large, accuracy: 0.3, cost: 100)
    rule.insert(trial: 9, design: other, accuracy: 0.32, cost: 50)
    #expect(rule.reason(against: small, cost: 49) == nil)
    #expect(
      rule.reason(against: small, cost: 50)
        == "it is part of trial 4, and trial 9 is more accurate at no higher cost")
    var strict = PartialOrderPruning(margin: 0.05)
    strict.insert(trial: 4, design: large, accuracy: 0.3, cost: 100)
    strict.insert(trial: 9, design: other, accuracy: 0.32, cost: 50)
    #expect(strict.reason(against: small, cost: 50) == nil)
  }
}
