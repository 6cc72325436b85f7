// A search's plan is read, and what is good among results of its trials is found.
import DetSearch
import DetSpec

let text = """
  {
    "version": 1,
    "name": "trees",
    "data": { "train": {}, "validation": {} },  // the trainer reads this, not the search
    "structural": {
      "trials": 12,
      "objectives": ["AP50", "latency"],
      "recipe": "small",
      "space": { "backbones": ["resnet18 24"], "necks": ["fpn P1-P3 48"], "inputs": ["160x160"] },
    },
  }
  """
let plan = try Plan(text: text, source: "plan.json")
for stage in plan.stages {
  let objectives = plan.objectives(of: stage).map { "\($0.rawValue) (\($0.direction))" }
  print("\(stage.rawValue): \(objectives.joined(separator: ", "))")
}
print("epochs of a trial:", plan.recipe(of: .structural)?.epochs ?? 0)

// A word that no plan knows is an error with its place.
do {
  _ = try Plan(text: text.replacing("trials", with: "trails"), source: "plan.json")
} catch {
  print(error)
}
