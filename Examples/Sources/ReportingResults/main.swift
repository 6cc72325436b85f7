// A search on a formula becomes a report: one page that works without a network.
import DetReport
import DetSearch
import DetSpec
import Foundation

let plan = try Plan(
  text: """
    {
      "version": 1,
      "name": "a formula",
      "data": { "train": {}, "validation": {} },
      "structural": {
        "trials": 12,
        "objectives": ["AP", "macs"],
        "space": {
          "inputs": ["256x256", "320x320"],
          "backbones": ["resnet18", "resnet34"],
          "necks": ["fpn P1-P4 128"],
          "proposals": ["none", "rpn"],
          "heads": ["rcnn", "retinanet", "cascade 2"],
        },
      },
    }
    """, source: "plan.json")
var study = try Study(plan: plan) { design, _ in DesignCost(design, classes: 20) }
while let suggestion = study.suggest() {
  let trial = study.register(suggestion)
  guard trial.result == nil else { continue }  // it cannot improve the front
  let macs = Double(DesignCost(trial.design, classes: 20).macs)
  study.observe(trial, .finished(metrics: ["AP": macs / (macs + 2e10), "macs": macs]), seconds: 60)
}

// What a report shows is a value, here made of a study's trials; ReportModel(run:) reads a run's folder.
let objectives = plan.objectives(of: .structural)
let front = Front(of: study.trials, stage: .structural, objectives: objectives)
let model = ReportModel(
  name: plan.name, folder: "runs/formula", plan: "{}",
  facts: [.init("Accuracy", "a formula of the design's cost")],
  stages: [
    .init(
      name: SearchStage.structural.rawValue, objectives: objectives,
      fronts: [
        .init(
          id: "structural", trials: study.trials.map(\.id),
          members: front.members.map { .init($0.label, trial: $0.trial) }, hypervolume: [])
      ])
  ],
  trials: study.trials.map { .init($0) }, pictures: [], versions: [])

let plotly = try PlotlyFile.text(
  environment: ProcessInfo.processInfo.environment, executable: CommandLine.arguments[0])
let page = try HTMLReport.render(model, plotly: plotly)

let sections = page.matches(of: /<section id="([a-z-]+)"/).map { String($0.output.1) }
print("sections:", sections.joined(separator: ", "))
print("loads something from a network:", page.contains("<script src="))
