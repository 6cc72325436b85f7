import DetBasics

/// How times and paths are written for people.
enum Wording {
  /// A span of time.
  static func span(_ seconds: Double) -> String { Durations.text(seconds: seconds) }

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
