import DetCommand
import Foundation

/// How many processes of this machine train together. Many more than it has cores would be a slip of the pen.
struct ProcessCount: ArgumentValue, Equatable {
  /// The most that can be asked for: one a core, and a few on a small machine, to try it out.
  static let most = max(8, ProcessInfo.processInfo.activeProcessorCount)
  /// The number.
  let value: Int

  /// Reads a whole number from 1 to ``most``.
  init(argument: String) throws {
    guard let value = Int(argument), (1...Self.most).contains(value) else {
      throw ArgumentValueError(expected: "a whole number from 1 to \(Self.most)")
    }
    self.value = value
  }
}
