import DetBasics

/// Designs among which a model chooses: the whole space where it is small; otherwise draws from it, changes to the front's members,
/// and changes to the best of those.
struct CandidatePool {
  /// The largest space that is looked at as a whole.
  static let wholeSpace = 2048
  private static let draws = 128
  private static let changes = 96
  private static let rounds = 3
  private static let climbers = 6
  private static let attempts = 8
  private static let returned = 4

  /// Designs drawn before a model is asked, which say how far costs reach.
  static func draws(_ history: SearchHistory, _ stream: inout Generator) -> [Int] {
    if history.space.size <= wholeSpace {
      return (0..<history.space.size).filter(history.isFree)
    }
    return (0..<draws).compactMap { _ in history.draw(&stream) }
  }

  /// Where each candidate came from.
  private var origins: [Int: Origin] = [:]
  private var gains: [Int: Double] = [:]

  /// Gathers candidates around the draws; without changes, the draws alone.
  init(
    _ history: SearchHistory, _ draws: [Int], changes: Bool = true, _ outlook: Outlook,
    _ stream: inout Generator
  ) {
    for number in draws { origins[number] = .predicted(parent: nil) }
    if changes, history.space.size > Self.wholeSpace { gather(history, outlook, &stream) }
    weigh(outlook)
  }

  /// Adds changes to the front's members, then changes to the best of all, again and again.
  private mutating func gather(
    _ history: SearchHistory, _ outlook: Outlook, _ stream: inout Generator
  ) {
    let members = history.front.compactMap { history[$0] }
    for place in 0..<(members.isEmpty ? 0 : Self.changes) {
      let member = members[place % members.count]
      if let child = history.mutation(of: member.number, &stream) {
        origins[child] = .predicted(parent: member.trial)
      }
    }
    for _ in 0..<Self.rounds {
      weigh(outlook)
      for climber in sorted.prefix(Self.climbers) {
        for _ in 0..<Self.attempts {
          guard let child = history.mutation(of: climber, &stream), origins[child] == nil else {
            continue
          }
          origins[child] = origins[climber]
        }
      }
    }
  }

  /// The candidates from which most is expected, best first.
  var best: [Candidate] {
    sorted.prefix(Self.returned).compactMap { number in
      origins[number].map { Candidate(number: number, origin: $0) }
    }
  }

  /// Asks about those that were not asked about yet.
  private mutating func weigh(_ outlook: Outlook) {
    let fresh = origins.keys.filter { gains[$0] == nil }.sorted()
    for (number, gain) in zip(fresh, outlook.gains(of: fresh)) { gains[number] = gain }
  }

  /// All of them by gain; twins by number.
  private var sorted: [Int] {
    gains.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map(\.key)
  }
}
