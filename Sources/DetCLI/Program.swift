import DetBasics

/// The program `smnas`: finds the verb, runs it, and turns whatever was thrown into one message.
package enum Program {
  /// What it is called.
  package static let name = "smnas"
  /// Its version.
  package static let version = "0.1.0"

  /// Runs the command line without the program's own name.
  package static func run(_ arguments: [String], _ context: Context) -> ExitCode {
    run(arguments, context, verbs: Verbs.all)
  }

  static func run(
    _ arguments: [String], _ context: Context, verbs: [any Verb.Type]
  ) -> ExitCode {
    do {
      return try start(arguments, context, verbs)
    } catch is Output.Closed {
      // The reader of the pipe took what it wanted, as `smnas trials DIR | head` does.
      return .done
    } catch is Interruption {
      return .interrupted
    } catch let error as UsageError {
      report(error, arguments, context, verbs)
      return .usage
    } catch {
      context.log("\(name): \(error)")
      return .failed
    }
  }

  private static func start(
    _ arguments: [String], _ context: Context, _ verbs: [any Verb.Type]
  ) throws -> ExitCode {
    guard let first = arguments.first, first != "--help", first != "-h" else {
      try context.output.line(Help.overall(verbs))
      return .done
    }
    if first == "--version" {
      try context.output.line("\(name) \(version)")
      return .done
    }
    if first == "help", arguments.count <= 2 {
      return try start(Array(arguments.dropFirst()) + ["--help"], context, verbs)
    }
    let rest = Array(arguments.dropFirst())
    guard let verb = verbs.first(where: { $0.name == first }) else {
      throw first.hasPrefix("-")
        ? UsageError.unknownOption(first, known: ["--help", "--version"])
        : UsageError.unknownVerb(first, known: verbs.map { $0.name })
    }
    if ArgumentParser.asksForHelp(rest) {
      try context.output.line(Help.verb(verb))
      return .done
    }
    return try verb.run(ArgumentParser.parse(rest, verb.syntax), context)
  }

  private static func report(
    _ error: UsageError, _ arguments: [String], _ context: Context, _ verbs: [any Verb.Type]
  ) {
    guard let verb = verbs.first(where: { $0.name == arguments.first }) else {
      context.log("\(name): \(error)\nsee \(name) --help")
      return
    }
    context.log(
      "\(name) \(verb.name): \(error)\n\(Help.usage(verb))\nsee \(name) \(verb.name) --help")
  }
}
