import DetBasics
import DetSearch
import DetSpec
import Foundation
import Testing

@testable import DetExecution

@Suite struct StoreFormatTests {
  static let design = "128x128 | resnet18 16 | none | rpn | rcnn"

  /// What the first version of the program wrote, statement for statement.
  @Test func aStoreOfTheFirstVersionIsReadable() throws {
    let sandbox = try Sandbox()
    let path = "\(sandbox.path)/study.sqlite"
    do {
      let database = try Database(path, creates: true)
      try database.execute(
        """
        CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
        CREATE TABLE trials (
          id INTEGER PRIMARY KEY, stage TEXT NOT NULL, pick INTEGER, step INTEGER NOT NULL,
          design TEXT NOT NULL, origin TEXT NOT NULL, parent INTEGER REFERENCES trials (id),
          pruned TEXT, seed INTEGER NOT NULL, known INTEGER NOT NULL, suggested REAL NOT NULL);
        CREATE UNIQUE INDEX no_design_twice ON trials (stage, design);
        CREATE TABLE outcomes (
          trial INTEGER PRIMARY KEY REFERENCES trials (id), sequence INTEGER NOT NULL UNIQUE,
          outcome TEXT NOT NULL, reason TEXT, signal INTEGER, metrics TEXT NOT NULL,
          seconds REAL NOT NULL, ended REAL NOT NULL);
        CREATE TABLE events (
          number INTEGER PRIMARY KEY, trial INTEGER NOT NULL REFERENCES trials (id),
          event TEXT NOT NULL, reported REAL NOT NULL);
        CREATE INDEX events_of_a_trial ON events (trial);
        INSERT INTO trials VALUES
          (1, 'structural', NULL, 0, '\(Self.design)', 'start', NULL, NULL, 9007199254740991, 0, 1.7e9),
          (2, 'modular', 0, 0, '\(Self.design)', 'pick', 1, NULL, 5, 1, 1.7e9),
          (3, 'modular', 0, 1, '128x128 | basicblock 16 1-1-21-221 | none | rpn | rcnn', 'mutation',
           2, 'it is part', 6, 2, 1.7e9);
        INSERT INTO outcomes VALUES
          (1, 1, 'finished', NULL, NULL, '{"AP":0.25,"latency":20}', 12.5, 1.7e9),
          (2, 2, 'crashed', 'ended by signal 11', 11, '{}', 3, 1.7e9),
          (3, 3, 'pruned', 'it is part', NULL, '{}', 0, 1.7e9);
        PRAGMA user_version = 1
        """)
    }
    let trials = try Store(reading: path).trials()
    #expect(trials.map(\.id) == [1, 2, 3])
    #expect(trials[0].outcome == .finished(metrics: ["AP": 0.25, "latency": 20]))
    #expect(trials[0].seed == 9_007_199_254_740_991)
    #expect(trials[0].result?.seconds == 12.5)
    #expect(trials[1].outcome == .crashed(signal: 11))
    #expect(trials[1].suggestion.origin == .pick(parent: 1))
    #expect(trials[2].outcome == .pruned(reason: "it is part"))
    #expect(trials[2].suggestion.prunedBecause == "it is part")
    #expect(try Store(path: path).trials() == trials)
    // A search that goes on in it keeps what it knows more of, and older programs find their tables as they were.
    let proof = PruningProof(
      larger: 1, rival: 2, metric: .latency, cost: 20.5, secondsSaved: 8.25)
    var pruned = Trial(
      suggestion: .init(
        id: 4, stage: .structural, pick: nil, step: 1,
        design: try DetectorDesign(text: "128x128 | resnet34 16 | none | rpn | rcnn"),
        origin: .random), seed: 1, known: 3)
    do {
      let store = try Store(resuming: path)
      try store.begin(pruned)
      pruned.result = .init(
        outcome: .pruned(reason: proof.reason, proof: proof), sequence: 4, seconds: 2)
      try store.end(4, #require(pruned.result))
      #expect(try store.trials() == trials + [pruned])
    }
    #expect(try Store(reading: path).trials() == trials + [pruned])
    #expect(
      try Store(reading: path).database.query("PRAGMA user_version").first?.integer("user_version")
        == 1)
  }

  /// Stores of earlier programs kept a design from being tried twice in a stage, whatever for.
  @Test func anEarlierStoreTakesRepetitions() throws {
    let sandbox = try Sandbox()
    let path = "\(sandbox.path)/old.sqlite"
    let design = try StructuralSpace(StructuralParts()).design(at: 0)
    func trial(_ id: Int, _ origin: Origin) -> Trial {
      Trial(
        suggestion: .init(
          id: id, stage: .structural, pick: nil, step: id - 1, design: design, origin: origin),
        seed: UInt64(id), known: 0)
    }
    do {
      let store = try Store(path: path)
      try store.begin(trial(1, .random))
      try store.database.execute(
        "DROP INDEX no_design_twice; CREATE UNIQUE INDEX no_design_twice ON trials (stage, design)")
    }
    let store = try Store(resuming: path)
    try store.begin(trial(2, .reseed(parent: 1)))
    try store.begin(trial(3, .reseed(parent: 1)))
    #expect(throws: (any Error).self) { try store.begin(trial(4, .random)) }
    #expect(try store.trials().map(\.repeats) == [nil, 1, 1])
  }

  @Test func everyOutcomeComesBackAsItWasKept() throws {
    let stop = StoppingProof(
      rival: 1, epoch: 3, epochs: 6, reached: ["AP": 0.1], expected: ["AP": 0.14],
      most: ["AP": 0.2],
      secondsSaved: 7)
    let outcomes: [Outcome] = [
      .finished(metrics: ["AP": 0.25, "latency": 20]), .failed(reason: "no images"),
      .crashed(signal: 11), .timedOut, .outOfMemory, .diverged, .stopped(reason: "no words"),
      .stopped(reason: stop.reason, proof: stop), .pruned(reason: "part of trial 3"),
    ]
    let store = try Store(path: ":memory:")
    let space = try StructuralSpace(StructuralParts())
    let trials = outcomes.enumerated().map { index, outcome in
      Trial(
        suggestion: .init(
          id: index + 1, stage: .structural, pick: nil, step: index,
          design: space.design(at: index), origin: .random,
          prunedBecause: outcome.kind == .pruned ? outcome.reason : nil),
        seed: UInt64(index), known: index,
        result: .init(outcome: outcome, sequence: index + 1, seconds: 1.5))
    }
    for trial in trials.dropLast() {
      var begun = trial
      begun.result = nil
      try store.begin(begun)
      try store.end(trial.id, #require(trial.result))
    }
    // A pruned trial ends as it begins.
    try store.begin(trials[trials.count - 1])
    #expect(try store.trials() == trials)
    let proof = PruningProof(larger: 1, rival: 2, metric: .macs, cost: 3e9, secondsSaved: 40)
    let proved = Trial(
      suggestion: .init(
        id: trials.count + 1, stage: .structural, pick: nil, step: trials.count,
        design: space.design(at: trials.count), origin: .random, prunedBecause: proof.reason,
        proof: proof), seed: 9, known: 7,
      result: .init(
        outcome: .pruned(reason: proof.reason, proof: proof), sequence: trials.count + 1,
        seconds: 0))
    try store.begin(proved)
    #expect(try store.trials() == trials + [proved])
  }
}
