import DetBasics
package import DetCommand
import Foundation
import Synchronization

/// Runs verbs in this process and remembers what was written.
///
/// The second program is the built one; what a verb hands over to it is remembered, not done.
package final class Transcript: Sendable {
  private let text = Mutex((output: "", log: "", handedOver: [String]()))

  /// A transcript of nothing.
  package init() {}

  /// What went to standard output.
  package var output: String { text.withLock { $0.output } }
  /// What went to standard error.
  package var log: String { text.withLock { $0.log } }
  /// The words that the second program would have been started with.
  package var handedOver: [String] { text.withLock { $0.handedOver } }

  /// The world of a verb; `environment` is all it sees of this process's.
  package func context(
    environment: [String: String], executable: String = BuiltProgram.path
  ) -> Context {
    Context(
      output: Output { data in
        self.text.withLock { $0.output += String(decoding: data, as: UTF8.self) }
      },
      log: Log { line in self.text.withLock { $0.log += line + "\n" } },
      environment: environment, executable: executable,
      handOver: { words in
        self.text.withLock { $0.handedOver = words }
        return .done
      })
  }

  /// The world of a verb, without variables.
  package var context: Context { context(environment: [:]) }
}
