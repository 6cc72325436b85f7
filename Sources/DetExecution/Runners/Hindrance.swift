package import DetBasics

/// A fault of the surroundings as a trial met it.
package struct Hindrance: Sendable, Hashable {
  /// What kind of fault.
  package let fault: SurroundingsFault
  /// What happened and where, in words.
  package let reason: String

  /// Describes a fault.
  package init(fault: SurroundingsFault, reason: String) {
    self.fault = fault
    self.reason = reason
  }

  /// The fault that an error stands for; nil when it is none.
  package init?(_ error: any Error) {
    guard let fault = (error as? any SurroundingsError)?.surroundings else { return nil }
    self.init(fault: fault, reason: "\(error)")
  }
}
