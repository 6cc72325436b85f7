import DetBasics
package import DetSearch
import DetSpec
import Foundation

/// The backbones of a run's finals, trained as classifiers by a program before the finals start from them.
///
/// The program goes on where it was stopped: it keeps what is finished, and ends at once when all of it is.
package struct BackboneTraining {
  private let run: Run
  private let classification: ClassificationPlan

  /// What is trained in a run, and how.
  package init(_ run: Run, _ classification: ClassificationPlan) {
    self.run = run
    self.classification = classification
  }

  /// Writes down what is to be trained and starts a program to do it, `pretrain` with its usual words.
  ///
  /// - Parameters:
  ///   - finals: the designs whose backbones are trained.
  ///   - program: what is asked, without the words that say what for.
  ///   - threads: what it computes with.
  ///   - tell: gets each line that the program prints.
  ///   - shouldStop: asked repeatedly; true stops the program, which keeps a checkpoint.
  /// - Returns: whether all backbones are trained; false when it was stopped.
  /// - Throws: an ``ExecutionError`` when the program fails.
  package func train(
    _ finals: [Choice], program: [String], threads: Int, tell: (String) -> Void,
    shouldStop: () -> Bool
  ) throws -> Bool {
    let folder = run.folder
    var plan = Plan.of(finals)
    plan.runner.devices = run.plan.runner.devices
    try AtomicFile.write(JSON.text(plan, pretty: true) + "\n", to: folder.finals)
    try AtomicFile.write(
      JSON.text(classification.recipe, pretty: true) + "\n", to: folder.classificationRecipe)
    let command =
      program + [
        "--plan", folder.finals, "--data", classification.data ?? "", "--output",
        folder.backbones, "--recipe", folder.classificationRecipe, "--input",
        classification.input.text, "--threads", "\(threads)", "--seed", "\(run.plan.seed)",
        "--json",
      ]
    let watch = try ProcessWatch()
    let process = try GuardedProcess(
      command, log: folder.backbonesLog, lifeline: watch.lifeline, wake: watch.wake)
    var isStopped = false
    while true {
      let hasEnded = process.hasEnded()
      process.read {
        $0.forEach(tell)
      } isTooLong: { _ in
      }
      if hasEnded { break }
      if shouldStop(), !isStopped {
        isStopped = true
        process.signal(SIGTERM)
      }
      watch.wait(for: [process.output])
    }
    if process.status == 0 { return true }
    if isStopped { return false }
    throw ExecutionError.run(
      path: folder.backbones,
      problem: "was not filled with the backbones of the finals: \(process.lastWords)",
      cure: "mend it (\(folder.backbonesLog) has all that was said), then go on with --resume")
  }
}

extension Plan {
  /// A plan that trains designs in full, and nothing else.
  fileprivate static func of(_ finals: [Choice]) -> Plan {
    var plan = Plan()
    plan.name = "finals"
    plan.data = .object(["train": .object([:]), "validation": .object([:])])
    var section = FinalPlan()
    section.designs = finals.map(\.design)
    plan.final = section
    return plan
  }
}
