// A searcher of one's own beside the paper's and chance, on designs whose accuracy is a formula.
import DetBasics
import DetMetrics
import DetSearch
import DetSpec

/// Changes the latest finished design, again and again.
struct Walk: Searcher {
  func propose(history: SearchHistory, stream: inout Generator) -> [Candidate] {
    guard let latest = history.finished.last, let entry = history[latest],
      let child = history.mutation(of: entry.number, &stream)
    else { return [] }
    return [Candidate(number: child, origin: .mutation(parent: latest))]
  }
}

let plan = try Plan(
  text: """
    {
      "version": 1,
      "data": { "train": {}, "validation": {} },  // whoever trains reads this; the search does not
      "structural": {
        "trials": 40,
        "reseedShare": 0,  // an evaluation by formula has no luck
        "objectives": ["AP", "macs"],
        "space": {
          "inputs": ["256x256", "320x320", "384x384", "448x448"],
          "backbones": ["resnet18", "resnet34", "resnet50"],
          "necks": ["fpn P1-P4 128", "fpn P2-P5 128", "fpn P2-P5 256"],
          "proposals": ["none", "rpn"],
          "heads": ["rcnn", "retinanet", "cascade 2", "cascade 3"],
        },
      },
    }
    """, source: "plan.json")

/// What a training would have found: larger is better, and cascades are better than they cost.
func evaluate(_ design: DetectorDesign) -> Outcome {
  let macs = Double(DesignCost(design, classes: 20).macs)
  let isCascade = design.head.text.hasPrefix("cascade")
  let accuracy = (isCascade ? 0.55 : 0.5) * macs / (macs + 2e10)
  return .finished(metrics: ["AP": accuracy, "macs": macs])
}

/// The hypervolume of what a searcher finds with the plan's trials: accuracy below 200 G multiply-accumulates.
func hypervolume(of searcher: any Searcher, seed: UInt64) throws -> Double {
  var plan = plan
  plan.seed = seed
  var study = try Study(plan: plan, searchers: [.structural: searcher]) { design, _ in
    DesignCost(design, classes: 20)
  }
  while let suggestion = study.suggest() {
    let trial = study.register(suggestion)
    if trial.result == nil { study.observe(trial, evaluate(trial.design)) }
  }
  let points = study.trials.map { [$0.metrics["AP"] ?? 0, $0.metrics["macs"] ?? 0] }
  return Hypervolume.value(
    points, reference: [0, 200e9], directions: [.maximize, .minimize]) / 200e9
}

let searchers: [(name: String, searcher: any Searcher)] = [
  ("evolution", Evolution(initial: 8, randomShare: 0.2)), ("random", RandomSearch()),
  ("walk", Walk()),
]
for (name, searcher) in searchers {
  let sum = try (1...20).reduce(0) { try $0 + hypervolume(of: searcher, seed: $1) }
  print("\(name): \((sum / 20).fixed(4))")
}
