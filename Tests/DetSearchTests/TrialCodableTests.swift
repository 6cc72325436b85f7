import DetBasics
import DetSearch
import DetSpec
import Foundation
import Testing

@Suite struct TrialCodableTests {
  static let outcomes: [Outcome] = [
    .finished(metrics: ["AP": 0.25, "latency": 20]), .failed(reason: "no images"),
    .crashed(signal: 11), .timedOut, .outOfMemory, .diverged, .pruned(reason: "part of trial 3"),
    .pruned(reason: "by count", proof: proof(.macs)),
    .pruned(reason: "by time", proof: proof(.latency)), .stopped(reason: "no words"),
    .stopped(reason: stop.reason, proof: stop),
  ]

  private static let stop = StoppingProof(
    rival: 9, epoch: 3, epochs: 6, reached: ["AP": 0.1], expected: ["AP": 0.14, "latency": 20],
    most: ["AP": 0.17], secondsSaved: 30.5)

  private static func proof(_ metric: Metric) -> PruningProof {
    PruningProof(larger: 3, rival: 9, metric: metric, cost: 31.5, secondsSaved: 812.25)
  }

  static func trial(_ outcome: Outcome?, origin: Origin = .mutation(parent: 4)) throws -> Trial {
    // By a measured cost it is decided after the design was suggested.
    let isSuggested = outcome?.kind == .pruned && outcome?.proof?.metric.isMeasured != true
    return Trial(
      suggestion: .init(
        id: 17, stage: .modular, pick: 2, step: 5,
        design: try DetectorDesign(text: "128x128 | resnet18 16 | none | rpn | rcnn"),
        origin: origin, prunedBecause: isSuggested ? outcome?.reason : nil,
        proof: isSuggested ? outcome?.proof : nil),
      seed: 1 << 52 + 1, known: 12,
      result: outcome.map { .init(outcome: $0, sequence: 13, seconds: 2.5) })
  }

  private func line(_ outcome: Outcome?, isActive: Bool = false) throws -> String {
    try JSON.text(Trial.Line(Self.trial(outcome), whileSearching: isActive))
  }

  @Test(arguments: outcomes + [nil])
  func aTrialReadsBackEqualWhateverBecameOfIt(_ outcome: Outcome?) throws {
    let trial = try Self.trial(outcome)
    #expect(try JSON.decode(Trial.self, from: JSON.text(trial), source: "trial") == trial)
  }

  @Test(arguments: [Origin.start, .random, .pick(parent: nil), .pick(parent: 3)])
  func aTrialReadsBackEqualWhereverItCameFrom(_ origin: Origin) throws {
    let trial = try Self.trial(.diverged, origin: origin)
    #expect(try JSON.decode(Trial.self, from: JSON.text(trial), source: "trial") == trial)
  }

  @Test(arguments: outcomes)
  func anOutcomeIsTheSumOfItsParts(_ outcome: Outcome) {
    let copy = Outcome(
      kind: outcome.kind, reason: outcome.reason, signal: outcome.signal, metrics: outcome.metrics,
      proof: outcome.proof, stopping: outcome.stopping)
    #expect(copy == outcome)
  }

  /// What `smnas trials --json` has printed since its first version.
  @Test func aLineHasTheKeysItAlwaysHad() throws {
    let design = "128x128 | resnet18 16 | none | rpn | rcnn"
    #expect(
      try line(.finished(metrics: ["AP": 0.25])) == """
        {"design":"\(design)","id":17,"metrics":{"AP":0.25},"origin":"mutation","outcome":"finished",\
        "parent":4,"pick":2,"seconds":2.5,"stage":"modular"}
        """)
    #expect(
      try line(.crashed(signal: 9)) == """
        {"design":"\(design)","id":17,"metrics":{},"origin":"mutation","outcome":"crashed","parent":4,\
        "pick":2,"reason":"ended by signal 9","seconds":2.5,"signal":9,"stage":"modular"}
        """)
    #expect(
      try line(nil) == """
        {"design":"\(design)","id":17,"metrics":{},"origin":"mutation","outcome":"interrupted","parent":4,\
        "pick":2,"stage":"modular"}
        """)
    #expect(
      try line(.pruned(reason: "by time", proof: Self.proof(.latency))) == """
        {"design":"\(design)","id":17,"metrics":{},"origin":"mutation","outcome":"pruned","parent":4,\
        "pick":2,"proof":{"cost":31.5,"larger":3,"metric":"latency","rival":9,"secondsSaved":812.25},\
        "reason":"by time","seconds":2.5,"stage":"modular"}
        """)
    #expect(
      try line(.stopped(reason: "late", proof: Self.stop)) == """
        {"design":"\(design)","id":17,"metrics":{},"origin":"mutation","outcome":"stopped","parent":4,\
        "pick":2,"reason":"late","seconds":2.5,"stage":"modular","stopping":{"epoch":3,"epochs":6,\
        "expected":{"AP":0.14,"latency":20},"most":{"AP":0.17},"reached":{"AP":0.1},"rival":9,"secondsSaved":30.5}}
        """)
    #expect(try line(nil, isActive: true).contains("\"outcome\":\"running\""))
  }

  @Test func aWrongOutcomeOrOriginSaysWhatWouldBeRight() throws {
    let text = try JSON.text(Self.trial(.timedOut))
    func message(_ wrong: String, for right: String) -> String {
      let error = #expect(throws: JSONError.self) {
        try JSON.decode(
          Trial.self, from: text.replacingOccurrences(of: right, with: wrong), source: "trial")
      }
      return error.map { "\($0)" } ?? ""
    }
    #expect(message("timedout", for: "timedOut").contains("did you mean \"timedOut\"?"))
    #expect(message("\"random\"", for: "\"mutation\"").contains("has the parent 4; use start"))
  }

  @Test func resultsThatASearchCannotUseAreAFailure() {
    let objectives: [Metric] = [.averagePrecision, .latency]
    func checked(_ metrics: [String: Double]) -> Outcome {
      Outcome.finished(metrics: metrics).checked(for: objectives, known: ["macs": 5, "AP": 0.9])
    }
    #expect(
      checked(["AP": 0.5, "latency": 20])
        == .finished(metrics: ["AP": 0.5, "latency": 20, "macs": 5]))
    #expect(checked(["AP": 0.5]) == .failed(reason: "the result has no latency"))
    #expect(checked(["latency": 20]) == .finished(metrics: ["AP": 0.9, "latency": 20, "macs": 5]))
    #expect(checked(["latency": 20, "loss": .nan]).reason == "loss is nan, not a finite number")
    #expect(Outcome.timedOut.checked(for: objectives, known: [:]) == .timedOut)
  }
}
