package import DetBasics
import Foundation

/// Why a search hands out no more trials though there are some: what it met says nothing about designs.
package struct Pause: Sendable, Hashable {
  /// What the search met.
  package enum Cause: Sendable, Hashable {
    /// A fault of the surroundings; the trials that met it stay open.
    case fault(SurroundingsFault)
    /// So many different designs in a row ended in the same way; they count as failed.
    case equalFailures(Int)
  }

  /// What the search met.
  package let cause: Cause
  /// The trial that met it; nil for the search itself.
  package let trial: Int?
  /// What happened and where, in words.
  package let reason: String

  /// What is wrong, in a sentence without a full stop.
  package var words: String {
    switch cause {
    case .fault(let fault): fault.words
    case .equalFailures(let count): "\(count) designs in a row ended in the same way"
    }
  }

  /// What to do before the search goes on, without a full stop.
  package var cure: String {
    switch cause {
    case .fault(let fault): fault.cure
    case .equalFailures: "see whether it is the designs at all"
    }
  }

  /// The cause for programs: a fault's word, or `equalFailures`.
  package var word: String {
    switch cause {
    case .fault(let fault): fault.rawValue
    case .equalFailures: "equalFailures"
    }
  }
}

/// Watches for designs that fail in the same way one after another, which says more about the place than about them.
struct FailureStreak {
  /// So many are too many.
  static let most = 5
  private var counts: [String: Int] = [:]

  /// Takes an ended trial in; the pause when it was one too many. A trial with results begins the count anew.
  mutating func take(_ reason: String?, design: String, trial: Int) -> Pause? {
    guard let reason else {
      counts = [:]
      return nil
    }
    let count = counts[Self.form(reason, design), default: 0] + 1
    counts[Self.form(reason, design)] = count
    guard count == Self.most else { return nil }
    counts = [:]
    return Pause(cause: .equalFailures(count), trial: trial, reason: reason)
  }

  /// The reason without what differs from trial to trial: the design, and numbers.
  private static func form(_ reason: String, _ design: String) -> String {
    var isNumber = false
    return String(
      reason.replacingOccurrences(of: design, with: "").compactMap { letter -> Character? in
        defer { isNumber = letter.isNumber }
        return letter.isNumber ? (isNumber ? nil : "#") : letter
      })
  }
}
