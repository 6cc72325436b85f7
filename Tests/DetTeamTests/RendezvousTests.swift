import Foundation
import Testing

@testable import DetTeam

/// Who is let into a team.
@Suite struct RendezvousTests {
  private func refusals(
    _ places: [TeamPlace], version: @escaping @Sendable (TeamPlace) -> String = { _ in "1" }
  ) -> [String] {
    Ranks.run(places) { place in
      try Ring.join(place, version: version(place), times: Ranks.times)
    }.map { $0.error.map { "\($0)" } ?? "" }
  }

  @Test func anotherVersionIsRefusedByName() throws {
    let words = refusals(try Ranks.places(2)) { "1.\($0.rank)" }
    for word in words {
      #expect(word == "rank 1 is smnas 1.1, and rank 0 is 1.0; run the same version everywhere")
    }
  }

  @Test func anotherCountIsRefusedByName() throws {
    var places = try Ranks.places(2)
    places[1].count = 3
    for word in refusals(places) {
      #expect(word == "rank 1 expects 3 ranks, and rank 0 2; give all the same number")
    }
  }

  @Test func anotherRunIsRefusedByName() throws {
    var places = try Ranks.places(2)
    places[1].run = "other"
    for word in refusals(places) { #expect(word.contains(#"rank 1 belongs to the run "other""#)) }
  }

  @Test func aRankThatIsThereTwiceIsRefused() throws {
    var places = try Ranks.places(3)
    places[2].rank = 1
    for word in refusals(places) { #expect(word.contains("rank 1 is there twice")) }
  }

  @Test func aRankThatDoesNotComeIsNamed() throws {
    var times = Ranks.times
    times.joining = 0.5
    let places = try Ranks.places(3)
    let results = Ranks.run([places[0], places[2]]) {
      [times] in try Ring.join($0, version: "1", times: times)
    }
    #expect(results[0].error as? TeamError == .missing([1], seconds: 0))
  }

  @Test func nobodyAtTheAddressIsTold() throws {
    var times = Ranks.times
    times.joining = 0.5
    let place = try Ranks.places(2)[1]
    let error = #expect(throws: TeamError.self) {
      try Ring.join(place, version: "1", times: times)
    }
    #expect(error?.description.contains("Connection refused") == true)
  }

  @Test func aTakenPortIsTold() throws {
    let taken = try Listener(port: 0, at: "127.0.0.1")
    let place = TeamPlace(rank: 0, count: 2, address: "127.0.0.1", port: taken.port)
    let error = #expect(throws: TeamError.self) { try Ring.join(place, version: "1") }
    #expect(error == .portTaken(taken.port))
  }

  @Test func strangersAreSentAway() throws {
    let places = try Ranks.places(3)
    let results = Ranks.run(places) { place in
      if place.rank == 1 {
        // One that says nothing and goes, one that speaks another language, one that promises a gigabyte.
        let words: [[UInt8]] = [[], Array("GET / HTTP/1.1\r\n\r\n".utf8), [255, 255, 255, 63]]
        for word in words {
          var stranger = try? Connection.open(place.address, place.port, Deadline(seconds: 5))
          while stranger == nil {  // rank 0 does not listen yet
            usleep(10_000)
            stranger = try? Connection.open(place.address, place.port, Deadline(seconds: 5))
          }
          try stranger?.send(word, Deadline(seconds: 5))
        }
      }
      let ring = try Ring.join(place, version: "1", times: Ranks.times)
      return try ring.sum([Double(place.rank)])
    }
    for result in results { #expect(try result.get() == [3]) }
  }

  @Test func anotherProgramAtTheAddressIsTold() throws {
    var times = Ranks.times
    times.joining = 0.5
    let other = try Listener(port: 0, at: "127.0.0.1")
    Thread.detachNewThread {
      while let arrived = try? other.accept(Deadline(seconds: 2)) {
        try? arrived.send(Array("HTTP/1.1 400 Bad Request".utf8), Deadline(seconds: 1))
      }
    }
    let place = TeamPlace(rank: 1, count: 2, address: "127.0.0.1", port: other.port)
    let error = #expect(throws: TeamError.self) {
      try Ring.join(place, version: "1", times: times)
    }
    #expect(error?.description.contains("it answers in another language") == true)
  }
}
