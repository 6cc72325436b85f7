import DetBasics
import DetCommand
import DetSlurm

/// `smnas task WAVE`: what a cluster's job does for a search.
enum TaskVerb: Verb {
  static let name = "task"
  static let summary = "carry out one trial of a wave; what a cluster's job runs"
  static let wave = Argument<String>("WAVE", "the wave's folder, RUN/slurm/waves/N")
  static let syntax = Syntax(wave)
  static let discussion = """
    Searches with "runner": {"slurm": {...}} in their plan submit it as arrays of jobs; SLURM_ARRAY_TASK_ID says which trial of the
    wave is meant. How the trial ended is left in RUN/trials/N/attempts/. The signals USR2 and TERM ask the training for a checkpoint;
    then the job asks Slurm to begin it again. A job whose search has not been alive for runner.slurm.orphanMinutes ends by itself.
    """

  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
    let job = try SlurmJob(
      wave: arguments[wave], environment: context.environment,
      scheduler: Scheduler(environment: context.environment),
      worker: { try context.torch.worker() }, log: { context.log($0) })
    try job.run()
    return .done
  }
}
