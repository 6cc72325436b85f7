import DetSpec

/// The full trainings of chosen designs, one after the other in the order of their names.
struct FinalRound: Sendable {
  /// What is trained.
  let finals: [Choice]
  /// The trials so far.
  private(set) var trials: [Trial] = []

  /// A round that has suggested nothing yet.
  init(_ finals: [Choice]) { self.finals = finals }

  /// Finals that are still to be suggested.
  var remaining: Int { finals.count - trials.count }

  /// The place of the next final; nil when all were suggested.
  var next: Int? { trials.count < finals.count ? trials.count : nil }

  /// Notes that a final became a trial.
  mutating func register(_ trial: Trial) { trials.append(trial) }

  /// Notes what became of one.
  mutating func observe(_ trial: Trial) {
    guard let place = trials.firstIndex(where: { $0.id == trial.id }), trials[place].result == nil
    else { return }
    trials[place] = trial
  }
}
