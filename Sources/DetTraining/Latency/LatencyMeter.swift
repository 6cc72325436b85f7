public import DetBasics
public import DetSpec

/// Times single-image runs of a whole detector beside an anchor, and says whether the machine was calm meanwhile.
///
/// After a warm-up that lasts until the times are steady, blocks of runs alternate with blocks of the anchor's. A reading that
/// was disturbed is repeated after a pause; of readings that all were, the least disturbed counts, and says what disturbed it.
public struct LatencyMeter {
  /// How many runs.
  let settings: LatencySettings
  /// What the runs stand beside; nil: nothing, so that only waiting and unrest are seen.
  let anchor: LatencyAnchor?
  /// Where the anchor's calm time is kept; nil: nowhere.
  let cache: CacheFolder?
  var probe: LatencyProbe
  /// Readings that are taken when all are disturbed.
  var attempts = 3

  /// A meter for this machine, with the threads that libtorch has now.
  public init(settings: LatencySettings, anchor: LatencyAnchor?, cache: CacheFolder?) {
    self.init(settings: settings, anchor: anchor, cache: cache, probe: .machine())
  }

  init(
    settings: LatencySettings, anchor: LatencyAnchor?, cache: CacheFolder?, probe: LatencyProbe
  ) {
    self.settings = settings
    self.anchor = anchor
    self.cache = cache
    self.probe = probe
  }

  /// Calls `run` with the numbers 0, 1, 2 …; nil when a time was not finite.
  ///
  /// With a gate, nothing else of the run computes while a reading is taken; in the pauses between them it may.
  func reading(gate: ComputeGate? = nil, _ run: (Int) -> Void) -> LatencyReading? {
    withoutActuallyEscaping(run) { readings(of: [$0], gate: gate)[0] }
  }

  /// The readings of several things in one go: a block of each stands between two of the anchor's, so that what disturbs one
  /// disturbs all of them. Repeated as long as one of them is disturbed; of each the calmest counts.
  func readings(of runs: [(Int) -> Void], gate: ComputeGate? = nil) -> [LatencyReading?] {
    var best = [LatencyReading?](repeating: nil, count: runs.count)
    for attempt in 1...attempts {
      if attempt > 1 { probe.pause(Self.pause * Double(attempt - 1)) }
      let start = probe.now()
      let taken = gate.alone { once(runs) }
      let seconds = (probe.now() - start) / 1000
      for (index, reading) in taken.enumerated() {
        guard var reading else { continue }
        reading.attempts = attempt
        guard let known = best[index] else {
          best[index] = reading
          continue
        }
        if reading.isCalmer(than: known) { best[index] = reading }
        best[index]?.attempts = attempt
      }
      if best.allSatisfy({ $0?.isCalm ?? true }) || seconds > Self.patience { break }
    }
    return best
  }

  /// The median of a few runs, for a number that stands beside a reading; nil when a time was not finite.
  func median(_ run: (Int) -> Void) -> Double? {
    let count = max(Self.leastRuns, settings.runs / Self.mostBlocks)
    var next = 0
    let runs = TimedRuns(count + 1, probe) {
      run(next)
      next += 1
    }
    return LatencySummary(samples: Array(runs.milliseconds.dropFirst()))?.median
  }

  /// A disturbed reading that took longer, in seconds, is not repeated at once: the end of a search is a better time.
  private static let patience = 30.0
  /// Seconds before the second reading; before the third it is twice as long.
  private static let pause = 1.0

  private func once(_ runs: [(Int) -> Void]) -> [LatencyReading?] {
    var counts = [Int](repeating: 0, count: runs.count)
    func next(_ index: Int) {
      runs[index](counts[index])
      counts[index] += 1
    }
    for index in runs.indices { warmUp { next(index) } }
    let blocks = min(Self.mostBlocks, max(1, settings.runs / Self.leastRuns))
    let before = probe.times()
    var timed = [[TimedRuns]](repeating: [], count: runs.count)
    var anchors: [TimedRuns] = []
    for block in 0..<blocks {
      if let anchor {
        anchor.run()
        anchors.append(TimedRuns(Self.anchorRuns, probe, anchor.run))
      }
      let share = settings.runs * (block + 1) / blocks - settings.runs * block / blocks
      for index in runs.indices {
        // What others drove out of the caches is back after a run.
        if anchor != nil || runs.count > 1 { next(index) }
        timed[index].append(TimedRuns(share, probe) { next(index) })
      }
    }
    let steal = before.flatMap { before in probe.times().flatMap { $0.steal(since: before) } }
    let calm = calmAnchor(anchors)
    return timed.map { judged($0, anchors, calm: calm, steal: steal) }
  }

  /// What the anchor takes on this machine when it is calm, with these runs taken into account.
  private func calmAnchor(_ anchors: [TimedRuns]) -> Double? {
    guard let anchor,
      let own = LatencySummary(samples: anchors.flatMap(\.milliseconds))?.median
    else { return nil }
    return cache.map { CalmAnchor($0).calm(anchor.key, adding: own) } ?? own
  }

  private static let mostBlocks = 10
  private static let leastRuns = 3
  private static let anchorRuns = 4

  private func judged(
    _ runs: [TimedRuns], _ anchors: [TimedRuns], calm: Double?, steal: Double?
  ) -> LatencyReading? {
    guard let summary = LatencySummary(samples: runs.flatMap(\.milliseconds)) else { return nil }
    var reading = LatencyReading(runs: summary)
    reading.interval = BlockInterval.ofMedian(runs.map(\.milliseconds))
    reading.anchor = LatencySummary(samples: anchors.flatMap(\.milliseconds))
    reading.calmAnchor = calm
    reading.device = anchor?.place
    var state = probe.state()
    let all = runs + anchors
    let elapsed = all.reduce(0) { $0 + $1.elapsed }
    let waits = all.compactMap(\.waited)
    if !waits.isEmpty, elapsed > 0 {
      state.waiting = min(1, waits.reduce(0, +) / (elapsed * Double(probe.threads)))
    }
    state.steal = steal
    reading.machine = state
    reading.disturbances = Self.disturbances(of: reading, isShort: all.contains(where: \.isShort))
    return reading
  }

  /// The machine's monotonic clock in milliseconds.
  public static func monotonicMilliseconds() -> Double {
    (ContinuousClock.now - origin).inMilliseconds
  }

  private static let origin = ContinuousClock.now
}
