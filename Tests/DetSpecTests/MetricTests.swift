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

  @Test func theTimeOnAnotherDeviceIsAMetricOfItsOwn() throws {
    let metric = try #require(Metric(rawValue: "latency@pixel-7.a"))
    #expect(metric == .latency(on: "pixel-7.a") && metric.device == "pixel-7.a")
    #expect(metric.isLatency && metric.isMeasured && metric.direction == .minimize)
    #expect(metric.text(31.21) == "31.2 ms" && metric.heading == "Latency@pixel-7.a")
    #expect(try JSON.decode([Metric].self, from: JSON.text([metric]), source: "test") == [metric])
    #expect(Metric.latency.device == nil && !Metric.memory.isLatency)
    for name in [
      "latency@", "latency@7", "latency@a b", "memory@phone", "latency@ä", "latency@a@b", "AP75",
    ] {
      #expect(Metric(rawValue: name) == nil, "\(name)")
    }
  }

  @Test func latenciesOfSeveralDevicesStandSideBySide() throws {
    func reading(_ time: Double, _ disturbances: [LatencyConditions.Disturbance] = []) throws
      -> LatencyReading
    {
      var reading = LatencyReading(runs: try #require(LatencySummary(samples: [time])))
      reading.interval = .init(low: time - 1, high: time + 1)
      reading.disturbances = disturbances
      return reading
    }
    let phone = Metric.latency(on: "phone")
    var all = try reading(20)
    all.others = ["phone": try reading(90, [.unsteady])]
    var results = ["AP": 0.5]
    results.takeLatency(all)
    #expect(results[.latency] == 20 && results[phone] == 90)
    #expect(results.comparableRange(of: .latency) == 19...21)
    #expect(results.comparableRange(of: phone) == nil && results.interval(of: phone) == 89...91)
    #expect(phone.mark(results) == " *" && Metric.latency.mark(results) == "")
    #expect(results.hasDisturbedLatency && Metric.all(in: results) == Metric.allCases + [phone])
    #expect(results.latencyReading == all)
    #expect(results.withoutMeasured == ["AP": 0.5])
    #expect(all.warnings.count == 1 && all.warnings[0].hasPrefix("phone: disturbed"))
    let event = TrialEvent.latency(all)
    #expect(try JSON.decode(TrialEvent.self, from: JSON.text(event), source: "test") == event)
    results.takeLatency(try reading(21))
    #expect(results[phone] == nil && Metric.all(in: results) == Metric.allCases)
    results.takeLatency(nil)
    #expect(results == ["AP": 0.5])
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
