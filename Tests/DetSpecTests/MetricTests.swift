import DetBasics
import DetSpec
import Testing

@Suite struct MetricTests {
  @Test(arguments: [
    (0, "0"), (950, "950"), (999.6, "1.00 k"), (16_234_180, "16.2 M"), (9_996_000, "10.0 M"),
    (123_456_789_000, "123 G"), (1.5e12, "1.50 T"), (2e16, "20000 T"),
  ])
  func countsHaveThreeFigures(value: Double, text: String) {
    #expect(Metric.Unit.count.text(value) == text)
  }

  @Test(arguments: [(0, "0 B"), (512, "512 B"), (412_300_000, "412 MB"), (1.5e9, "1.50 GB")])
  func bytesGoByPowersOfTen(value: Double, text: String) {
    #expect(Metric.Unit.bytes.text(value) == text)
  }

  @Test(arguments: [(0.523, "0.52 ms"), (9.996, "10.0 ms"), (31.21, "31.2 ms"), (4100, "4100 ms")])
  func timesStayInMilliseconds(value: Double, text: String) {
    #expect(Metric.latency.text(value) == text)
    #expect(Durations.milliseconds(value) == text)
  }

  @Test func everyMetricIsWrittenInItsUnit() {
    #expect(Metric.averagePrecision.text(0.41234) == "0.412")
    #expect(Metric.macs.text(1.23e9) == "1.23 G")
    #expect(Metric.macs.phrase(1.23e9) == "1.23 G MACs")
    #expect(Metric.latency.phrase(31.21) == "31.2 ms")
    #expect(Metric.latency.range(10.2, 11.8) == "10.2 – 11.8 ms")
    #expect(Metric.parameters.range(999_000, 1_100_000) == "999 k – 1.10 M")
  }

  @Test func titlesStandAtTheHeadOfColumnsAndBesideAxes() {
    #expect(Metric.allCases.map(\.heading).prefix(3) == ["AP", "AP50", "Latency"])
    #expect(Metric.latency.axis == "Latency (ms)")
    #expect(Metric.macs.axis == "MACs")
  }

  @Test func onlyAccuraciesGrow() {
    #expect(Metric.accuracies.map(\.name) == ["AP", "AP50"])
    for metric in Metric.allCases {
      #expect(metric.direction == (metric.isAccuracy ? .maximize : .minimize))
    }
    #expect(Set(Metric.accuracies + Metric.costs) == Set(Metric.allCases))
  }

  @Test func countedMetricsAreReadOffTheDesignsCost() throws {
    let cost = DesignCost(
      try DetectorDesign(text: "64x64 | resnet18 8 | fpn P1-P2 16 | rpn | rcnn"), classes: 2)
    let counted = Metric.counted(cost)
    #expect(counted == ["macs": Double(cost.macs), "parameters": Double(cost.parameters)])
    #expect(Metric.latency.value(cost) == nil)
  }

  @Test(arguments: [
    (Metric.averagePrecision, 1.5, "AP is 1.5; it must be a fraction from 0 to 1"),
    (.latency, 0, "latency is 0.0; it must be above 0"),
    (.macs, .infinity, "macs is inf, not a finite number"),
  ])
  func valuesThatCannotBeAreNamed(metric: Metric, value: Double, problem: String) {
    #expect(metric.problem(with: value) == problem)
    #expect(metric.problem(with: nil) == "the result has no \(metric)")
    #expect(metric.problem(with: 0.5) == nil)
  }

  @Test func inJSONAMetricIsItsName() throws {
    #expect(try JSON.text([Metric.averagePrecision, .macs]) == "[\"AP\",\"macs\"]")
    #expect(throws: JSONError.self) {
      try JSON.decode([Metric].self, from: "[\"lattency\"]", source: "test")
    }
  }
}
