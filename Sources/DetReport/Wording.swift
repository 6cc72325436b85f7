import DetBasics

/// How numbers and names of metrics are written for people.
enum Wording {
  /// `0.412`, `31.2 ms`, `16.2 M`; an en dash when there is none.
  static func value(_ metric: String, _ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    switch metric {
    case "latency": return Durations.milliseconds(value)
    case "macs", "parameters", "memoryAccessBytes": return amount(value)
    default: return value.fixed(3)
    }
  }

  /// `950`, `16.2 k`, `16.2 M`, `1.62 G`: three figures.
  static func amount(_ value: Double) -> String {
    let steps: [(Double, String)] = [(1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")]
    for (scale, suffix) in steps where abs(value) >= scale * 0.9995 {
      let scaled = value / scale
      return scaled.fixed(scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0) + suffix
    }
    return value.fixed(0)
  }

  /// What a metric is called in a column or on an axis.
  static func title(_ metric: String) -> String {
    switch metric {
    case "latency": "Latency"
    case "macs": "MACs"
    case "parameters": "Parameters"
    default: metric
    }
  }

  /// What a metric is called inside a sentence.
  static func noun(_ metric: String) -> String {
    metric == "latency" || metric == "parameters" ? metric : title(metric)
  }

  /// An outcome in words: `timedOut` as `timed out`.
  static func outcome(_ outcome: String) -> String {
    switch outcome {
    case "timedOut": "timed out"
    case "outOfMemory": "out of memory"
    default: outcome
    }
  }

  /// `1 trial`, `3 trials`.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  /// A cost inside a sentence: `31.2 ms`, `12.3 G MACs`.
  static func cost(_ metric: String, _ number: Double?) -> String {
    metric == "latency" ? value(metric, number) : "\(value(metric, number)) \(title(metric))"
  }

  /// A span of time.
  static func span(_ seconds: Double) -> String { Durations.text(seconds: seconds) }

  /// What an outcome that carries no words of its own means.
  static func defaultReason(_ outcome: String) -> String {
    switch outcome {
    case "timedOut": "took longer than the plan's timeoutSeconds"
    case "outOfMemory": "memory could not be had"
    case "diverged": "the loss stopped being a finite number"
    default: "no reason was given"
    }
  }

  /// A path as a shell takes it: in quotes when it needs them.
  static func quoted(_ path: String) -> String {
    let plain = path.allSatisfy { $0.isLetter || $0.isNumber || "/._-+:@%,=".contains($0) }
    return plain
      ? path
      : "'"
        + path.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "'\\''") + "'"
  }
}
