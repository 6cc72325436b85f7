import DetBasics
import DetSpec
import Foundation
import TestSupport
import Testing

@testable import DetTraining

/// What a reading says of a machine that is made up.
@Suite struct LatencyMeterTests {
  /// A machine on which every run takes the next of the given milliseconds, and waits for the next of others.
  private final class Machine {
    var now = 0.0
    var waited = 0.0
    var times: [Double] = []
    var waits: [Double] = []
    var pauses: [Double] = []
    var ticks = ProcessorTimes(total: 0, stolen: 0)
    var stolen = 0.0

    func run(_ usual: Double = 10) {
      let wait = waits.isEmpty ? 0 : waits.removeFirst()
      now += (times.isEmpty ? usual : times.removeFirst()) + wait
      waited += wait
      ticks = ProcessorTimes(total: ticks.total + 10, stolen: ticks.stolen + 10 * stolen)
    }

    func probe(threads: Int = 1) -> LatencyProbe {
      LatencyProbe(
        now: { self.now }, waited: { self.waited }, threads: threads,
        times: { self.ticks }, state: MachineState.init, pause: { self.pauses.append($0) })
    }

    func meter(_ warmup: Int, _ runs: Int, threads: Int = 1) -> LatencyMeter {
      LatencyMeter(
        settings: LatencySettings(warmupRuns: warmup, runs: runs), anchor: nil, cache: nil,
        probe: probe(threads: threads))
    }
  }

  @Test func warmUpGoesOnUntilTheTimesAreSteady() throws {
    let machine = Machine()
    machine.times = [100, 100, 50, 50, 10, 10, 10, 10]
    let reading = try #require(machine.meter(4, 9).reading { _ in machine.run() })
    #expect(reading.runs.samples == Array(repeating: 10, count: 9))
    #expect(reading.isCalm && reading.attempts == 1 && machine.pauses.isEmpty)
  }

  @Test func waitingIsTakenOutOfTheTimesOfOneThread() throws {
    let machine = Machine()
    machine.waits = [0, 3, 0, 3, 3, 0, 3, 0, 3]
    let reading = try #require(machine.meter(0, 9).reading { _ in machine.run() })
    #expect(reading.runs.samples.allSatisfy { abs($0 - 10) < 1e-9 })
    #expect(abs((reading.machine?.waiting ?? 0) - 15.0 / 105) < 1e-9)
    #expect(reading.isCalm)
  }

  @Test func runsOfSeveralThreadsThatWaitedAreTimedAgain() throws {
    let machine = Machine()
    machine.waits = [5, 0, 5, 0]
    let reading = try #require(machine.meter(0, 9, threads: 2).reading { _ in machine.run() })
    #expect(reading.runs.samples == Array(repeating: 10, count: 9) && reading.isCalm)
  }

  @Test func whereAllRunsWaitTheReadingIsRepeatedAndMarked() throws {
    let machine = Machine()
    machine.waits = Array(repeating: 20, count: 1000)
    let reading = try #require(machine.meter(0, 9, threads: 2).reading { _ in machine.run() })
    #expect(reading.disturbances == [.waiting] && reading.attempts == 3)
    #expect(machine.pauses == [1, 2])
    #expect(reading.warnings.count == 1 && reading.warnings[0].contains("33 % of the time"))
  }

  @Test func aCalmReadingAfterADisturbedOneCounts() throws {
    let machine = Machine()
    machine.times = [10, 10, 10, 30, 30, 30, 60, 60, 60]
    let reading = try #require(machine.meter(0, 9).reading { _ in machine.run() })
    #expect(reading.isCalm && reading.attempts == 2 && reading.runs.median == 10)
  }

  @Test func unsteadyTimesAndAHostThatTakesProcessorsAreMarked() throws {
    let machine = Machine()
    machine.stolen = 0.1
    machine.times = (0..<1000).map { Double(10 * (1 + $0 / 3 % 3)) }
    let reading = try #require(machine.meter(0, 30).reading { _ in machine.run() })
    #expect(reading.disturbances == [.unsteady, .steal])
  }

  @Test func timesThatAreNoNumbersHaveNoReading() {
    let machine = Machine()
    machine.times = [.infinity, 1, 1]
    #expect(machine.meter(0, 3).reading { _ in machine.run() } == nil)
  }

  @Test func anAnchorThatIsSlowerThanWhenCalmMarksTheReading() throws {
    var reading = LatencyReading(runs: try #require(LatencySummary(samples: [10, 10, 10])))
    reading.calmAnchor = 2
    reading.anchor = LatencySummary(samples: [2.2, 2.2])
    #expect(LatencyMeter.disturbances(of: reading, isShort: false).isEmpty)
    reading.anchor = LatencySummary(samples: [2.4, 2.4])
    #expect(LatencyMeter.disturbances(of: reading, isShort: false) == [.anchor])
    #expect(abs((reading.slowdown ?? 0) - 1.2) < 1e-12)
  }

  @Test func theThirdLowestAnchorCountsAsCalm() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/cache"
    let calm = CalmAnchor(CacheFolder(path: path))
    #expect(calm.calm("a", adding: 9) == 9)
    #expect(calm.calm("a", adding: 3) == 9)
    #expect(calm.calm("b", adding: 1) == 1)
    #expect(calm.calm("a", adding: 4) == 9)
    #expect(calm.calm("a", adding: 3.5) == 4)
    #expect(calm.calm("a", adding: 100) == 4)
    try AtomicFile.write("no JSON", to: path + "/anchors.json")
    #expect(calm.calm("a", adding: 7) == 7)
    #expect(CalmAnchor(CacheFolder(path: "/dev/null/no")).calm("a", adding: 2) == 2)
  }

  @Test func theIntervalIsThatOfBlocks() throws {
    #expect(BlockInterval.ofMedian([[1], [2]]) == nil)
    let same = try #require(BlockInterval.ofMedian([[4, 5, 6], [5, 5], [5]]))
    #expect(same.low == 5 && same.high == 5)
    let wide = try #require(BlockInterval.ofMedian((1...10).map { [Double($0)] }))
    #expect(wide.low > 1.5 && wide.low < 5.5 && wide.high > 5.5 && wide.high < 9.5)
  }
}

/// What Linux writes, and what is made of it.
@Suite struct MachineFilesTests {
  @Test func theKernelsFilesAreRead() throws {
    #expect(ThreadWaiting.nanoseconds("123456 7890 12\n") == 7890)
    #expect(ThreadWaiting.nanoseconds("") == nil)
    let early = try #require(ProcessorTimes("cpu  100 0 50 800 10 0 0 40 0 0\ncpu0 1 2 3\n"))
    #expect(early == ProcessorTimes(total: 1000, stolen: 40))
    let late = ProcessorTimes(total: 2000, stolen: 140)
    #expect(late.steal(since: early) == 0.1 && early.steal(since: early) == nil)
    #expect(ProcessorTimes("intr 1 2 3") == nil)
    #expect(MachineSensors.load("0.53 1.45 1.99 2/100 77") == 0.53)
    #expect(MachineSensors.clocks("cpu MHz\t\t: 2450.1\nx: 1\ncpu MHz : 3000\n") == [2450.1, 3000])
    #expect(MachineSensors.degrees("45500\n") == 45.5)
  }

  @Test func aThreadThatIsKeptWaitingIsSeen() throws {
    guard ThreadWaiting.ofThisThread() != nil else { return }
    let all = try #require(ThreadWaiting.ofAllThreads())
    let own = try #require(ThreadWaiting.ofThisThread())
    #expect(own >= 0 && all >= 0)
  }
}
