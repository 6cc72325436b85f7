import DetBasics
package import Foundation
import TestSupport

/// The program as it was built beside these tests, in processes of its own, with a folder that goes when the test does.
package final class BuiltProgram {
  /// Where the tests may write.
  package var folder: String { temporary.path }
  private let temporary: TemporaryFolder

  /// The first program; the second lies beside it.
  package static var path: String {
    let runner = URL(fileURLWithPath: CommandLine.arguments[0])
    return runner.deletingLastPathComponent().appendingPathComponent("smnas").path
  }

  /// Makes the folder.
  package init() throws {
    temporary = try TemporaryFolder()
  }

  /// The result of a call.
  package struct Answer {
    package let status: Int32
    package let output: String
    package let log: String
  }

  /// Starts the program and gives the process; its words go to files of that name in the folder.
  package func start(
    _ words: [String], name: String = "call", memoryKibibytes: Int? = nil,
    through path: String = BuiltProgram.path, in directory: String? = nil
  ) throws -> Process {
    let process = Process()
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let limit = memoryKibibytes.map { "ulimit -v \($0); " } ?? ""
    process.arguments = ["-c", limit + "exec \"$0\" \"$@\"", path] + words
    // What one test leaves in a cache is nothing to another. One thread each: pools of threads that share two cores with other processes crawl.
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["OMP_NUM_THREADS": "1", "XDG_CACHE_HOME": "\(folder)/cache"]
    ) { $1 }
    process.standardOutput = try handle("\(name).out")
    process.standardError = try handle("\(name).log")
    try process.run()
    return process
  }

  /// Runs the program to its end.
  package func run(
    _ words: String..., memoryKibibytes: Int? = nil, through path: String = BuiltProgram.path,
    in directory: String? = nil
  ) throws -> Answer {
    let process = try start(
      words, memoryKibibytes: memoryKibibytes, through: path, in: directory)
    process.waitUntilExit()
    return Answer(
      status: process.terminationStatus, output: try Files.text("\(folder)/call.out"),
      log: try Files.text("\(folder)/call.log"))
  }

  private func handle(_ name: String) throws -> FileHandle {
    try AtomicFile.write("", to: "\(folder)/\(name)")
    return try FileHandle(forWritingTo: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  /// Writes a file into the folder and gives its path.
  package func write(_ name: String, _ text: String) throws -> String {
    try temporary.write(name, text)
  }
}
