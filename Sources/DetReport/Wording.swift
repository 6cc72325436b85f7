import DetBasics

/// How times are written for people.
enum Wording {
  /// A span of time.
  static func span(_ seconds: Double) -> String { Durations.text(seconds: seconds) }
}
