import DetTraining
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite struct ComputeGateTests {
  @Test func nobodyComputesWhileOneMeasures() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("gate")
    let computing = Atomic<Int>(0)
    let overlaps = Atomic<Int>(0)
    let failures = Atomic<Int>(0)
    // Each thread opens the files itself, as each worker process does.
    DispatchQueue.concurrentPerform(iterations: 4) { worker in
      guard let gate = try? ComputeGate(path: path) else {
        failures.wrappingAdd(1, ordering: .relaxed)
        return
      }
      for _ in 0..<200 {
        if worker == 0 {
          gate.alone {
            if computing.load(ordering: .sequentiallyConsistent) != 0 {
              overlaps.wrappingAdd(1, ordering: .relaxed)
            }
          }
        } else {
          gate.sharing {
            computing.wrappingAdd(1, ordering: .sequentiallyConsistent)
            computing.wrappingSubtract(1, ordering: .sequentiallyConsistent)
          }
        }
      }
    }
    #expect(failures.load(ordering: .relaxed) == 0)
    #expect(overlaps.load(ordering: .relaxed) == 0)
  }
}
