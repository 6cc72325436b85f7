import DetBasics
import DetCommand
import DetSpec
import DetTraining

/// `smnas measurement JOB.json`: times detectors, trained or not, as searches and `smnas measure` ask for.
enum MeasurementVerb: TensorVerb {
  static let word = TorchVerb.measurement
  static let job = Argument<String>("JOB.json", "the job file")
  static let syntax = Syntax(job)
  static let discussion = """
    Prints one JSON line for each detector on standard output and nothing else. Any program that does the same can take its \
    place, on another device too: "latency": {"command": [...]} in a plan.
    """

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let job = try JSON.decode(MeasurementJob.self, file: arguments[job])
    try DetectorsInTurn(job).run { try context.output.jsonLine($0) }
    return .done
  }
}
