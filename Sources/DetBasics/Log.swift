import Foundation

/// Where a program tells people what it does: one line at a time, on standard error.
///
/// Libraries take a `Log` and never print by themselves.
public struct Log: Sendable {
  private let sink: @Sendable (String) -> Void

  /// A log whose lines go where `sink` puts them.
  public init(_ sink: @escaping @Sendable (String) -> Void) { self.sink = sink }

  /// A log to standard error; a line that nobody can read any more (a closed pipe) is dropped.
  public static let standardError = Log { line in
    // Not FileHandle.write, which traps when the pipe is closed.
    try? AtomicFile.writeAll(Data((line + "\n").utf8), to: STDERR_FILENO, path: "standard error")
  }

  /// Writes one line.
  public func callAsFunction(_ line: String) { sink(line) }
}
