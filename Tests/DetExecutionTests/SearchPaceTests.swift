import Testing

@testable import DetExecution

struct SearchPaceTests {
  @Test func theRateIsThatOfTheLastTen() throws {
    // Slow ones first, then ten that end every 36 seconds.
    let slow = (1...5).map { (time: Double($0) * 3600, seconds: 3600.0) }
    let fast = (0..<10).map { (time: 18000 + Double($0) * 36, seconds: 72.0) }
    let rate = try #require(RunSnapshot.trialsAnHour(fast + slow.dropLast()))
    #expect(abs(rate - 100) < 1e-9)
  }

  @Test func theTimeInWhichNoSearchWasAtWorkDoesNotCount() throws {
    // Two trials of a minute; the search was stopped for a day between them.
    let rate = try #require(RunSnapshot.trialsAnHour([(0, 60), (86400, 60)]))
    #expect(abs(rate - 60) < 1e-9)
    #expect(RunSnapshot.trialsAnHour([(0, 60)]) == nil)
    #expect(RunSnapshot.trialsAnHour([]) == nil)
  }
}
