/// Spans of time as people read them: `31.2 ms`, `1 h 05 min`.
public enum Durations {
  /// A span for people: `310 µs`, `31.2 ms`, `4.2 s`, `3 min 20 s`, `1 h 05 min`, `2 d 03 h`.
  public static func text(seconds: Double) -> String {
    guard seconds.isFinite else { return "-" }
    if seconds < 0 { return "-" + text(seconds: -seconds) }
    if seconds == 0 { return "0 s" }
    if seconds < 0.001 { return "\((seconds * 1e6).fixed(0)) µs" }
    if seconds < 0.9995 { return milliseconds(seconds * 1000) }
    if seconds < 59.95 { return "\(seconds.fixed(1)) s" }
    let whole = Int(min(seconds, 1e15).rounded())
    if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
    let minutes = Int((min(seconds, 1e15) / 60).rounded())
    if minutes < 24 * 60 { return "\(minutes / 60) h \(twoDigits(minutes % 60)) min" }
    let hours = Int((min(seconds, 1e15) / 3600).rounded())
    return "\(hours / 24) d \(twoDigits(hours % 24)) h"
  }

  /// Milliseconds with three figures: `0.52 ms`, `31.2 ms`, `310 ms`.
  public static func milliseconds(_ value: Double) -> String {
    "\(value.figures(3)) ms"
  }

  private static func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}

extension Duration {
  /// The span as a number of seconds.
  package var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }

  /// The span as a number of milliseconds.
  package var inMilliseconds: Double {
    Double(components.seconds) * 1000 + Double(components.attoseconds) * 1e-15
  }
}
