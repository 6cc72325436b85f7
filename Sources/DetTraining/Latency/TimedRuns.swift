/// Runs that were timed one after the other, and how long their threads waited.
struct TimedRuns {
  /// Of each run, in milliseconds: on one thread less what it waited; on several those that nothing kept waiting, if there
  /// are enough of them.
  private(set) var milliseconds: [Double] = []
  /// All runs, those left out too.
  private(set) var elapsed = 0.0
  /// What threads waited in them; nil where nobody counts it.
  private(set) var waited: Double?
  /// Whether there were too few runs that did not wait.
  private(set) var isShort = false

  /// A run waited when it did so for more than this share of its time.
  static let tolerance = 0.02
  /// Tries for each run that is wanted, where runs that waited are left out.
  private static let tries = 3

  /// Times `count` runs; `run` is called as often as it takes.
  init(_ count: Int, _ probe: LatencyProbe, _ run: () -> Void) {
    var undisturbed: [Double] = []
    var all: [Double] = []
    let most = probe.isSingleThreaded ? count : Self.tries * count
    // Where none of as many as are wanted had its processors for itself, more tries would not help.
    while undisturbed.count < count, all.count < most,
      all.count < count || !undisturbed.isEmpty
    {
      let before = probe.waited()
      let start = probe.now()
      run()
      let time = probe.now() - start
      let wait = before.flatMap { before in probe.waited().map { max(0, $0 - before) } }
      elapsed += time
      if let wait { waited = (waited ?? 0) + wait }
      // The clocks of waiting and of time are two: the difference may be a little below nothing.
      let own = probe.isSingleThreaded ? time - min(time, wait ?? 0) : time
      all.append(own)
      if probe.isSingleThreaded || wait ?? 0 <= Self.tolerance * time { undisturbed.append(own) }
    }
    isShort = undisturbed.count < count
    milliseconds = isShort ? all : undisturbed
  }
}
