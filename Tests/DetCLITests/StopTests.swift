import CommandTestSupport
import DetBasics
import DetCommand
import DetExecution
import DetSearch
import Foundation
import Testing

/// Ctrl-C once finishes what is under way; twice stops it.
struct StopTests {
  private let program: BuiltProgram
  private let plan: String
  private var run: String { "\(program.folder)/run" }

  init() throws {
    program = try BuiltProgram()
    let worker = try program.write(
      "worker.sh",
      """
      echo '{"event":"started"}'
      while [ ! -e "\(program.folder)/go" ]; do sleep 0.05; done
      echo '{"event":"finished","metrics":{"AP":0.5,"latency":9}}'
      """)
    plan = try program.write(
      "plan.json",
      """
      { "data": { "train": {}, "validation": {} },
        "structural": { "trials": 3, "space": {
          "inputs": ["128x128", "64x64"], "backbones": ["resnet18 16", "resnet34 16"],
          "necks": ["none"], "proposals": ["rpn"], "heads": ["rcnn"] } },
        "runner": { "command": ["/bin/sh", "\(worker)"], "timeoutSeconds": 60 } }
      """)
  }

  /// Waits until a file of the search holds a word.
  private func wait(for word: String, in file: String, of search: Process) {
    while search.isRunning, (try? Files.text(file))?.contains(word) != true { usleep(5000) }
  }

  private var log: String { "\(program.folder)/call.log" }

  /// A search whose first trial is under way, after one Ctrl-C.
  private func stopping() throws -> Process {
    let search = try program.start(["search", plan, "--run", run])
    wait(for: "started", in: "\(run)/trials/000001/events.jsonl", of: search)
    kill(search.processIdentifier, SIGINT)
    wait(for: "are finished first; Ctrl-C again ends them now", in: log, of: search)
    #expect(search.isRunning)
    return search
  }

  @Test func onceFinishesTheTrialsUnderWay() throws {
    let search = try stopping()
    _ = try program.write("go", "")
    search.waitUntilExit()
    #expect(search.terminationStatus == ExitCode.interrupted.rawValue)
    #expect(try RunSnapshot(run).trials.map(\.isFinished) == [true])
    #expect(try Files.text(log).contains("1 trial that ended is kept in \(run). Go on with: "))
  }

  @Test func twiceLeavesThemOpenAtOnce() throws {
    let search = try stopping()
    kill(search.processIdentifier, SIGINT)
    search.waitUntilExit()
    #expect(search.terminationStatus == ExitCode.interrupted.rawValue)
    #expect(try RunSnapshot(run).trials.map { $0.outcome == nil } == [true])
    #expect(try Files.text(log).contains("0 trials that ended are kept"))
  }

  @Test func aPoliteKillStopsAtOnce() throws {
    let search = try program.start(["search", plan, "--run", run])
    wait(for: "started", in: "\(run)/trials/000001/events.jsonl", of: search)
    kill(search.processIdentifier, SIGTERM)
    search.waitUntilExit()
    #expect(search.terminationStatus == ExitCode.interrupted.rawValue)
    #expect(try RunSnapshot(run).trials.map { $0.outcome == nil } == [true])
  }
}
