import DetBasics
package import DetSearch
import DetSpec
import Foundation

/// Trials as people call them, and what they were judged by.
extension RunSnapshot {
  /// The trial of a number, or of a name that a stage gave: of `E0` the one that trains it in full, of `C0` the one that it was picked
  /// from, or where the plan names the picks, the pick itself in stage two.
  ///
  /// - Throws: an `ExecutionError` that says what there is.
  package func trial(called word: String) throws -> Trial {
    if let number = Int(word), let trial = trials.first(where: { $0.id == number }) { return trial }
    if let trial = named[word] { return trial }
    let names = named.keys.sorted { $0.localizedStandardCompare($1) == .orderedAscending }
    let numbers = trials.map(\.id)
    let known = names + [numbers.isEmpty ? "" : "the numbers 1 to \(numbers.max() ?? 1)"]
    throw ExecutionError.run(
      path: folder.path, problem: "has no trial \"\(word.oneLine)\"",
      cure: numbers.isEmpty
        ? "let a search begin one first"
        : "its trials are called \(known.filter { !$0.isEmpty }.joined(separator: ", "))"
          + Spelling.hint(for: word, among: names))
  }

  /// The trials that have names; of several of one name the latest stage's.
  private var named: [String: Trial] {
    var named: [String: Trial] = [:]
    for (place, pick) in (choices.picks ?? []).enumerated() {
      named[pick.name] = trials.first {
        $0.stage == .modular && $0.suggestion.pick == place && $0.design == pick.design
      }
    }
    for trial in trials {
      if let name = choices.name(of: trial) { named[name] = trial }
    }
    return named
  }

  /// The file of the truth that a trial was judged by, which may not be there.
  package func truth(of trial: Trial) throws -> String {
    guard otherData.contains(trial.id),
      let data = try Store(reading: folder.store).dataFingerprint(ofTrial: trial.id)
    else { return folder.truth }
    return folder.truth(of: data)
  }
}
