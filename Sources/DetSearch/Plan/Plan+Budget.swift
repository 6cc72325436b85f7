public import DetSpec

extension Plan {
  /// How many trials a stage evaluates as planned; fewer when its space is smaller, or stage one's front shorter. 0 when
  /// the plan leaves the stage out.
  public func plannedTrials(of stage: SearchStage) -> Int {
    switch stage {
    case .structural: structural?.trials ?? 0
    case .modular: modular.map { $0.plannedPicks * $0.trials } ?? 0
    case .final: final?.planned ?? 0
    }
  }

  /// Whether the plan itself names the designs that a stage takes from those before it.
  package func namesDesigns(of stage: SearchStage) -> Bool {
    switch stage {
    case .structural: false
    case .modular: modular?.designs.isEmpty == false
    case .final: final?.designs.isEmpty == false
    }
  }
}

extension ModularPlan {
  /// How many designs are refined as planned: those that are named, or the picks of stage one's front.
  public var plannedPicks: Int { mostChosen }
}
