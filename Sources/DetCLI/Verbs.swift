package import DetCommand

/// The closed list of what `smnas` can be told to do, in the order of the help.
enum Verbs {
  static let all: [Command] = [
    .own(PlanVerb.self), .own(SearchVerb.self), .own(StatusVerb.self), .own(TrialsVerb.self),
    .own(FrontVerb.self), .own(BestVerb.self), .own(FinalsVerb.self),
    .own(CompareVerb.self), .own(MeasureVerb.self), .own(ReportVerb.self), .own(ServeVerb.self),
    .own(ProxyVerb.self),
    .torch(.train), .torch(.pretrain), .own(SimulateVerb.self), .torch(.trial),
    .torch(.measurement), .own(TaskVerb.self), .own(EvaluateVerb.self),
    .torch(.detect), .torch(.export), .torch(.profile), .own(DesignsVerb.self), .torch(.weights),
    .torch(.devices),
    .own(DoctorVerb.self), .own(InitVerb.self),
  ]
}

extension Program {
  /// Runs a command line of `smnas`, the search half, without the program's own name.
  package static func run(_ arguments: [String], _ context: Context) -> ExitCode {
    let handOver = context.handOver
    return run(
      arguments, context.handingOver { try handOver(TrialWords.resolved($0)) },
      commands: Verbs.all)
  }
}
