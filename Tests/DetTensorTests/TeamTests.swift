import DetTeam
import DetTensor
import TensorTestSupport
import TestSupport
import Testing

/// Tensors and gradients summed over ranks.
@Suite(.serialized) struct TeamTests {
  @Test func allGetTheTensorsOfRankZeroHoweverTheyLie() throws {
    let all = try TeamThreads.run(3) { team in
      let own = (Tensor((0..<24).map { Float($0 + 100 * team.rank) }, shape: [1, 2, 3, 4]))
      let tensors = [team.rank == 1 ? own.channelsLast() : own, Tensor([team.rank + 7])]
      try team.broadcast(tensors)
      return tensors.map { $0.floats() }
    }
    for found in all { #expect(found == [(0..<24).map { Float($0) }, [7]]) }
  }

  @Test func whatIsTrueAnywhereIsTrueEverywhere() throws {
    let all = try TeamThreads.run(3) { team in
      [try team.isTrueAnywhere(team.rank == 2), try team.isTrueAnywhere(false)]
    }
    for found in all { #expect(found == [true, false]) }
  }

  /// Three weights: of the second the loss of rank 1 alone knows, of the last nobody's.
  private static func gradients(_ team: any Team, parts: Int) throws -> [[Float]?] {
    // More than one bucket.
    let sizes = [700_000, 600_000, 5, 3]
    let weights = sizes.map { Tensor.full([$0], 1).requiringGradient() }
    let exchange = GradientExchange(weights, team: team)
    var all: [[Float]?] = []
    for _ in 0..<2 {
      for part in 0..<parts {
        if part == parts - 1 { exchange.begin() }
        var loss = (weights[0].sum() + weights[1].sum() * 3) * Double(team.rank + 1)
        if team.rank == 1 { loss = loss + weights[2].sum() * 5 }
        loss.backward()
      }
      try exchange.finish()
      all = weights.map { $0.gradient.map { Array(Set($0.floats())) } }
      for weight in weights { weight.gradient = nil }
    }
    return all
  }

  @Test(arguments: [1, 2], [1, 2, 3])
  func gradientsAreTheSumsOverRanksAndParts(_ parts: Int, _ ranks: Int) throws {
    let all =
      ranks == 1
      ? [try Self.gradients(Alone(), parts: parts)]
      : try TeamThreads.run(ranks) { try Self.gradients($0, parts: parts) }
    let sum = Float(ranks * (ranks + 1) / 2 * parts)
    for found in all {
      #expect(found == [[sum], [3 * sum], ranks > 1 ? [Float(5 * parts)] : nil, nil])
    }
  }

  @Test func sumsOfAnExchangeThatIsGoneAreNotCalled() throws {
    let found = try TeamThreads.run(2) { team in
      let weight = Tensor.full([3], 1).requiringGradient()
      do { withExtendedLifetime(GradientExchange([weight], team: team)) {} }
      (weight * 2).sum().backward()
      return weight.gradient?.floats()
    }
    #expect(found == [[2, 2, 2], [2, 2, 2]])
  }
}
