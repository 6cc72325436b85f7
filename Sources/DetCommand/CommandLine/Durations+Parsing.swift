import DetBasics

/// Spans of time as people write them: `20ms`, `1h30min`.
extension Durations {
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
}
