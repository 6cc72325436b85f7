import DetBasics
package import DetSearch

/// What the stages of a search have handed on, under names that stay, and what its designs cost by.
extension Store {
  private static let choicesFact = "choices"

  /// What was handed on so far; nil when it was never kept, as by programs that did not keep it.
  package func choices() throws -> Choices? {
    try fact(Self.choicesFact).map {
      try JSON.decode(Choices.self, from: $0, source: "\(database.path), choices")
    }
  }

  private static let classesFact = "classes"

  /// How many classes the detectors tell apart; nil when only another program knows.
  package func classes() throws -> Int? { try fact(Self.classesFact).flatMap { Int($0) } }

  /// Keeps how many classes the detectors tell apart.
  func keep(classes: Int) throws { try setFact(Self.classesFact, "\(classes)") }

  /// Keeps what was handed on.
  package func keep(_ choices: Choices) throws {
    try setFact(Self.choicesFact, JSON.text(choices))
  }
}
