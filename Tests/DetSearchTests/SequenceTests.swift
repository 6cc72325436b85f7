import DetBasics
import DetSearch
import DetSpec
import Foundation
import TestSupport
import Testing

/// Which designs the paper's evolution suggests, trial by trial, is a promise: a run begun by an earlier version goes on
/// as it began. The sequences were recorded on 2026-11-29, before searchers became a protocol, and again on 2026-11-30, when the
/// literature's detectors came first and the first designs were spread over cost, and when members of a front that hardly detect
/// anything were picked last; nothing else had changed them until then. The plans here leave out stage two's baselines and deeper nets,
/// which came later.
@Suite struct SequenceTests {
  @Test func bothStagesSuggestWhatTheyAlwaysDid() throws {
    let sections = Samples.wholePlan.replacing("\"picks\"", with: "\"baseline\": false, \"picks\"")
    let lines = try Samples.run(Samples.plan(sections)).map(Self.line)
    let recorded = try Files.text(Golden.path("evolution.txt")).split(separator: "\n").map(
      String.init)
    #expect(lines == recorded)
  }

  /// Hundreds of trials each: the paper's space, stage two around presets, and four workers whose trials end late.
  @Test(arguments: [
    (1, "30711d54504b1c40", 674), (2, "e45c1cc8110cc54", 658), (3, "4dc613a5b5093236", 673),
  ])
  func longSearchesSuggestWhatTheyAlwaysDid(_ seed: Int, _ hash: String, _ count: Int) throws {
    let plan = try Samples.plan(
      """
      "structural": { "trials": 300 },
      "modular": { "designs": ["800x600 | resnet50 | fpn P1-P5 256 | rpn | cascade 3",
        "512x512 | resnet18 | fpn P1-P5 256 | rpn | rcnn"], "trials": 60, "baseline": false,
        "space": { "blocks": [5, 15] } }
      """, seed: seed)
    let lines = try Samples.run(plan).map(Self.line) + Self.late(plan, workers: 4)
    #expect(lines.count == count)
    #expect(String(StableHash.value(of: lines.joined(separator: "\n")), radix: 16) == hash)
  }

  private static func line(_ trial: Trial) -> String {
    line(trial.suggestion) + " seed \(trial.seed)"
  }

  private static func line(_ suggestion: Suggestion) -> String {
    let place =
      "\(suggestion.id) \(suggestion.stage.rawValue) \(suggestion.pick ?? -1) \(suggestion.step)"
    let origin = "\(suggestion.origin.name) \(suggestion.origin.parent ?? 0)"
    return "\(place) \(origin) \(suggestion.design) \(suggestion.prunedBecause ?? "")"
  }

  /// Suggestions when so many trials are always under way, and the second oldest ends first.
  private static func late(_ plan: Plan, workers: Int) throws -> [String] {
    var study = try Study(plan: plan, cost: Samples.cost)
    var open: [Trial] = []
    var lines: [String] = []
    while lines.count < 200 {
      while open.count < workers, let next = study.suggest() {
        let trial = study.register(next)
        lines.append(line(trial.suggestion))
        if trial.result == nil { open.append(trial) }
      }
      guard !open.isEmpty else { break }
      let done = open.remove(at: open.count > 1 ? 1 : 0)
      study.observe(done, Samples.outcome(done.design))
    }
    return lines
  }
}
