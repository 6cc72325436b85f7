import DetBasics
import DetExecution
import DetSearch
import Foundation
import Testing

@testable import DetSlurm

/// A run whose folder lies on a network's disk, and whose store does not.
@Suite struct StorePlaceTests {
  let cluster: FakeCluster
  init() throws { cluster = try FakeCluster() }

  private var local: String { "\(cluster.path)/local" }

  private func plan(_ trials: Int) throws -> Plan {
    try cluster.plan(
      cluster.worker(FakeCluster.finishing), trials: trials, slurm: "\"store\": \"\(local)\"")
  }

  private var stores: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: local)) ?? []).filter {
      $0.hasSuffix(".sqlite")
    }
  }

  @Test func theStoreLiesInTheFolderThatThePlanNamesAndIsFoundFromTheRun() throws {
    let (end, trials, _) = try cluster.search("run", plan(4))
    #expect(end == .complete && trials.count == 4)
    #expect(stores.count == 1)
    let folder = RunFolder("\(cluster.path)/run")
    #expect(folder.store == "\(local)/\(stores[0])")
    #expect(try RunSnapshot(folder.path).trials.map(\.id) == trials.map(\.id))
    let again = try cluster.search("run", plan(5), resume: true)
    #expect(again.end == .complete && again.trials.count == 5 && stores.count == 1)
  }

  @Test func onAMachineWithoutTheStoreItIsMadeAnew() throws {
    let first = try cluster.search("run", plan(4))
    try FileManager.default.removeItem(atPath: local)
    let error = #expect(throws: ExecutionError.self) {
      try cluster.search("run", plan(4), resume: true)
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("add --rebuild"))
    do {
      let (run, _) = try Run.rebuild("\(cluster.path)/run", plan: PlacedPlan(plan(4)))
      #expect(try content(run.store.trials()) == content(first.trials))
    }
    #expect(stores.count == 1)
    #expect(try cluster.search("run", plan(5), resume: true).end == .complete)
  }
}
