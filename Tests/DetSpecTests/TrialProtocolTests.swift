import DetBasics
import DetSpec
import Testing

@Suite struct TrialProtocolTests {
  private static let fixture = """
    {"data":{"train":{"format":"voc","images":["a",1,true,null]}},\
    "design":"512x512 | resnet18 24 | fpn P1-P5 64 | rpn | rcnn","device":"cpu","directory":"trials/000017",\
    "id":17,"measurementLock":"run/measure.lock","recipe":"small","resume":true,"seed":18446744073709551615,\
    "stage":"modular","threads":2,"version":1}
    """

  private func job() throws -> TrialJob {
    TrialJob(
      id: 17, stage: .modular,
      design: try DetectorDesign(text: "512x512 | resnet18 24 | fpn P1-P5 64 | rpn | rcnn"),
      recipe: RecipePreset.small.recipe,
      data: .object([
        "train": .object([
          "format": .string("voc"),
          "images": .array([.string("a"), .integer(1), .bool(true), .null]),
        ])
      ]),
      seed: .max, device: "cpu", threads: 2, directory: "trials/000017", resume: true,
      measurementLock: "run/measure.lock")
  }

  @Test func theOldestJobStillReads() throws {
    #expect(try JSON.decode(TrialJob.self, from: Self.fixture, source: "job.json") == job())
  }

  @Test func jobsReadAsTheyAreWritten() throws {
    let job = try job()
    let text = try JSON.text(job)
    #expect(try JSON.decode(TrialJob.self, from: text, source: "job.json") == job)
    #expect(text.hasSuffix("\"stage\":\"modular\",\"threads\":2,\"version\":1}"))
  }

  @Test(arguments: [
    (
      "\"version\":1", "\"version\":2",
      """
      version: the job has version 2, but this program reads version 1; use the same smnas for search and trials
      """
    ),
    (
      "\"modular\"", "\"modula\"",
      "stage: \"modula\" is none of structural, modular, final; did you mean \"modular\"?"
    ),
    (
      "| rcnn\"", "| none\"",
      """
      design: head is "none"; expected rcnn, retinanet or cascade with 2, 3 or 4 steps, as in cascade 3
      """
    ),
    ("\"threads\"", "\"thread\"", "unknown key \"thread\"; did you mean \"threads\"?"),
    ("\"id\":17,", "", "the key \"id\" is missing"),
  ])
  func wrongJobsSayWhatWouldBeRight(part: String, wrong: String, message: String) throws {
    let text = Self.fixture.replacing(part, with: wrong)
    #expect(text != Self.fixture)
    let error = #expect(throws: JSONError.self) {
      try JSON.decode(TrialJob.self, from: text, source: "job.json")
    }
    let words = error?.description ?? ""
    #expect(words.hasSuffix(message), "\(words)")
  }

  @Test(arguments: [
    (
      """
      {"epochs":5,"event":"started","parameters":100,"trainingImages":7,"validationImages":3}
      """,
      TrialEvent.started(
        .init(parameters: 100, epochs: 5, trainingImages: 7, validationImages: 3))
    ),
    (
      """
      {"epoch":2,"event":"epoch","metrics":{"AP":0.25,"loss":1.5}}
      """, .epoch(2, metrics: ["AP": 0.25, "loss": 1.5])
    ),
    (
      """
      {"epoch":2,"event":"step","metrics":{"loss":1.5,"secondsLeft":90},"step":7,"steps":40}
      """, .step(.init(epoch: 2, step: 7, of: 40, metrics: ["loss": 1.5, "secondsLeft": 90]))
    ),
    (
      """
      {"event":"notice","text":"going on after epoch 1, step 3"}
      """, .notice("going on after epoch 1, step 3")
    ),
    (
      """
      {"event":"failed","kind":"outOfTime","reason":"the 3 minutes are used up"}
      """, .failed(reason: "the 3 minutes are used up", kind: .outOfTime)
    ),
    (
      """
      {"event":"finished","metrics":{"AP":0.5}}
      """, .finished(metrics: ["AP": 0.5])
    ),
    (
      """
      {"event":"failed","kind":"outOfMemory","reason":"no memory for \\"P1\\""}
      """, .failed(reason: "no memory for \"P1\"", kind: .outOfMemory)
    ),
  ])
  func eventsAreTheseLines(line: String, event: TrialEvent) throws {
    #expect(try JSON.decode(TrialEvent.self, from: line, source: "events") == event)
    #expect(try JSON.text(event) == line)
  }

  @Test func latencyKeepsItsSamples() throws {
    let summary = try #require(LatencySummary(samples: [3, 1, 2, 5, 4]))
    let line = """
      {"event":"latency","milliseconds":{"median":3,"p10":1.4,"p90":4.6,"samples":[3,1,2,5,4]}}
      """
    #expect(summary.median == 3)
    #expect(abs(summary.p10 - 1.4) < 1e-12)
    #expect(abs(summary.p90 - 4.6) < 1e-12)
    let event = try JSON.decode(TrialEvent.self, from: line, source: "events")
    guard case .latency(let read) = event else {
      Issue.record("\(event) is no latency")
      return
    }
    #expect(read.runs.samples == summary.samples)
    let again = try JSON.decode(
      TrialEvent.self, from: JSON.text(TrialEvent.latency(LatencyReading(runs: summary))),
      source: "events")
    #expect(again == .latency(LatencyReading(runs: summary)))
  }

  @Test func noSamplesOrInfiniteOnesHaveNoSummary() {
    #expect(LatencySummary(samples: []) == nil)
    #expect(LatencySummary(samples: [1, .infinity]) == nil)
    #expect(LatencySummary(samples: [1, .nan]) == nil)
    #expect(LatencySummary(samples: [7])?.p90 == 7)
  }

  @Test func foreignRunnersMayLeaveOutWhatTheyDoNotKnow() throws {
    func event(_ line: String) throws -> TrialEvent {
      try JSON.decode(TrialEvent.self, from: line, source: "events")
    }
    #expect(
      try event("{\"event\":\"started\"}")
        == .started(.init(parameters: 0, epochs: 0, trainingImages: 0, validationImages: 0)))
    #expect(try event("{\"event\":\"epoch\",\"epoch\":1}") == .epoch(1, metrics: [:]))
    #expect(
      try event("{\"event\":\"failed\",\"reason\":\"x\"}") == .failed(reason: "x", kind: .error))
    for kind in TrialEvent.FailureKind.allCases {
      let text = "{\"event\":\"failed\",\"kind\":\"\(kind.rawValue)\",\"reason\":\"x\"}"
      #expect(try event(text) == .failed(reason: "x", kind: kind))
      #expect(try JSON.text(TrialEvent.failed(reason: "x", kind: kind)) == text)
    }
  }

  /// Names become names of metrics, `latency@phone`.
  @Test(arguments: ["", "7 bad", "a@b"])
  func devicesHaveNamesThatADeviceCanHave(name: String) throws {
    let runs = #"{"median":3,"p10":1,"p90":4,"samples":[3]}"#
    func error(_ devices: String) -> String? {
      let line = #"{"event":"latency","milliseconds":\#(runs),"devices":\#(devices)}"#
      return #expect(throws: JSONError.self) {
        try JSON.decode(TrialEvent.self, from: line, source: "events")
      }?.description
    }
    let wrong = #"{"\#(name)":{"milliseconds":\#(runs)}}"#
    let message = "\"\(name)\" cannot be the name of a device"
    #expect(error(wrong)?.contains("devices: \(message)") == true)
    let nested = #"{"phone":{"milliseconds":\#(runs),"devices":\#(wrong)}}"#
    #expect(error(nested)?.contains("devices.phone: \(message)") == true)
  }

  @Test(arguments: [
    (
      "{\"event\":\"finishd\"}",
      """
      events:1:10: event: "finishd" is none of started, epoch, step, notice, latency, finished, failed; did you mean "finished"?
      """
    ),
    ("{\"event\":\"finished\"}", "events:1:1: the key \"metrics\" is missing"),
    (
      "{\"event\":\"finished\",\"metric\":{}}",
      "events:1:30: unknown key \"metric\"; did you mean \"metrics\"?"
    ),
    (
      "{\"event\":\"finished\",\"metrics\":{\"AP\":1e999}}",
      "events:1:37: metrics.AP: the number 1e999 is too large"
    ),
    ("{}", "events:1:1: the key \"event\" is missing"),
  ])
  func wrongEventsSayWhatWouldBeRight(line: String, message: String) {
    let error = #expect(throws: JSONError.self) {
      try JSON.decode(TrialEvent.self, from: line, source: "events")
    }
    #expect(error?.description == message)
  }

  @Test func metricsThatAreNotFiniteCannotBeWritten() {
    #expect(throws: (any Error).self) {
      try JSON.text(TrialEvent.finished(metrics: ["AP": .nan]))
    }
  }
}
