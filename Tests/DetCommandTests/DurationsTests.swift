import DetBasics
import Testing

@testable import DetCommand

struct DurationsTests {
  @Test(arguments: [
    ("20ms", 0.02), ("0.05s", 0.05), ("310us", 0.00031), ("310µs", 0.00031), ("90 min", 5400),
    ("1h30m", 5400), ("1 h 05 min", 3900), ("2d", 172_800), (".5s", 0.5),
  ])
  func unitsAreRead(text: String, seconds: Double) throws {
    #expect(abs(try Durations.parse(text).inSeconds - seconds) < 1e-12)
  }

  @Test(arguments: [
    "", "20", "ms", "20 parsecs", "-3s", "1..5s", "1e3s", "nan s", "99999999999999d",
  ])
  func anythingElseIsRefused(text: String) {
    #expect(throws: ArgumentValueError.self) { try Durations.parse(text) }
  }

  @Test(arguments: [
    (0, "0 s"), (0.00031, "310 µs"), (0.00125, "1.25 ms"), (0.0312, "31.2 ms"), (0.31, "310 ms"),
    (0.99949, "999 ms"), (0.9996, "1.0 s"), (4.21, "4.2 s"), (59.94, "59.9 s"),
    (59.96, "1 min 00 s"), (200, "3 min 20 s"), (3599.4, "59 min 59 s"), (3599.6, "1 h 00 min"),
    (3900, "1 h 05 min"), (86_399, "1 d 00 h"), (183_600, "2 d 03 h"), (-200, "-3 min 20 s"),
    (.infinity, "-"),
  ])
  func spansReadWell(seconds: Double, text: String) {
    #expect(Durations.text(seconds: seconds) == text)
  }
}
