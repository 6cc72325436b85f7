import Foundation
import Testing

@testable import DetTeam

/// Sums, gathering and broadcasting over real sockets.
@Suite struct RingTests {
  private static func values(_ rank: Int, _ count: Int) -> [Float] {
    (0..<count).map { Float(($0 * 7919 + rank * 104_729) % 1009) / 64 + Float(rank) }
  }

  @Test(arguments: [2, 3, 4], [1, 3, 5, 4095, 4097, 20_003])
  func sumsAreThoseOfAllRanksAndTheSameBitsEverywhere(_ ranks: Int, _ count: Int) throws {
    let sums = try Ranks.run(ranks) { ring in
      var own = Self.values(ring.rank, count)
      try own.withUnsafeMutableBufferPointer { try ring.sum($0) }
      return own
    }.map { try $0.get() }
    // Sixty-fourths of small numbers: every sum is exact.
    let terms = (0..<ranks).map { Self.values($0, count) }
    let expected = (0..<count).map { place in terms.map { $0[place] }.reduce(0, +) }
    for sum in sums { #expect(sum == expected) }
  }

  @Test(arguments: [2, 3, 4]) func sumsOfRoundedNumbersAreRepeatable(_ ranks: Int) throws {
    func once() throws -> [[Float]] {
      try Ranks.run(ranks) { ring in
        var own = (0..<9001).map { 1 / Float($0 + 3 * ring.rank + 1) }
        try own.withUnsafeMutableBufferPointer { try ring.sum($0) }
        return own
      }.map { try $0.get() }
    }
    let (first, second) = (try once(), try once())
    #expect(first == second)
    for sum in first { #expect(sum == first[0]) }
  }

  @Test(arguments: [2, 3, 4]) func fewNumbersAreAddedInTheOrderOfTheRanks(_ ranks: Int) throws {
    let terms = [1e16, 1, -1e16, 3]
    let sums = try Ranks.run(ranks) { try $0.sum([terms[$0.rank], Double($0.rank)]) }
    let expected = [
      terms.prefix(ranks).reduce(0, +), Double(ranks * (ranks - 1) / 2),
    ]
    for sum in sums { #expect(try sum.get() == expected) }
  }

  @Test(arguments: [2, 3, 4]) func gatheringKeepsEveryRanksBytes(_ ranks: Int) throws {
    let expected = (0..<ranks).map { [UInt8](repeating: UInt8($0 + 1), count: $0 * 70_001) }
    let all = try Ranks.run(ranks) { try $0.gather(expected[$0.rank]) }
    for found in all { #expect(try found.get() == expected) }
  }

  @Test(arguments: [2, 3, 4], [1, (1 << 20) - 1, 1 << 20, (3 << 20) + 5])
  func allGetTheBytesOfRankZero(_ ranks: Int, _ count: Int) throws {
    let wanted = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let all = try Ranks.run(ranks) { ring in
      var own = ring.rank == 0 ? wanted : [UInt8](repeating: 0, count: count)
      try own.withUnsafeMutableBytes { try ring.broadcast($0) }
      return own
    }
    for found in all { #expect(try found.get() == wanted) }
  }

  @Test func nobodyPassesABarrierBeforeTheLastHasCome() throws {
    let times = try Ranks.run(3) { ring in
      if ring.rank == 2 { usleep(200_000) }
      let arrival = ContinuousClock.now
      try ring.barrier()
      return (arrival, ContinuousClock.now)
    }.map { try $0.get() }
    for time in times { #expect(time.1 >= times[2].0) }
  }

  @Test func ranksThatDoDifferentThingsAreOutOfStep() throws {
    let results = try Ranks.run(2) { ring in
      ring.rank == 0 ? try ring.sum([1]) : try ring.sum([1, 2])
    }
    guard case .outOfStep(let words) = results[0].error as? TeamError else {
      Issue.record("\(results)")
      return
    }
    #expect(words.contains("8 bytes at rank 0") && words.contains("16 bytes at rank 1"))
  }
}
