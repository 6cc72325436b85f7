import DetBasics

/// Spans of time as people write and read them: `20ms`, `1h30min`; `31.2 ms`, `1 h 05 min`.
package enum Durations {
  private static let units: [(name: String, seconds: Double)] = [
    ("us", 1e-6), ("µs", 1e-6), ("μs", 1e-6), ("ms", 1e-3), ("s", 1), ("sec", 1),
    ("m", 60), ("min", 60), ("h", 3600), ("d", 86_400),
  ]

  /// Reads numbers with units, largest first or not: `20ms`, `0.05s`, `90 min`, `1h30m`.
  package static func parse(_ text: String) throws -> Duration {
    let wrong = ArgumentValueError(
      expected: "a duration with its unit, as in 20ms, 0.05s, 90min or 1h30min")
    var rest = text.filter { $0 != " " }[...]
    guard !rest.isEmpty else { throw wrong }
    var seconds = 0.0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      guard let number = Double(digits),
        let scale = units.first(where: { $0.name == unit })?.seconds
      else { throw wrong }
      seconds += number * scale
    }
    guard seconds.isFinite, seconds < 1e12 else { throw wrong }
    return .seconds(seconds)
  }

  /// A span for people: `310 µs`, `31.2 ms`, `4.2 s`, `3 min 20 s`, `1 h 05 min`, `2 d 03 h`.
  package static func text(seconds: Double) -> String {
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
  package static func milliseconds(_ value: Double) -> String {
    "\(value.fixed(value < 10 ? 2 : value < 100 ? 1 : 0)) ms"
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
