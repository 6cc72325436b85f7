import DetBasics
import DetSearch
import DetSpec

/// Small plans and made-up results for the tests of this folder.
enum Samples {
  static let data = """
    "data": { "train": { "format": "voc" }, "validation": { "format": "coco" } }
    """

  /// 2 x 2 x (none: rpn rcnn; fpn: rpn rcnn, rpn cascade 2, retinanet) = 16 designs.
  static let smallSpace = """
    "space": { "inputs": ["256x256", "128x128"], "backbones": ["resnet18 16", "resnet34 16"],
               "necks": ["none", "fpn P1-P4 32"], "proposals": ["none", "rpn"],
               "heads": ["rcnn", "retinanet", "cascade 2"] }
    """

  /// Searched by the paper's evolution where the sections name no searcher: the model takes long in a debug build.
  static func plan(_ sections: String, seed: Int = 7) throws -> Plan {
    var plan = try Plan(text: "{ \"seed\": \(seed), \(data), \(sections) }")
    if !sections.contains("reseedShare") {
      plan.structural?.reseedShare = 0
      plan.modular?.reseedShare = 0
    }
    guard !sections.contains("\"searcher\"") else { return plan }
    plan.structural?.searcher = .evolution
    plan.modular?.searcher = .evolution
    return plan
  }

  static func structural(trials: Int, initial: Int = 4, seed: Int = 7) throws -> Plan {
    try plan(
      "\"structural\": { \"trials\": \(trials), \"initial\": \(initial), \(smallSpace) }",
      seed: seed)
  }

  static let cost: CostModel = { design, _ in DesignCost(design, classes: 2) }

  /// Results that follow from the design alone; every fifth design fails.
  static func outcome(_ design: DetectorDesign) -> Outcome {
    let hash = StableHash.value(of: design.text)
    if hash % 5 == 0 { return .failed(reason: "the sample says so") }
    let macs = Double(DesignCost(design, classes: 2).macs)
    let accuracy = Double(hash % 1000) / 2000 + min(0.4, macs / 1e11)
    return .finished(metrics: ["AP": accuracy, "latency": macs / 1e8, "macs": macs])
  }

  /// The results in the objectives' order; nil when the design fails.
  static func point(_ design: DetectorDesign, _ objectives: [Metric]) -> [Double]? {
    guard case .finished(let metrics) = outcome(design) else { return nil }
    return objectives.compactMap { metrics[$0] }
  }

  /// Carries a search out on one worker, from the trials of an earlier session.
  static func run(_ plan: Plan, from earlier: [Trial] = [], atMost count: Int = .max) throws
    -> [Trial]
  {
    var study = try Study(plan: plan, cost: cost)
    study.restore(earlier)
    for _ in earlier.count..<count {
      guard let suggestion = study.suggest() else { break }
      let trial = study.register(suggestion)
      if trial.result == nil { study.observe(trial, outcome(trial.design), seconds: 1) }
    }
    return study.trials
  }

  /// Carries the rest of a study out on one worker.
  static func finish(_ study: inout Study) {
    while let suggestion = study.suggest() {
      let trial = study.register(suggestion)
      if trial.result == nil { study.observe(trial, outcome(trial.design), seconds: 1) }
    }
  }

  static let wholePlan = """
    "structural": { "trials": 10, "initial": 4, \(smallSpace) },
    "modular": { "picks": 2, "trials": 8, "initial": 3,
                 "space": { "base": [16, 24], "blocks": [4, 8], "fpnChannels": [32, 64] } }
    """
}
