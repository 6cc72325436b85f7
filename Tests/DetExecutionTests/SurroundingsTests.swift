import DetBasics
import DetExecution
import DetSearch
import DetSpec
import Foundation
import Testing

/// A fault of the surroundings is never a result: the search pauses, and what met the fault is done again.
@Suite struct SurroundingsTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  /// A worker that is obedient once the file `mended` is there, and from the third trial on ends with `fault` before.
  private func worker(_ fault: String) throws -> [String] {
    try sandbox.worker(
      """
      if [ ! -e '\(sandbox.path)/mended' ] && [ "$(basename "$directory")" -ge 3 ]; then \(fault); fi
      """ + "\n" + Sandbox.obedient)
  }

  private func mend() throws { try AtomicFile.write("", to: "\(sandbox.path)/mended") }

  private func pause(_ end: Coordinator.End) throws -> Pause {
    guard case .paused(let pause) = end else {
      Issue.record("the search ended with \(end)")
      throw CancellationError()
    }
    return pause
  }

  /// Whatever a worker's end is a fault of pauses the search at its first trial, and nothing of the run differs afterwards
  /// from one that never met it.
  private func expectPause(_ name: String, _ fault: SurroundingsFault, _ body: String) throws {
    let command = try worker(body)
    let plan = try sandbox.plan()
    try? FileManager.default.removeItem(atPath: "\(sandbox.path)/mended")
    let first = try sandbox.search("\(name)-run", plan, command)
    let pause = try pause(first.end)
    #expect(pause.cause == .fault(fault), "\(name): \(pause)")
    #expect(pause.trial == 3)
    #expect(first.trials.map { $0.outcome == nil } == [false, false, true], "\(name)")
    try mend()
    let second = try sandbox.search("\(name)-run", plan, command, resume: true)
    #expect(second.end == .complete)
    let whole = try sandbox.search("\(name)-whole", plan, command)
    #expect(content(second.trials) == content(whole.trials), "\(name)")
  }

  @Test(arguments: SurroundingsFault.allCases)
  func everyFaultThatAWorkerNamesPausesTheSearch(_ fault: SurroundingsFault) throws {
    try expectPause(
      fault.rawValue, fault,
      "echo '{\"event\":\"failed\",\"reason\":\"here\",\"kind\":\"\(fault.rawValue)\"}'; exit 1")
    #expect(!fault.words.isEmpty && !fault.cure.isEmpty)
  }

  @Test(arguments: [
    (65, SurroundingsFault.dataBroken), (66, .gone), (69, .noWorker), (71, .exhausted),
    (73, .diskFull), (74, .diskFailed), (75, .exhausted), (77, .noPermission), (126, .noWorker),
    (127, .noWorker), (128 + 25, .diskFull),
  ])
  func anExitStatusThatHasAMeaningIsAFault(_ status: Int, _ fault: SurroundingsFault) throws {
    let end = WorkerEnd(cause: .exited(status), verdict: nil)
    #expect(end.hindrance?.fault == fault)
  }

  @Test func otherExitStatusesAndSignalsAreTheDesigns() {
    for status in [0, 1, 2, 3, 64, 70, 130, 137, 139] {
      #expect(WorkerEnd(cause: .exited(status), verdict: nil).hindrance == nil, "\(status)")
    }
    for signal in [6, 9, 11, 15] {
      #expect(WorkerEnd(cause: .signalled(signal), verdict: nil).hindrance == nil, "\(signal)")
    }
    #expect(WorkerEnd(cause: .signalled(25), verdict: nil).hindrance?.fault == .diskFull)
  }

  @Test func aForeignWorkersLastWordsTellAFault() throws {
    try expectPause(
      "python", .diskFull,
      "echo 'OSError: [Errno 28] No space left on device: x.pt' >&2; exit 1")
    let words: [(String, SurroundingsFault?)] = [
      ("Read-only file system", .readOnly), ("Disk quota exceeded", .diskFull),
      ("Too many open files", .exhausted), ("Input/output error", .diskFailed),
      ("No such file or directory", nil), ("Permission denied", nil),
      ("Cannot allocate memory", nil), ("shapes do not fit", nil),
    ]
    for (text, fault) in words {
      let quoted = WorkerEnd(cause: .exited(1), verdict: nil, lastWords: "RuntimeError: \(text)")
      #expect(quoted.hindrance?.fault == fault, "\(text)")
      let said = WorkerEnd(
        cause: .exited(1), verdict: .failed(reason: "Error: \(text)", kind: .error))
      #expect(said.hindrance?.fault == fault, "\(text)")
    }
  }

  @Test func whatTheSearchDidToAWorkerIsNoFaultOfTheSurroundings() {
    for cause in [WorkerEnd.Cause.deadline, .memoryLimit, .memoryKiller, .garbage("x")] {
      let end = WorkerEnd(
        cause: cause, verdict: nil, lastWords: "OSError: [Errno 28] No space left on device")
      #expect(end.hindrance == nil)
    }
    let finished = WorkerEnd(cause: .exited(74), verdict: .finished(metrics: [:]))
    #expect(finished.hindrance == nil)
  }

  @Test func everyErrorNumberBelongsToOneFault() {
    let meanings: [(Int32, SurroundingsFault?)] = [
      (ENOSPC, .diskFull), (EDQUOT, .diskFull), (EFBIG, .diskFull), (EROFS, .readOnly),
      (EACCES, .noPermission), (EPERM, .noPermission), (ENOENT, .gone), (ENOTDIR, .gone),
      (EIO, .diskFailed), (ESTALE, .diskFailed), (EMFILE, .exhausted), (ENFILE, .exhausted),
      (EEXIST, .gone), (EISDIR, .gone), (EAGAIN, .exhausted), (EINVAL, nil), (EBADF, nil),
    ]
    for (number, fault) in meanings {
      #expect(SurroundingsFault(errorNumber: number) == fault, "\(number)")
      #expect(
        FileError(path: "x", action: "do it", errorNumber: number).surroundings == fault)
    }
  }

  // MARK: - Met by the search itself

  @Test func aProgramThatIsNotThereOrCannotBeRunPausesTheSearchWithTheCure() throws {
    let text = try sandbox.worker("exit 0", name: "not-executable")
    for (number, program) in ["/nonexistent/worker", text[1]].enumerated() {
      let (end, trials) = try sandbox.search("run\(number)", sandbox.plan(), [program])
      let pause = try pause(end)
      #expect(pause.cause == .fault(.noWorker))
      #expect(pause.reason.contains(program))
      #expect(pause.cure.contains("check runner.command"))
      #expect(trials.count == 1 && trials[0].outcome == nil)
    }
  }

  @Test func trialsUnderWayAreFinishedWhenAnotherMeetsAFault() throws {
    let command = try sandbox.worker(
      """
      if [ "$(basename "$directory")" = 000002 ]; then
        echo '{"event":"failed","reason":"full","kind":"diskFull"}'; exit 1
      fi
      while [ ! -e '\(sandbox.path)/paused' ]; do sleep 0.02; done
      """ + "\n" + Sandbox.obedient)
    var seen: [Pause] = []
    let plan = try sandbox.plan(runner: "{ \"workers\": 3, \"timeoutSeconds\": 20 }")
    let (end, trials) = try sandbox.search("run", plan, command) { coordinator in
      coordinator.onPause = { pause, underWay in
        seen.append(pause)
        #expect(underWay == 2)
        try? AtomicFile.write("", to: "\(sandbox.path)/paused")
      }
    }
    #expect(try pause(end) == seen.first)
    #expect(seen.count == 1)
    #expect(trials.map { $0.outcome == nil } == [false, true, false])
  }

  @Test func aTrialFolderThatCannotBeMadeLeavesTheTrialOpen() throws {
    let command = try sandbox.worker(Sandbox.obedient)
    let plan = try sandbox.plan()
    try sandbox.search("run", plan, command, maxTrials: 2)
    // A file where the third trial's folder belongs, as a damaged disk or a stranger leaves it.
    let place = "\(sandbox.path)/run/trials/000003"
    try AtomicFile.write("", to: place)
    let (end, _) = try sandbox.search("run", plan, command, resume: true)
    #expect(try pause(end).trial == 3)
    #expect(try pause(end).reason.contains(place))
    try FileManager.default.removeItem(atPath: place)
    let again = try sandbox.search("run", plan, command, resume: true)
    let whole = try sandbox.search("whole", plan, command).trials
    #expect(content(again.trials) == content(whole))
  }

  // MARK: - Equal failures

  @Test func fiveDesignsThatFailInTheSameWayPauseTheSearch() throws {
    let command = try worker(
      "echo '{\"event\":\"failed\",\"reason\":\"no file '$directory'/x.pt\"}'; exit 1")
    let plan = try sandbox.plan()
    let first = try sandbox.search("run", plan, command)
    let pause = try pause(first.end)
    #expect(pause.cause == .equalFailures(5))
    #expect(first.trials.count == 7)
    #expect(first.trials.suffix(5).allSatisfy { $0.outcome?.kind == .failed })
    // Resumed, they stay failed and the others are done.
    try mend()
    let path = "\(sandbox.path)/run"
    let on = try sandbox.search("run", plan, command, resume: true)
    #expect(on.end == .complete)
    #expect(on.trials.count { $0.outcome?.reason?.hasPrefix("no file") == true } == 5)
    // Taken back, all of them are done again; what the designs did themselves, too.
    do {
      let run = try Run.resume(path, plan: nil)
      let failed = on.trials.filter(\.isFailure).map(\.id)
      #expect(try run.reopenFailed() == failed)
      #expect(try run.store.trials().filter { $0.result == nil }.map(\.id) == failed)
    }
    let again = try sandbox.search("run", plan, command, resume: true)
    #expect(again.end == .complete)
    #expect(again.trials.count == 10)
    #expect(!again.trials.contains { $0.outcome?.reason?.hasPrefix("no file") == true })
  }

  @Test func failuresThatDifferOrComeBetweenResultsDoNotPause() throws {
    let command = try sandbox.worker(
      """
      number=$(basename "$directory")
      case $number in
      *[369]) ;;
      *) echo "{\\"event\\":\\"failed\\",\\"reason\\":\\"the loss of $design is odd\\"}"; exit 1;;
      esac
      """ + "\n" + Sandbox.obedient)
    let (end, trials) = try sandbox.search("run", sandbox.plan(), command)
    #expect(end == .complete)
    #expect(trials.count == 10)
  }
}
