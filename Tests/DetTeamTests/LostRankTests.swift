import Foundation
import Testing

@testable import DetTeam

/// What the others learn when a rank is gone.
@Suite struct LostRankTests {
  @Test(arguments: [2, 3, 4]) func allOthersNameARankThatVanishes(_ ranks: Int) throws {
    for lost in 0..<ranks {
      let start = ContinuousClock.now
      let results = try Ranks.run(ranks) { ring in
        for _ in 0..<3 { _ = try ring.sum([1]) }
        if ring.rank == lost {
          ring.vanish()
          return
        }
        while true { _ = try ring.sum([1]) }
      }
      for rank in 0..<ranks where rank != lost {
        guard case .lostRank(lost, _) = results[rank].error as? TeamError else {
          Issue.record("rank \(rank) of \(ranks), \(lost) lost: \(results[rank])")
          continue
        }
      }
      #expect(start.duration(to: .now) < .seconds(10))
    }
  }

  @Test func aSilentRankIsLost() throws {
    // It meets the others, and then says nothing more, as a machine that has lost its network.
    let results = Ranks.run(try Ranks.places(3)) { place in
      if place.rank == 1 {
        let links = try Rendezvous(place: place, version: "1", times: Ranks.times).meet()
        usleep(4_000_000)
        withExtendedLifetime(links) {}
        return
      }
      let ring = try Ring.join(place, version: "1", times: Ranks.times)
      _ = try ring.sum([1])
    }
    for rank in [0, 2] {
      #expect(
        results[rank].error as? TeamError == .lostRank(1, how: "it was silent for 1 s"))
    }
  }

  @Test func allOthersLearnWhyARankCannotGoOn() throws {
    let results = try Ranks.run(3) { ring in
      if ring.rank == 2 {
        ring.leave(because: "an image is broken")
        return
      }
      while true { _ = try ring.sum([1]) }
    }
    for rank in [0, 1] {
      #expect(
        results[rank].error as? TeamError == .failedRank(2, reason: "an image is broken"))
    }
  }

  @Test(arguments: [0, 2]) func allOthersLearnHowARankBeginsAgain(_ first: Int) throws {
    let results = try Ranks.run(3) { ring in
      if ring.rank == first {
        ring.leave(beginningAgain: "with less")
        return
      }
      while true { _ = try ring.sum([1]) }
    }
    for rank in 0..<3 where rank != first {
      #expect(results[rank].error as? TeamError == .beginsAgain(first, request: "with less"))
    }
  }

  @Test func aFailureStays() throws {
    let results = try Ranks.run(2) { ring -> [TeamError?] in
      if ring.rank == 1 {
        ring.vanish()
        return []
      }
      return (0..<3).map { _ in
        do {
          while true { _ = try ring.sum([1]) }
        } catch { return error as? TeamError }
      }
    }
    let errors = try results[0].get()
    #expect(errors[0] != nil && errors.allSatisfy { $0 == errors[0] })
  }

  @Test func aRankThatHasFinishedIsNotLost() throws {
    let results = try Ranks.run(3) { ring in
      _ = try ring.sum([1])
      guard ring.rank == 0 else { return ring.failure }
      usleep(500_000)
      return ring.failure
    }
    for result in results { #expect(try result.get() == nil) }
  }
}
