import DetBasics
import DetMetrics
import DetSpec
import Testing

@testable import DetSearch

/// How likely a trial belongs to the front, against the share of draws in which it does.
@Suite struct FrontChancesTests {
  private static let objectives: [Metric] = [.averagePrecision, .latency]
  private let directions = Self.objectives.map(\.direction)

  private func front(_ candidates: [FrontChances.Candidate]) -> [Int] {
    ParetoFront.indices(of: candidates.map(\.point), directions: directions)
  }

  private func chances(_ candidates: [FrontChances.Candidate]) -> [Double] {
    FrontChances(objectives: Self.objectives)(candidates, front: front(candidates)).map(\.value)
  }

  /// The share of so many draws of everything in which each is on the front.
  private func shares(
    _ candidates: [FrontChances.Candidate], draws: Int, _ stream: inout Generator
  ) -> [Double] {
    var counts = [Int](repeating: 0, count: candidates.count)
    for _ in 0..<draws {
      let drawn = candidates.map { candidate in
        zip(candidate.point, candidate.deviations).map { $0 + $1 * stream.normal() }
      }
      for place in ParetoFront.indices(of: drawn, directions: directions) { counts[place] += 1 }
    }
    return counts.map { Double($0) / Double(draws) }
  }

  /// Four deviations of a share of 4000 draws are 0.032 at most. With uncertain costs the comparisons of one trial hang together, which
  /// the product passes over.
  @Test(arguments: [
    (1, 0, 0.04), (2, 0, 0.04), (3, 0, 0.04), (4, 0, 0.04), (5, 1, 0.08), (6, 1, 0.08),
  ])
  func theyAreTheSharesOfDraws(_ seed: UInt64, _ costDeviation: Double, _ tolerance: Double) {
    var stream = Generator(seed: seed)
    let candidates = (0..<12).map { _ in
      let cost = stream.uniform(10..<40)
      return FrontChances.Candidate(
        point: [0.1 + 0.008 * cost + 0.05 * stream.normal(), cost],
        deviations: [0.03, costDeviation])
    }
    let expected = shares(candidates, draws: 4000, &stream)
    for (chance, share) in zip(chances(candidates), expected) {
      #expect(abs(chance - share) < tolerance, "\(chance) by the formula, \(share) of the draws")
    }
  }

  @Test func whatIsExactIsOnTheFrontOrNot() {
    let points = [[0.3, 10.0], [0.2, 10], [0.3, 10], [0.4, 20], [0.4, 25]]
    let candidates = points.map { FrontChances.Candidate(point: $0, deviations: [0, 0]) }
    #expect(chances(candidates) == [1, 0, 1, 1, 0])
  }

  @Test func aTieIsAnEvenChance() {
    let candidates = (0..<2).map { _ in
      FrontChances.Candidate(point: [0.3, 10], deviations: [0.02, 0])
    }
    #expect(chances(candidates).allSatisfy { abs($0 - 0.5) < 1e-6 })
    let sure = [
      FrontChances.Candidate(point: [0.3, 10], deviations: [0.02, 0]),
      FrontChances.Candidate(point: [0.8, 9], deviations: [0.02, 0]),
    ]
    #expect(chances(sure) == [0, 1])
  }

  @Test func aFrontNamesWhoMayBelongToIt() throws {
    func trial(_ id: Int, _ accuracy: Double, _ latency: Double, repeats: Int? = nil) throws
      -> Trial
    {
      let design = try DetectorDesign(
        text: "\(128 + 32 * (repeats ?? id))x128 | resnet18 16 | none | rpn | rcnn")
      return Trial(
        suggestion: Suggestion(
          id: id, stage: .structural, pick: nil, step: id, design: design,
          origin: repeats.map { .reseed(parent: $0) } ?? .start),
        seed: UInt64(id), known: 0,
        result: .init(
          outcome: .finished(metrics: [
            "AP": accuracy, "latency": latency, "latencyLow": latency, "latencyHigh": latency,
          ]), sequence: id, seconds: 1))
    }
    var trials = [
      try trial(1, 0.30, 10), try trial(2, 0.29, 11), try trial(3, 0.10, 12), try trial(4, 0.5, 20),
    ]
    let exact = Front(of: trials, stage: .structural, objectives: Self.objectives)
    #expect(exact.members.map(\.trial) == [1, 4] && exact.contenders.isEmpty)
    #expect(exact.members.allSatisfy { $0.chance == nil })
    for (place, luck) in [0.02, -0.02, 0.02, -0.02].enumerated() {
      trials.append(try trial(5 + place, 0.5 + luck, 20, repeats: 4))
    }
    let front = Front(of: trials, stage: .structural, objectives: Self.objectives)
    #expect(front.members.map(\.trial) == [1, 4])
    #expect(front.members.allSatisfy { $0.chance.map { $0 > 0.99 } ?? false })
    #expect(front.contenders.map(\.trial) == [2])
    let chance = try #require(front.contenders[0].chance)
    // The deviation of 0.02 is known by four repetitions only: a normal with Student's interval has 0.028, so that this is Φ(−0.01 / 0.04).
    #expect(chance > 0.36 && chance < 0.45)
  }
}
