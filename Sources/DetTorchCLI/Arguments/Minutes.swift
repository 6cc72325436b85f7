import DetCommand

/// A number of minutes from 0 on, as an argument.
struct Minutes: ArgumentValue, Equatable, CustomStringConvertible {
  let value: Double

  var description: String { "\(value)" }

  /// Makes a span; it must not be negative.
  init(_ value: Double) {
    precondition(value >= 0 && value.isFinite, "minutes are 0 or more, not \(value)")
    self.value = value
  }

  init(argument: String) throws {
    guard let value = Double(argument), value >= 0, value.isFinite else {
      throw ArgumentValueError(expected: "minutes from 0 on, as in 90 or 0.5")
    }
    self.value = value
  }
}
