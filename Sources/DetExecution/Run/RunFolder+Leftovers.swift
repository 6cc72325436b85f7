import DetBasics
import DetSpec
import Foundation

extension RunFolder {
  /// What is still there of trials whose store is lost, in words; empty when there is nothing.
  ///
  /// The trials cannot be put into a new store: which design was made from which, in which order they were suggested and what
  /// was pruned stands in the store alone, and a search that goes on without would be another.
  var whatTrialsLeft: String {
    let trials = trialsWithFolders
    guard !trials.isEmpty else { return "" }
    let finished = trials.filter { hasResult(trial($0)) }
    let weights = trials.count { FileManager.default.fileExists(atPath: trial($0).weights) }
    return
      " (\(trials.count == 1 ? "one trial" : "\(trials.count) trials"), \(finished.count) with results in the last line of "
      + "events.jsonl, \(weights) with weights that detect and train --weights take)"
  }

  private func hasResult(_ trial: TrialFolder) -> Bool {
    guard let bytes = try? Files.bytes(trial.events),
      let last = JSONLinesContent(bytes).lines.last?.text,
      case .finished = try? JSON.decode(TrialEvent.self, from: last, source: trial.events)
    else { return false }
    return true
  }
}
