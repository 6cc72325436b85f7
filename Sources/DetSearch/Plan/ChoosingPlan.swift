import DetBasics
import DetSpec

/// What the plans of stages have in common that take designs from those before: which ones.
///
/// They are chosen, in this order, as `designs`, `trials` or `latencies` name them, or else a number of them spread over the front.
protocol ChoosingPlan {
  /// Designs that are taken, whatever a front has.
  var designs: [DetectorDesign] { get set }
  /// Trials by number whose designs are taken.
  var trialsTaken: [Int] { get }
  /// For each of these, in milliseconds, the most accurate member of a front that takes no longer.
  var latencies: [Double] { get set }
  /// How many are taken where nothing else says which.
  var chosenCount: Int { get }
  /// The key of ``trialsTaken`` and the section, for messages.
  static var names: (section: String, trials: String) { get }
}

extension ChoosingPlan {
  /// How many are taken at the most.
  var mostChosen: Int {
    if !designs.isEmpty { return designs.count }
    if !trialsTaken.isEmpty { return trialsTaken.count }
    return latencies.isEmpty ? chosenCount : latencies.count
  }

  /// Why more than one way to choose is a fault, in words; nil when there is one at the most.
  var conflict: String? {
    let ways = [!latencies.isEmpty, !trialsTaken.isEmpty, !designs.isEmpty]
    return ways.count { $0 } > 1
      ? "latencies, \(Self.names.trials) and designs each say which; keep one of them" : nil
  }

  /// Why nothing can be chosen as it is wanted, in words; nil when it can.
  func problem(with fronts: StageFronts?, _ trials: [Trial]) -> String? {
    let (section, key) = Self.names
    let strangers = trialsTaken.filter { id in !trials.contains { $0.id == id && $0.isFinished } }
    if !strangers.isEmpty {
      let names = strangers.map(String.init).joined(separator: ", ")
      return "\(section).\(key) names \(names), and no finished trial has that number"
    }
    guard !latencies.isEmpty, let fronts else { return nil }
    let times = fronts.members.compactMap { $0.metrics[.latency] }
    guard let least = times.min() else {
      return "\(section).latencies asks for times, and no member of a front has one"
    }
    let short = latencies.filter { $0 < least }
    guard !short.isEmpty else { return nil }
    let names = short.map { Metric.latency.text($0) }.joined(separator: ", ")
    return
      "\(section).latencies asks for \(names), and the fastest on a front takes \(Metric.latency.text(least))"
  }
}

extension FinalPlan: ChoosingPlan {
  static let names = (section: "final", trials: "trials")
  var trialsTaken: [Int] { trials }
  var chosenCount: Int { count }
}

extension ModularPlan: ChoosingPlan {
  static let names = (section: "modular", trials: "pickedTrials")
  var trialsTaken: [Int] { pickedTrials }
  var chosenCount: Int { picks }
}

extension SettingsTable where Root: ChoosingPlan {
  /// Adds the key of the latencies within which designs are taken.
  mutating func addLatencies() {
    add(
      "latencies", \.latencies,
      "For each of these, in milliseconds, the most accurate member of a front that takes no longer.",
      .distinct("milliseconds above 0, as in [20, 40], none twice", mayBeEmpty: true) {
        $0 > 0 && $0.isFinite
      })
  }

  /// Adds the key of the trials that are taken.
  mutating func addTrials(_ key: Path<[Int]>, _ words: String) {
    add(
      Root.names.trials, key, words,
      .distinct("the numbers that front shows, none twice", mayBeEmpty: true) { $0 > 0 })
  }
}
