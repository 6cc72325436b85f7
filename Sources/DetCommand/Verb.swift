/// One thing the program does: `smnas NAME …`. A verb is a caseless enum in a file of its own; each program has a
/// closed list of its ``Command``s.
package protocol Verb: SendableMetatype {
  /// The word on the command line.
  static var name: String { get }
  /// One line for the overall help, without a full stop.
  static var summary: String { get }
  /// What may follow the name.
  static var syntax: Syntax { get }
  /// Paragraphs for the verb's own help: what it reads and writes, an example.
  static var discussion: String { get }
  /// Does the work; a thrown error becomes one message and exit code 1, a ``UsageError`` 64.
  static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode
}

extension Verb {
  /// Nothing to add.
  package static var discussion: String { "" }
}

/// How the program ends.
package enum ExitCode: Int32, Sendable {
  /// The work is done.
  case done = 0
  /// It could not be done; standard error says why.
  case failed = 1
  /// The command line is wrong.
  case usage = 64
  /// Stopped by the user; what was finished is kept.
  case interrupted = 130
}
