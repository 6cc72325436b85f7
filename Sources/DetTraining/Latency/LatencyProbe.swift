import DetSpec
import DetTensor
import Foundation

/// What a measurement looks at: the clock, and whether the machine lets it run.
struct LatencyProbe {
  /// The monotonic clock in milliseconds.
  var now: () -> Double = LatencyMeter.monotonicMilliseconds
  /// Milliseconds for which threads of the measurement waited for a processor so far; nil where nobody counts them.
  var waited: () -> Double?
  /// Threads that do the work.
  var threads: Int
  /// What the processors did so far.
  var times: () -> ProcessorTimes? = ProcessorTimes.now
  /// Load, clock and heat now.
  var state: () -> MachineState = MachineSensors.state
  /// Waits so many seconds.
  var pause: (Double) -> Void = { Thread.sleep(forTimeInterval: $0) }

  /// The machine, for a measurement with as many threads as libtorch has now.
  static func machine() -> LatencyProbe {
    let threads = Torch.threads
    return LatencyProbe(
      waited: { threads == 1 ? ThreadWaiting.ofThisThread() : ThreadWaiting.ofAllThreads() },
      threads: threads)
  }

  /// Whether one thread does all the work, so that its time less its waiting is what it takes on a free processor.
  var isSingleThreaded: Bool { threads == 1 }
}
