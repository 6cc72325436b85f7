import DetBasics
import DetSearch

/// The script that every job runs, as the plan wants it to begin.
enum BatchScript {
  /// The text; `program` is the path of `smnas` where the search runs.
  static func text(_ plan: SlurmPlan, program: String) -> String {
    let command = plan.launch + [plan.program ?? program, "task"]
    return """
      #!/bin/bash
      # A task of a search (smnas task --help). Written by smnas search from runner.slurm in its plan.
      \(plan.setup.joined(separator: "\n"))
      exec \(command.map(\.quotedForShell).joined(separator: " ")) "$1"

      """
  }
}
