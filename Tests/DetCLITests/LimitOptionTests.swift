import DetSpec
import Testing

@testable import DetCLI
@testable import DetCommand

@Suite struct LimitOptionTests {
  @Test(arguments: [
    ("500MB", 5e8), ("1.5GB", 1.5e9), ("1.5 GB", 1.5e9), ("2GiB", 0x1p31), ("64kB", 64_000),
    ("4096", 4096),
  ])
  func sizesOfMemoryHaveUnits(word: String, bytes: Double) throws {
    #expect(try ByteCount(argument: word).value == bytes)
  }

  @Test(arguments: ["", "MB", "0MB", "-5MB", "500XB", "500Mb", "inf", "5 0 MB x"])
  func whatIsNoSizeIsRefused(word: String) {
    #expect(throws: ArgumentValueError.self) { try ByteCount(argument: word) }
  }

  @Test func everyCostIsALimitInItsUnit() throws {
    let names = BestVerb.syntax.options.map(\.name)
    for metric in Metric.costs { #expect(names.contains("--\(metric.name)")) }
    let words = ["runs/x", "--latency", "20ms", "--macs", "5G", "--parameters=20M"]
    let arguments = try ArgumentParser.parse(words, BestVerb.syntax)
    let limits = Dictionary(
      uniqueKeysWithValues: BestVerb.limits.map { ($0.metric, arguments[$0]) })
    #expect(limits[.latency] == 20 && limits[.macs] == 5e9 && limits[.parameters] == 20e6)
  }

  @Test func otherDevicesHaveLimitsByTheirNames() throws {
    let arguments = try ArgumentParser.parse(
      ["runs/x", "--latency-on", "phone=40ms,board=0.005s"], BestVerb.syntax)
    let limits = try #require(arguments[BestVerb.devices]?.limits)
    #expect(limits.map(\.metric) == [.latency(on: "phone"), .latency(on: "board")])
    #expect(limits.map(\.most) == [40, 5])
    for wrong in ["phone", "phone=", "=40ms", "7=40ms", "phone=40", "phone=40ms,", ""] {
      #expect(throws: UsageError.self, "\(wrong)") {
        try ArgumentParser.parse(["runs/x", "--latency-on", wrong], BestVerb.syntax)
      }
    }
  }

  @Test func aLimitWithoutItsUnitIsAWrongWord() {
    #expect(throws: UsageError.self) {
      try ArgumentParser.parse(["runs/x", "--latency", "20"], BestVerb.syntax)
    }
  }
}
