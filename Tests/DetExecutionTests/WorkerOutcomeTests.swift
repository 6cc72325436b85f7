import DetBasics
import DetExecution
import DetSearch
import DetSpec
import Foundation
import Testing

@Suite struct WorkerOutcomeTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  static let result = "echo '{\"event\":\"finished\",\"metrics\":{\"AP\":0.5,\"latency\":20}}'"

  @Test func aFinishedEventIsTheResultAndCountsAreAdded() throws {
    let outcome = try sandbox.outcome(Self.result)
    #expect(outcome.metrics["AP"] == 0.5)
    #expect(outcome.metrics["latency"] == 20)
    let design = try DetectorDesign(text: "128x128 | resnet18 16 | none | rpn | rcnn")
    #expect(outcome.metrics["macs"] == Double(DesignCost(design, classes: 2).macs))
  }

  @Test func latencyMayComeAsAnEvent() throws {
    let outcome = try sandbox.outcome(
      """
      echo '{"event":"latency","milliseconds":{"median":31.5,"p10":30,"p90":33,"samples":[31.5]}}'
      echo '{"event":"finished","metrics":{"AP":0.5}}'
      """)
    #expect(outcome.metrics["latency"] == 31.5)
  }

  @Test func garbageFailsTheTrialAndIsQuoted() throws {
    let outcome = try sandbox.outcome("echo 'Downloading weights: 12 %'; exec sleep 60")
    #expect(
      outcome
        == .failed(reason: "printed a line that is no event: \"Downloading weights: 12 %\""))
  }

  @Test func anUnknownEventIsGarbage() throws {
    let outcome = try sandbox.outcome("echo '{\"event\":\"done\"}'; exec sleep 60")
    #expect(outcome.kind == .failed)
    #expect(outcome.reason?.contains("{\"event\":\"done\"}") == true)
  }

  @Test func aHangIsStoppedAtTheDeadlineEvenWhenItIgnoresTheRequest() throws {
    let outcome = try sandbox.outcome(
      "trap '' TERM; sleep 60 & wait; sleep 60",
      runner: "{ \"timeoutSeconds\": 0.3, \"graceSeconds\": 0.1 }")
    #expect(outcome == .timedOut)
  }

  @Test func aSignalIsACrash() throws {
    #expect(try sandbox.outcome("kill -SEGV $$") == .crashed(signal: 11))
  }

  @Test func aShellsWordForASignalIsACrashToo() throws {
    #expect(try sandbox.outcome("sh -c 'kill -ABRT $$'; exit $?") == .crashed(signal: 6))
  }

  @Test func exit137IsOutOfMemory() throws {
    #expect(try sandbox.outcome("exit 137") == .outOfMemory)
  }

  @Test func aFailedEventSaysWhatItWas() throws {
    let reasons: [(String, Outcome)] = [
      ("{\"event\":\"failed\",\"reason\":\"no images\"}", .failed(reason: "no images")),
      ("{\"event\":\"failed\",\"reason\":\"nan\",\"kind\":\"diverged\"}", .diverged),
      ("{\"event\":\"failed\",\"reason\":\"\",\"kind\":\"outOfMemory\"}", .outOfMemory),
    ]
    for (index, (event, outcome)) in reasons.enumerated() {
      let command = try sandbox.worker("echo '\(event)'; exit 1")
      let trials = try sandbox.search("run\(index)", sandbox.plan(Sandbox.single), command).trials
      #expect(trials.first?.outcome == outcome)
    }
  }

  @Test func anEndWithoutResultNamesTheStatusAndTheLastWords() throws {
    #expect(
      try sandbox.outcome("echo 'ModuleNotFoundError: torch' >&2; exit 3")
        == .failed(reason: "exited with status 3: ModuleNotFoundError: torch"))
  }

  @Test func aSilentSuccessIsAFailure() throws {
    #expect(try sandbox.outcome("exit 0") == .failed(reason: "ended without a result"))
  }

  @Test(arguments: [
    ("{\"AP\":0.5}", "the result has no latency"),
    ("{\"AP\":1.5,\"latency\":3}", "AP is 1.5; it must be a fraction from 0 to 1"),
    ("{\"AP\":0.5,\"latency\":0}", "latency is 0.0; it must be above 0"),
    ("{\"AP\":1e999,\"latency\":3}", "printed a line that is no event"),
    ("{\"AP\":NaN,\"latency\":3}", "printed a line that is no event"),
  ])
  func aResultThatIsNoneIsAFailure(_ metrics: String, _ reason: String) throws {
    let outcome = try sandbox.outcome("echo '{\"event\":\"finished\",\"metrics\":\(metrics)}'")
    #expect(outcome.kind == .failed)
    #expect(outcome.reason?.contains(reason) == true, "\(outcome)")
  }

  @Test func aSoundResultStandsWhateverTheProcessDoesAfterwards() throws {
    #expect(try sandbox.outcome("\(Self.result); kill -SEGV $$").kind == .finished)
  }

  @Test func aResultWithoutItsNewlineCounts() throws {
    let event = "{\"event\":\"finished\",\"metrics\":{\"AP\":0.5,\"latency\":20}}"
    #expect(try sandbox.outcome("printf %s '\(event)'").kind == .finished)
  }

  @Test func tooMuchMemoryIsOutOfMemory() throws {
    let outcome = try sandbox.outcome(
      "head -c 60000000 /dev/zero | tail -c 50000000 >/dev/null & tail -f /dev/zero",
      runner: "{ \"memoryLimitMebibytes\": 20, \"timeoutSeconds\": 30 }")
    #expect(outcome == .outOfMemory)
  }

  @Test func aWorkerThatLeavesChildrenBehindIsEndedWithThem() throws {
    // The child holds the pipe of events open; without the end of the whole group the search would wait for it.
    let outcome = try sandbox.outcome(
      "sleep 600 & echo $! > '\(sandbox.path)/child'; \(Self.result)")
    #expect(outcome.kind == .finished)
    let child = try Files.text("\(sandbox.path)/child").filter { $0 != "\n" }
    #expect(isGone(child))
  }
}
