import Foundation

/// The standard output of a program that is run to its end; its words for people go where this process's go.
package enum ProgramOutput {
  /// Runs a program, which is looked for as a shell does, with its arguments; fails unless it ends with 0.
  package static func of(_ command: [String]) throws -> String {
    precondition(!command.isEmpty, "a command has at least a program")
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw FileError(
        path: command[0], problem: "ended with status \(process.terminationStatus)",
        cure: "run it by hand to see why: \(command.joined(separator: " "))")
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
