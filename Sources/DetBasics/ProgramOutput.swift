import Foundation

/// What a program says that is run to its end.
package enum ProgramOutput {
  /// How a program ended, and what it said.
  package struct End: Sendable {
    /// Its exit status; 128 and the number of the signal where a signal ended it, as shells have it.
    package let status: Int32
    /// Its standard output.
    package let output: String
    /// Its words for people; empty where they go where this process's go.
    package let errors: String
  }

  /// Runs a program, which is looked for as a shell does, with its arguments; fails unless it ends with 0. Its words for people go where
  /// this process's go.
  package static func of(_ command: [String]) throws -> String {
    let end = try end(of: command)
    guard end.status == 0 else {
      throw FileError(
        path: command[0], problem: "ended with status \(end.status)",
        cure: "run it by hand to see why: \(command.joined(separator: " "))")
    }
    return end.output
  }

  /// Runs a program in the same way, however it ends.
  ///
  /// - Parameters:
  ///   - command: the program and its arguments.
  ///   - environment: its variables; nil for this process's.
  ///   - takesErrors: whether its words for people are taken, too; they must fit into a pipe, 64 KiB.
  /// - Returns: how it ended.
  /// - Throws: when it cannot be run.
  package static func end(
    of command: [String], environment: [String: String]? = nil, takesErrors: Bool = false
  ) throws -> End {
    precondition(!command.isEmpty, "a command has at least a program")
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    if let environment { process.environment = environment }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    if takesErrors { process.standardError = errors }
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    let said = takesErrors ? try errors.fileHandleForReading.readToEnd() ?? Data() : Data()
    process.waitUntilExit()
    let hasExited = process.terminationReason == .exit
    return End(
      status: hasExited ? process.terminationStatus : 128 + process.terminationStatus,
      output: String(decoding: bytes, as: UTF8.self), errors: String(decoding: said, as: UTF8.self))
  }
}
