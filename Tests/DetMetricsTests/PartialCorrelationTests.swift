import DetBasics
import Testing

@testable import DetMetrics

struct PartialCorrelationTests {
  /// Reference: `pingouin.partial_corr(data, "a", "b", "c", method="spearman")` gives, by the formula of three Spearman's rhos,
  /// (0.6 - 0.9 * 0.8) / sqrt((1 - 0.81) * (1 - 0.64)) for rhos of 0.6, 0.9 and 0.8.
  @Test func whatBothFollowIsTakenOut() throws {
    // Ranks of five: a against b 0.6, a against c 0.9, b against c 0.8.
    let c = [1.0, 2, 3, 4, 5], a = [2.0, 1, 3, 4, 5], b = [1.0, 3, 2, 5, 4]
    let rhos = try [(a, b), (a, c), (b, c)].map { one, other in
      try #require(RankCorrelation(Array(zip(one, other)))).spearman
    }
    #expect(abs(rhos[1] - 0.9) < 1e-12 && abs(rhos[2] - 0.8) < 1e-12)
    let estimate = try #require(
      RankCorrelation.partial(a.indices.map { (a[$0], b[$0], c[$0]) }))
    let expected = (rhos[0] - 0.9 * 0.8) / ((1 - 0.81) * (1 - 0.64)).squareRoot()
    #expect(abs(estimate.value - expected) < 1e-12)
    #expect(estimate.lower < estimate.value && estimate.value < estimate.upper)
  }

  @Test func aTraitThatHelpsAtFixedCostIsSeenThroughACostThatHidesIt() throws {
    // Accuracy rises with cost and falls with depth, and depth rises with cost: overall depth looks good.
    var generator = Generator(seed: 3)
    let things = (0..<200).map { _ in
      let cost = generator.uniform()
      let depth = cost + 0.3 * generator.uniform()
      return (depth, 3 * cost - 2 * depth, cost)
    }
    let overall = try #require(RankCorrelation(things.map { ($0.0, $0.1) }))
    let fixed = try #require(RankCorrelation.partial(things))
    #expect(overall.estimate.value > 0.3 && overall.estimate.isResolved)
    #expect(fixed.value < -0.8 && fixed.isResolved)
  }

  @Test func nothingIsSaidOfWhatTheThirdDecides() {
    #expect(
      RankCorrelation.partial((1...9).map { (Double($0), Double($0 % 4), Double(2 * $0)) }) == nil)
    #expect(RankCorrelation.partial((1...9).map { (1, Double($0), Double($0 % 4)) }) == nil)
  }
}
