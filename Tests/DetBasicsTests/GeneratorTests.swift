import Testing

@testable import DetBasics

/// Literal draws: a run of today must be repeatable by every later version of this program and of the compiler.
struct GeneratorTests {
  @Test func aSeedGivesXoshiroSequence() {
    var generator = Generator(seed: 0)
    let draws = (0..<3).map { _ in generator.next() }
    // xoshiro256** seeded by SplitMix64(0), as in the reference code of Blackman and Vigna.
    #expect(draws == [0x99EC_5F36_CB75_F2B4, 0xBF6E_1F78_4956_452A, 0x1A5F_849D_4933_E6E0])
  }

  @Test func aStreamDependsOnSeedNameAndNumberAlone() {
    let generator = Generator(seed: 7)
    var advanced = generator
    #expect(advanced.next() == 0xB358_FAF7_4EF9_765A)
    var stream = generator.stream("mutation", 12)
    let draw = stream.next()
    #expect(draw == 0x946C_4080_8FC5_24AE)
    let others = [
      generator.stream("mutation", 13), generator.stream("start", 12),
      Generator(seed: 8).stream("mutation", 12), advanced.stream("mutation", 12),
    ]
    for other in others {
      var other = other
      #expect(other.next() != draw)
    }
  }

  @Test func uniformDrawsLieBelowOneAndFillTheRange() {
    var generator = Generator(seed: 1)
    let draws = (0..<10_000).map { _ in generator.uniform() }
    #expect(draws.allSatisfy { (0..<1).contains($0) })
    #expect(abs(draws.reduce(0, +) / 10_000 - 0.5) < 0.01)
    #expect((0..<1000).allSatisfy { _ in (2.0..<3.0).contains(generator.uniform(2..<3)) })
  }

  @Test func indicesAreUniform() {
    var generator = Generator(seed: 2)
    var counts = [Int](repeating: 0, count: 6)
    for _ in 0..<60_000 { counts[generator.index(below: 6)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 400 })
    #expect(generator.index(below: 1) == 0)
    #expect(generator.index(below: Int.max) >= 0)
  }

  @Test func shufflingKeepsTheElements() {
    var generator = Generator(seed: 3)
    let shuffled = generator.shuffled(Array(0..<100))
    #expect(shuffled.sorted() == Array(0..<100))
    #expect(shuffled != Array(0..<100))
    #expect(generator.shuffled([Int]()) == [])
    #expect(generator.pick([Int]()) == nil)
    #expect(generator.pick([5]) == 5)
  }

  @Test func normalDrawsHaveMeanZeroAndUnitVariance() {
    var generator = Generator(seed: 4)
    let draws = (0..<20_000).map { _ in generator.normal() }
    let mean = draws.reduce(0, +) / 20_000
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    #expect(abs(mean) < 0.03)
    #expect(abs(variance - 1) < 0.04)
    #expect(draws.allSatisfy { $0.isFinite })
  }

  @Test func theStateSurvivesJSON() throws {
    var generator = Generator(seed: 5)
    _ = generator.next()
    var copy = try JSON.decode(Generator.self, from: JSON.text(generator), source: "state")
    #expect(copy.next() == generator.next())
  }

  @Test func aStateOfTheWrongLengthIsRefused() {
    #expect(throws: (any Error).self) {
      try JSON.decode(Generator.self, from: #"{"state":[1,2]}"#, source: "state")
    }
  }

  @Test func indexBelowZeroTraps() async {
    await #expect(processExitsWith: .failure) {
      var generator = Generator(seed: 1)
      _ = generator.index(below: 0)
    }
  }

  @Test func hashesAreTheSameForEver() {
    #expect(StableHash.hex(of: "resnet18") == "e0166b1e390e904c")
    #expect(StableHash.hex(5) == "0000000000000005")
    var parts = StableHash()
    parts.combine("ab")
    parts.combine("c")
    var others = StableHash()
    others.combine("a")
    others.combine("bc")
    #expect(parts.value != others.value)
  }
}
