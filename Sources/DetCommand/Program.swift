import DetBasics

/// What both programs do with a command line: find the verb, run it or hand it over, and turn whatever was thrown into one
/// message.
package enum Program {
  /// What users call it, whichever of the two is at work.
  package static let name = "smnas"
  /// The version of both programs, which belong together.
  package static let version = "0.1.0"

  /// Runs the command line without the program's own name.
  package static func run(
    _ arguments: [String], _ context: Context, commands: [Command]
  ) -> ExitCode {
    do {
      return try start(arguments, context, commands)
    } catch is Output.Closed {
      // The reader of the pipe took what it wanted, as `smnas trials DIR | head` does.
      return .done
    } catch is Interruption {
      return .interrupted
    } catch let error as UsageError {
      report(error, arguments, context, commands)
      return .usage
    } catch {
      context.log("\(name): \(error)")
      return .failed
    }
  }

  private static func start(
    _ arguments: [String], _ context: Context, _ commands: [Command]
  ) throws -> ExitCode {
    guard let first = arguments.first, first != "--help", first != "-h" else {
      try context.output.line(Help.overall(commands))
      return .done
    }
    if first == "--version" {
      try context.output.line("\(name) \(version)")
      return .done
    }
    if first == "help", arguments.count <= 2 {
      return try start(Array(arguments.dropFirst()) + ["--help"], context, commands)
    }
    let rest = Array(arguments.dropFirst())
    // Bytes that are not UTF-8 were replaced by this mark when the arguments were read: such a path names nothing.
    if let word = rest.first(where: { $0.unicodeScalars.contains("\u{FFFD}") }) {
      throw UsageError.rule(
        "\"\(word.oneLine)\" is not UTF-8 text; rename the file or folder in UTF-8")
    }
    guard let command = commands.first(where: { $0.name == first }) else {
      throw first.hasPrefix("-")
        ? UsageError.unknownOption(first, known: ["--help", "--version"])
        : UsageError.unknownVerb(first, known: commands.map { $0.name })
    }
    guard case .own(let verb) = command else { return try context.handOver(arguments) }
    if ArgumentParser.asksForHelp(rest) {
      try context.output.line(Help.verb(verb))
      return .done
    }
    return try verb.run(ArgumentParser.parse(rest, verb.syntax), context)
  }

  private static func report(
    _ error: UsageError, _ arguments: [String], _ context: Context, _ commands: [Command]
  ) {
    guard case .own(let verb)? = commands.first(where: { $0.name == arguments.first }) else {
      context.log("\(name): \(error)\nsee \(name) --help")
      return
    }
    context.log(
      "\(name) \(verb.name): \(error)\n\(Help.usage(verb))\nsee \(name) \(verb.name) --help")
  }
}
