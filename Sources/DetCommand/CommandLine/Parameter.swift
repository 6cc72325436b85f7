/// One thing that can be said after a verb: a flag, an option with a value, or an argument by position.
///
/// Parameters are declared once, as constants; the same constant is the key to the answer:
///
/// ```swift
/// enum FrontVerb: Verb {
///   static let folder = Argument<String>("DIR", "the run's folder")
///   static let stage = Option<SearchStage>("--stage", "STAGE", "only this stage")
///   static let syntax = Syntax(folder, stage, Flag.json)
///   static func run(_ arguments: Arguments, _ context: Context) throws -> ExitCode {
///     let folder = arguments[folder]  // String
///     let stage = arguments[stage]    // SearchStage?
/// ```
package protocol Parameter: Sendable {
  /// What the verb gets.
  associatedtype Answer
  /// What the parser and the help text need to know.
  var declaration: Declaration { get }
  /// The answer out of the values that were given, already read and counted by the parser.
  func answer(_ given: [any Sendable]) -> Answer
}

/// What the parser and the help text know of a parameter.
package struct Declaration: Sendable {
  /// What it is.
  package enum Kind: Sendable { case flag, option, argument }

  /// What it is.
  package let kind: Kind
  /// `--run` for an option, `DIR` for an argument.
  package let name: String
  /// What stands for the value in the usage line; empty for a flag.
  let placeholder: String
  let help: String
  /// How often it may be given.
  let counts: ClosedRange<Int>
  /// The default, as the help text shows it.
  var defaultText: String?
  /// Reads a word as a value, or says what would be right.
  package let read: @Sendable (String) throws -> any Sendable
}

/// `--json`: there or not.
package struct Flag: Parameter {
  /// See ``Parameter``.
  package let declaration: Declaration

  /// Declares a flag.
  package init(_ name: String, _ help: String) {
    declaration = Declaration(
      kind: .flag, name: name, placeholder: "", help: help, counts: 0...1, read: { $0 })
  }

  /// True when it was given.
  package func answer(_ given: [any Sendable]) -> Bool { !given.isEmpty }

  /// Every verb with results has it.
  package static let json = Flag("--json", "print JSON, for programs")
}

/// `--name VALUE` that may be left out.
package struct Option<Value: ArgumentValue>: Parameter {
  /// See ``Parameter``.
  package let declaration: Declaration

  /// Declares an option without a default.
  package init(_ name: String, _ placeholder: String, _ help: String) {
    declaration = Declaration(
      kind: .option, name: name, placeholder: placeholder, help: help, counts: 0...1,
      read: Value.init(argument:))
  }

  /// The value, or nil.
  package func answer(_ given: [any Sendable]) -> Value? { given.first as? Value }
}

/// `--name VALUE` with a default.
package struct DefaultOption<Value: ArgumentValue & CustomStringConvertible>: Parameter {
  /// See ``Parameter``.
  package let declaration: Declaration
  private let fallback: Value

  /// Declares an option; `shown` is the default's text in the help.
  package init(
    _ name: String, _ placeholder: String, _ help: String, default fallback: Value,
    shown: String? = nil
  ) {
    self.fallback = fallback
    declaration = Declaration(
      kind: .option, name: name, placeholder: placeholder, help: help, counts: 0...1,
      defaultText: shown ?? "\(fallback)", read: Value.init(argument:))
  }

  /// The value, or the default.
  package func answer(_ given: [any Sendable]) -> Value { given.first as? Value ?? fallback }
}

/// `--name VALUE` that must be given.
package struct RequiredOption<Value: ArgumentValue>: Parameter {
  /// See ``Parameter``.
  package let declaration: Declaration

  /// Declares an option that must be given.
  package init(_ name: String, _ placeholder: String, _ help: String) {
    declaration = Declaration(
      kind: .option, name: name, placeholder: placeholder, help: help, counts: 1...1,
      read: Value.init(argument:))
  }

  /// The value.
  package func answer(_ given: [any Sendable]) -> Value { declaration.only(given) }
}

/// A word by position that must be there.
package struct Argument<Value: ArgumentValue>: Parameter {
  /// See ``Parameter``.
  package let declaration: Declaration

  /// Declares an argument by its placeholder, as in `DIR`.
  package init(_ placeholder: String, _ help: String) {
    declaration = Declaration(
      kind: .argument, name: placeholder, placeholder: placeholder, help: help, counts: 1...1,
      read: Value.init(argument:))
  }

  /// The value.
  package func answer(_ given: [any Sendable]) -> Value { declaration.only(given) }
}

/// A last word by position that may be left out.
package struct OptionalArgument<Value: ArgumentValue>: Parameter {
  /// See ``Parameter``.
  package let declaration: Declaration

  /// Declares an argument that may be left out.
  package init(_ placeholder: String, _ help: String) {
    declaration = Declaration(
      kind: .argument, name: placeholder, placeholder: placeholder, help: help, counts: 0...1,
      read: Value.init(argument:))
  }

  /// The value, or nil.
  package func answer(_ given: [any Sendable]) -> Value? { given.first as? Value }
}

/// All the remaining words by position, at least one.
package struct ManyArguments<Value: ArgumentValue>: Parameter {
  /// See ``Parameter``.
  package let declaration: Declaration

  /// Declares the remaining arguments.
  package init(_ placeholder: String, _ help: String) {
    declaration = Declaration(
      kind: .argument, name: placeholder, placeholder: placeholder, help: help,
      counts: 1...Int.max, read: Value.init(argument:))
  }

  /// The values in order.
  package func answer(_ given: [any Sendable]) -> [Value] { given.compactMap { $0 as? Value } }
}

extension Declaration {
  fileprivate func only<Value>(_ given: [any Sendable]) -> Value {
    guard let value = given.first as? Value else {
      preconditionFailure("\(name) is read without having been declared in the verb's syntax")
    }
    return value
  }
}
