/// The closed list of verbs, in the order of the help.
enum Verbs {
  static let all: [any Verb.Type] = [
    ReportVerb.self,
    TrainVerb.self,
    TrialVerb.self,
  ]
}
