import DetBasics
import DetTensor
import Testing

@testable import DetModel

struct SamplerTests {
  // Image one: 3 positives, 4 background, 1 neither; image two: background only.
  private let matches = Tensor([0, -1, 1, -2, -1, 0, -1, -1, -1, -1, -1] as [Int])

  private func sample(_ sampler: Sampler, seed: UInt64 = 1) -> MatchSample {
    var generator = Generator(seed: seed)
    return sampler(matches, counts: [8, 3], using: &generator)
  }

  @Test func positivesAreBoundedAndBackgroundFillsUp() {
    let drawn = sample(Sampler(count: 4, positiveShare: 0.5))
    #expect(drawn.positives == [2, 0])
    #expect(drawn.negatives == [2, 3])
    let indices = drawn.indices.integers()
    #expect(Set(indices.prefix(2)).isSubset(of: [0, 2, 5]))
    #expect(Set(indices[2..<4]).isSubset(of: [1, 4, 6, 7]))
    #expect(Array(indices.suffix(3)) == [8, 9, 10])
  }

  @Test func fewPositivesLeaveMoreRoomForBackground() {
    let drawn = sample(Sampler(count: 7, positiveShare: 0.9))
    #expect(drawn.positives == [3, 0])
    #expect(drawn.negatives == [4, 3])
  }

  @Test func nothingIsDrawnTwiceAndTheSeedDecides() {
    let sampler = Sampler(count: 3, positiveShare: 0.34)
    let first = sample(sampler, seed: 5).indices.integers()
    #expect(Set(first).count == first.count)
    #expect(sample(sampler, seed: 5).indices.integers() == first)
    let others = (6..<16).map { sample(sampler, seed: $0).indices.integers() }
    #expect(others.contains { $0 != first })
  }
}
