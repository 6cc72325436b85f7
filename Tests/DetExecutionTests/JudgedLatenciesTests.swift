import DetBasics
import DetSearch
import DetSpec
import Foundation
import Testing

@testable import DetExecution

/// Latencies that are judged once more when a stage ends.
@Suite struct JudgedLatenciesTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  /// The first reading beside an anchor of 10 ms that nothing is known of, the third on another machine, the others beside one of 6 ms.
  private static let worker = """
    anchor=6; host=here
    case $directory in *000001*) anchor=10;; *000003*) anchor=9; host=there;; esac
    summary() { echo "{\\"median\\":$1,\\"p10\\":$1,\\"p90\\":$1,\\"samples\\":[$1]}"; }
    echo "{\\"event\\":\\"latency\\",\\"milliseconds\\":$(summary 50),\\"conditions\\":{\\"device\\":\\"a processor\\",\\"anchor\\":$(summary $anchor),\\"calmAnchor\\":$anchor,\\"machine\\":{\\"host\\":\\"$host\\"}}}"
    echo '{"event":"finished","metrics":{"AP":0.5}}'
    """

  private func search() throws -> Run {
    let command = try sandbox.worker(Self.worker)
    let sections = Sandbox.unpruned.replacingOccurrences(
      of: "\"trials\": 10", with: "\"trials\": 5")
    let plan = try sandbox.plan(sections)
    try sandbox.search("run", plan, command)
    return try Run.resume("\(sandbox.path)/run", plan: plan)
  }

  @Test func firstReadingsAreMarkedOnceTheAnchorIsKnownToBeFaster() throws {
    let run = try search()
    #expect(try run.store.trials().allSatisfy { !$0.metrics.hasDisturbedLatency })
    #expect(try run.judgeLatencies(of: .structural) == [1])
    let marked = try run.store.trials().filter { $0.metrics.hasDisturbedLatency }.map(\.id)
    #expect(marked == [1], "what another machine's anchor takes says nothing")
    let reading = try #require(try run.store.latency(ofTrial: 1))
    #expect(reading.disturbances == [.anchor] && reading.calmAnchor == 6)
    #expect(reading.runs.median == 50 && reading.machine?.host == "here")
    // Judged again nothing changes, and no event is added.
    let events = try run.store.events(ofTrial: 1).count
    #expect(try run.judgeLatencies(of: .structural) == [1])
    #expect(try run.store.events(ofTrial: 1).count == events)
  }

  @Test func aReadingIsJudgedByAFasterAnchorAlone() throws {
    var reading = LatencyReading(runs: try #require(LatencySummary(samples: [50])))
    #expect(reading.judged(byCalmAnchor: 1) == reading, "it has no anchor")
    reading.anchor = LatencySummary(samples: [10])
    reading.calmAnchor = 9
    #expect(reading.judged(byCalmAnchor: 9.5) == reading)
    let alike = reading.judged(byCalmAnchor: 8.8)
    #expect(alike.calmAnchor == 8.8 && alike.isCalm)
    let slow = reading.judged(byCalmAnchor: 8)
    #expect(slow.disturbances == [.anchor])
    #expect(slow.judged(byCalmAnchor: 7).disturbances == [.anchor])
  }
}
