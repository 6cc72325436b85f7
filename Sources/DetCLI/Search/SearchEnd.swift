import DetBasics
import DetCommand
import DetExecution
import DetSearch
import DetSpec

/// What is said when a search has ended, whichever way: its front, and how to go on.
struct SearchEnd {
  let run: RunFolder
  let end: Coordinator.End
  /// The plan as it stood on the command line; nil where the run went on by its own.
  let plan: String?

  private struct Summary: Encodable {
    let version = 1
    let end: String
    let run: String
    let trials: Int
    let finished: Int
    let open: Int
    let front: StageFronts?
    /// The fault that paused the search, by its word, and where it was met.
    let fault: String?
    let reason: String?
  }

  /// Writes it down and gives the exit code.
  func tell(json: Bool, _ context: Context) throws -> ExitCode {
    let snapshot: RunSnapshot
    do {
      snapshot = try RunSnapshot(run.path)
    } catch {
      // What paused the search may keep its run from being read; how to go on is said all the same.
      guard case .paused(let pause) = end else { throw error }
      context.log("\(Program.name): \(goOn(after: pause))")
      return .failed
    }
    let front = snapshot.fronts(of: snapshot.latestStage)
    if json {
      try context.output.json(summary(snapshot, front))
    } else if let front, !front.members.isEmpty {
      try context.output.line(
        front.stage == .final ? FinalTables(snapshot).text : front.tables(of: snapshot))
    }
    return try close(snapshot, hasFront: front?.members.isEmpty == false, context)
  }

  private func close(
    _ snapshot: RunSnapshot, hasFront: Bool, _ context: Context
  ) throws -> ExitCode {
    let kept = Self.count(ended(snapshot), "trial that ended is", "trials that ended are")
    switch end {
    case .complete where hasFront: return .done
    case .complete:
      context.log(
        "\(Program.name): no trial finished; see \(Program.name) trials \(run.path). When the cause is mended: \(command) --retry-failed"
      )
      return .failed
    case .limit:
      context.log(
        "\(Program.name): stopped; \(kept) kept in \(run.path). Go on with: \(command) --resume")
      return .done
    case .interrupted:
      context.log(
        "\(Program.name): stopped; \(kept) kept in \(run.path). Go on with: \(command) --resume")
      throw Interruption()
    case .paused(let pause):
      let open = snapshot.trials.filter { $0.result == nil }.map { "\($0.id)" }
      let opened =
        open.isEmpty
        ? "" : "; no design is charged with it: \(Self.list("trial", open)) will be done again"
      context.log("\(Program.name): \(kept) kept in \(run.path)\(opened)")
      context.log("\(Program.name): \(goOn(after: pause))")
      return .failed
    }
  }

  private func goOn(after pause: Pause) -> String {
    let cure = pause.cure.prefix(1).uppercased() + pause.cure.dropFirst()
    switch pause.cause {
    case .fault: return "\(cure), then go on with: \(command) --resume"
    case .equalFailures:
      return
        "\(cure). To do them again: \(command) --retry-failed; to go on without: \(command) --resume"
    }
  }

  private var command: String {
    [Program.name, "search", plan, "--run", run.path].compactMap { $0 }.joined(separator: " ")
  }

  private func ended(_ snapshot: RunSnapshot) -> Int {
    snapshot.trials.count { $0.outcome?.wasEvaluated == true }
  }

  private static func count(_ count: Int, _ one: String, _ many: String) -> String {
    "\(count) \(count == 1 ? one : many)"
  }

  private static func list(_ word: String, _ names: [String]) -> String {
    guard names.count > 1, let last = names.last else { return "\(word) \(names.joined())" }
    return "\(word)s \(names.dropLast().joined(separator: ", ")) and \(last)"
  }

  private func summary(_ snapshot: RunSnapshot, _ front: StageFronts?) -> Summary {
    var pause: Pause?
    if case .paused(let met) = end { pause = met }
    return Summary(
      end: word, run: run.path, trials: ended(snapshot),
      finished: snapshot.trials.count { $0.isFinished },
      open: snapshot.trials.count { $0.result == nil }, front: front, fault: pause?.word,
      reason: pause?.reason)
  }

  private var word: String {
    switch end {
    case .complete: "complete"
    case .limit: "limit"
    case .interrupted: "interrupted"
    case .paused: "paused"
    }
  }
}
