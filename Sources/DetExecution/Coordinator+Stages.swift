import DetBasics
import DetSearch
import DetSpec

extension Coordinator.Settings {
  /// Fails where the first of the stages cannot begin: one alone begins where those before it are over, and what it chooses from them
  /// stays.
  func check(_ study: Study) throws {
    guard let first = stages.first else { return }
    let path = folder?.path ?? "the run"
    let isChosen = study.choices.areMade(for: first) || plan.namesDesigns(of: first)
    if !isChosen, !study.isOver(before: first) {
      let earlier = plan.stages.prefix { $0 != first }
      let ended = study.trials.count {
        earlier.contains($0.stage) && $0.outcome?.wasEvaluated == true
      }
      let open = study.trials.count { earlier.contains($0.stage) && $0.result == nil }
      let planned = earlier.reduce(0) { $0 + plan.plannedTrials(of: $1) }
      throw ExecutionError.run(
        path: path,
        problem: "has \(ended) of \(planned.of("trial")) of what comes before, \(open) interrupted",
        cure: "finish that first, or give \(first.rawValue).designs in the plan")
    }
    if let problem = study.problem(with: first) {
      throw ExecutionError.run(
        path: path,
        problem: "cannot choose its \(first == .final ? "finals" : "picks"): \(problem)",
        cure: "mend it in the plan")
    }
  }
}
