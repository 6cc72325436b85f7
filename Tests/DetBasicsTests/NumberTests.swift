import Testing

@testable import DetBasics

@Suite struct NumberTests {
  @Test(arguments: [
    (0.5234, 3, "0.52"), (9.994, 3, "9.99"), (9.996, 3, "10.0"), (99.96, 3, "100"),
    (4100, 3, "4100"),
    (-31.21, 3, "-31.2"), (7.6, 1, "8"), (9.96, 2, "10"), (1.2346, 4, "1.235"),
  ])
  func figuresAreKeptAsFarAsDecimalsGiveThem(value: Double, count: Int, text: String) {
    #expect(value.figures(count) == text)
  }

  @Test func quantilesLieBetweenNeighbours() {
    #expect([1, 2, 4].quantile(0) == 1)
    #expect([1, 2, 4].quantile(0.75) == 3)
    #expect([1, 2, 4].quantile(1) == 4)
    #expect([7.0].quantile(0.9) == 7)
  }

  @Test func durationsAreSecondsAndMilliseconds() {
    #expect(Duration.milliseconds(1250).inSeconds == 1.25)
    #expect(Duration.milliseconds(1250).inMilliseconds == 1250)
  }
}
