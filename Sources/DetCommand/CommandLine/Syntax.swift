/// What may follow a verb: its arguments in order, its flags and options in the order of the help.
package struct Syntax: Sendable {
  /// The arguments by position.
  package let arguments: [Declaration]
  /// Flags and options.
  package let options: [Declaration]

  /// Declares what may follow a verb; only the last argument may be optional or many.
  package init(_ parameters: any Parameter...) { self.init(parameters) }

  /// Declares what may follow a verb, some of it made at run time.
  package init(_ parameters: [any Parameter]) {
    let declarations = parameters.map(\.declaration)
    arguments = declarations.filter { $0.kind == .argument }
    options = declarations.filter { $0.kind != .argument }
    precondition(
      arguments.dropLast().allSatisfy { $0.counts == 1...1 },
      "only the last argument may be optional or many")
    precondition(
      options.allSatisfy { $0.name.hasPrefix("--") && $0.name.count > 2 },
      "the name of a flag or option starts with --")
    precondition(
      Set(declarations.map(\.name)).count == declarations.count, "two parameters have one name")
  }
}

/// What was said after a verb: the answer to every parameter of its ``Syntax``.
package struct Arguments: Sendable {
  let values: [String: [any Sendable]]

  /// The answer to a parameter: a value, an optional, a list or a truth, as its type says.
  package subscript<Asked: Parameter>(parameter: Asked) -> Asked.Answer {
    parameter.answer(values[parameter.declaration.name] ?? [])
  }
}
