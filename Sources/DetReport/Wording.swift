import DetBasics
import DetSearch

/// How counts, times and outcomes are written for people.
enum Wording {
  /// An outcome in words: `timedOut` as `timed out`.
  static func outcome(_ outcome: String) -> String {
    Outcome.Kind(rawValue: outcome)?.words ?? outcome
  }

  /// `1 trial`, `3 trials`.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
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
