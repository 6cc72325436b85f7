import DetBasics

/// A type that a word of the command line can be read as.
///
/// Reading throws ``ArgumentValueError`` with what would be right, or any other error whose description
/// says so; the parser adds the option's name and the word.
package protocol ArgumentValue: Sendable {
  /// Reads the word.
  init(argument: String) throws
}

/// Says what a word should have been: `a whole number, as in 4`.
package struct ArgumentValueError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What would be right.
  package let expected: String

  /// Describes what would be right.
  package init(expected: String) { self.expected = expected }

  /// `expected a whole number`.
  package var description: String { "expected \(expected)" }
}

extension String: ArgumentValue {
  /// Takes the word as it is, unless it is empty.
  package init(argument: String) throws {
    guard !argument.isEmpty else { throw ArgumentValueError(expected: "a text that is not empty") }
    self = argument
  }
}

extension Int: ArgumentValue {
  /// Reads a whole number.
  package init(argument: String) throws {
    guard let value = Int(argument) else { throw ArgumentValueError(expected: "a whole number") }
    self = value
  }
}

extension UInt64: ArgumentValue {
  /// Reads a whole number of at least 0, as seeds are.
  package init(argument: String) throws {
    guard let value = UInt64(argument) else {
      throw ArgumentValueError(expected: "a whole number from 0 to \(UInt64.max)")
    }
    self = value
  }
}

extension Double: ArgumentValue {
  /// Reads a finite number.
  package init(argument: String) throws {
    guard let value = Double(argument), value.isFinite else {
      throw ArgumentValueError(expected: "a number, as in 0.5")
    }
    self = value
  }
}

extension Duration: ArgumentValue {
  /// Reads `20ms`, `0.05s`, `1h30min`; see `Durations`.
  package init(argument: String) throws { self = try Durations.parse(argument) }
}

/// A whole number from 1 to a million, for counts where none makes no sense.
package struct Count: ArgumentValue, Equatable, CustomStringConvertible {
  /// More of anything that is counted would be a slip of the pen, and might not fit what is computed from it.
  package static let most = 1_000_000

  /// The number.
  package let value: Int

  /// `80`.
  package var description: String { "\(value)" }

  /// Makes a count; the number must be at least 1.
  package init(_ value: Int) {
    precondition(
      (1...Self.most).contains(value), "a count is from 1 to \(Self.most), not \(value)")
    self.value = value
  }

  /// Reads a whole number from 1 to a million.
  package init(argument: String) throws {
    guard let value = Int(argument), value >= 1 else {
      throw ArgumentValueError(expected: "a whole number of at least 1")
    }
    guard value <= Self.most else {
      throw ArgumentValueError(expected: "a whole number from 1 to \(Self.most)")
    }
    self.value = value
  }
}

/// A number of threads: more than a machine's cores would help nobody, and far more could not be started.
package struct ThreadCount: ArgumentValue, Equatable {
  /// The most that can be asked for.
  package static let most = 1024
  /// The number.
  package let value: Int

  /// Reads a whole number from 1 to 1024.
  package init(argument: String) throws {
    guard let value = Int(argument), (1...Self.most).contains(value) else {
      throw ArgumentValueError(expected: "a whole number from 1 to \(Self.most)")
    }
    self.value = value
  }
}

/// A seed that any program can read: JSON's numbers are doubles to many.
package struct Seed: ArgumentValue, Equatable, CustomStringConvertible {
  /// The number, below 2^53.
  package let value: UInt64

  /// `7`.
  package var description: String { "\(value)" }

  /// Makes a seed; the number must be below 2^53.
  package init(_ value: UInt64) {
    precondition(value < 1 << 53, "a seed is below 2^53, not \(value)")
    self.value = value
  }

  /// Reads a whole number from 0 to 2^53 - 1.
  package init(argument: String) throws {
    guard let value = UInt64(argument), value < 1 << 53 else {
      throw ArgumentValueError(expected: "a whole number from 0 to \(UInt64(1) << 53 - 1)")
    }
    self.value = value
  }
}

/// A share of a whole, above nothing: above 0, up to 1.
package struct Share: ArgumentValue, Equatable, CustomStringConvertible {
  /// The share.
  package let value: Double

  /// `0.2`.
  package var description: String { "\(value)" }

  /// Makes a share; it must be above 0, up to 1.
  package init(_ value: Double) {
    precondition(value > 0 && value <= 1, "a share is above 0, up to 1, not \(value)")
    self.value = value
  }

  /// Reads a number above 0, up to 1.
  package init(argument: String) throws {
    guard let value = Double(argument), value > 0, value <= 1 else {
      throw ArgumentValueError(expected: "a share above 0, up to 1, as in 0.2")
    }
    self.value = value
  }
}

/// One word of a closed list: an enum with text cases gets this by conforming.
package protocol ArgumentChoice: ArgumentValue, CaseIterable, RawRepresentable
where RawValue == String {}

extension ArgumentChoice {
  /// Reads one of the cases, with "did you mean".
  package init(argument: String) throws {
    guard let value = Self(rawValue: argument) else {
      let choices = Self.allCases.map(\.rawValue)
      let hint = Spelling.hint(for: argument, among: choices)
      throw ArgumentValueError(expected: choices.joined(separator: " | ") + hint)
    }
    self = value
  }
}
