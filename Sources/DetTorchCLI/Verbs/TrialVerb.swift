import DetBasics
import DetCommand
import DetSpec
import DetTeam
import DetTensor
import DetTraining
import Foundation

/// `smnas trial JOB.json`: the worker that a search starts for every trial.
enum TrialVerb: TensorVerb {
  static let word = TorchVerb.trial
  static let job = Argument<String>("JOB.json", "the job file")
  static let syntax = Syntax(job)
  static let discussion = """
    Prints one JSON event a line on standard output and nothing else; everything for people goes to standard \
    error. Any program that does the same can take its place: "runner": {"command": [...]} in a plan.

    Several processes do one trial together where torchrun or Slurm's srun starts them; rank 0 reports.
    """

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    Interruption.watch(insists: context.environment["SLURM_JOB_ID"] == nil)
    MemoryRetry.arm(context) { reason in
      try? context.output.jsonLine(TrialEvent.failed(reason: reason, kind: .outOfMemory))
    }
    let scarcity = MemoryRetry.takePast(context)
    var failed = false
    let place = try TeamMembership.place(nil, context)
    func emit(_ event: TrialEvent) throws {
      if case .failed = event { failed = true }
      if case .started(let start) = event {
        MemoryRetry.note(imagesAtOnce: start.imagesAtOnce, after: scarcity)
      }
      guard (place?.rank ?? 0) == 0 else { return }
      try context.output.jsonLine(event)
    }
    do {
      var job = try JSON.decode(TrialJob.self, file: arguments[job])
      if scarcity != nil { job.resume = true }
      if let device = Device(job.device) { try TeamMembership.check(device, place) }
      try TeamMembership.join(place, context) { [job] team in
        try TrialWorker(
          job: job, after: scarcity, team: team, shouldStop: { Interruption.isRequested },
          emit: emit
        ).run()
      }
    } catch TrainingError.interrupted {
      throw Interruption()
    } catch  where !failed {
      // Even a trial that could not begin ends with an event: only so a search can tell whose fault it was.
      context.log("\(Program.name): \(error)")
      try emit(TrialWorker.failure(error))
    }
    return failed ? .failed : .done
  }
}
