/// The closed list of verbs, in the order of the help.
enum Verbs {
  static let all: [any Verb.Type] = [
    PlanVerb.self, SearchVerb.self, StatusVerb.self, TrialsVerb.self, FrontVerb.self,
    BestVerb.self, ReportVerb.self, TrainVerb.self, PretrainVerb.self, SimulateVerb.self,
    TrialVerb.self, EvaluateVerb.self, DetectVerb.self, ProfileVerb.self, DesignsVerb.self,
    WeightsVerb.self, DoctorVerb.self, InitVerb.self,
  ]
}
