package import DetBasics
import Foundation

/// What a verb may use from outside, so that tests can run it in their own process.
package struct Context: Sendable {
  /// Where results go.
  package let output: Output
  /// Where messages for people go.
  package let log: Log
  /// Whether people watch: progress is redrawn only then.
  package let isTerminal: Bool
  /// The environment's variables.
  package let environment: [String: String]
  /// The program's own path, free of links, for finding what lies beside it.
  package let executable: String
  /// Turns this process into the second program with these arguments; returns only in tests.
  package let handOver: @Sendable ([String]) throws -> ExitCode

  /// The second program, beside this one.
  package var torch: TorchProgram { TorchProgram(beside: executable) }

  /// A context made of parts.
  package init(
    output: Output, log: Log, isTerminal: Bool = false, environment: [String: String] = [:],
    executable: String, handOver: (@Sendable ([String]) throws -> ExitCode)? = nil
  ) {
    self.output = output
    self.log = log
    self.isTerminal = isTerminal
    self.environment = environment
    self.executable = executable
    let torch = TorchProgram(beside: executable)
    self.handOver = handOver ?? { try torch.replaceThisProcess($0) }
  }

  /// The same with another way to the second program.
  package func handingOver(_ handOver: @escaping @Sendable ([String]) throws -> ExitCode) -> Context
  {
    Context(
      output: output, log: log, isTerminal: isTerminal, environment: environment,
      executable: executable, handOver: handOver)
  }

  /// The context of this process.
  package static func process() -> Context {
    let invoked = CommandLine.arguments.first ?? "smnas"
    let link = "/proc/self/exe"
    let executable = try? FileManager.default.destinationOfSymbolicLink(atPath: link)
    return Context(
      output: .standardOutput, log: .standardError, isTerminal: isatty(STDERR_FILENO) == 1,
      environment: ProcessInfo.processInfo.environment, executable: executable ?? invoked)
  }
}
