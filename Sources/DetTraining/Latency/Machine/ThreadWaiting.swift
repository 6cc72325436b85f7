import DetBasics
import Foundation

/// How long threads of this process were ready to run and did not have a processor.
///
/// Linux counts it for each thread, in nanoseconds, in the second field of `/proc/self/task/*/schedstat`
/// (Documentation/scheduler/sched-stats); elsewhere there is no such number.
enum ThreadWaiting {
  /// Milliseconds of the calling thread since it began; nil where the system does not say.
  static func ofThisThread() -> Double? { milliseconds("/proc/thread-self/schedstat") }

  /// Milliseconds of all threads that live now, in sum; nil where the system does not say.
  static func ofAllThreads() -> Double? {
    guard let tasks = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
    else { return nil }
    // A thread may end between the list and its file.
    let waits = tasks.compactMap { milliseconds("/proc/self/task/\($0)/schedstat") }
    return waits.isEmpty ? nil : waits.reduce(0, +)
  }

  private static func milliseconds(_ path: String) -> Double? {
    guard let text = (try? Files.text(path)) else { return nil }
    return nanoseconds(text).map { $0 / 1e6 }
  }

  /// The second of the three numbers of a `schedstat`.
  static func nanoseconds(_ text: String) -> Double? {
    let fields = text.split(whereSeparator: \.isWhitespace)
    return fields.count >= 2 ? Double(fields[1]) : nil
  }
}
