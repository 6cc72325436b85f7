import DetBasics
import DetSpec
import Foundation

extension RunFolder {
  /// What is still there of trials whose store is lost, in words; empty when there is nothing.
  var whatTrialsLeft: String {
    let trials = trialsWithFolders
    guard !trials.isEmpty else { return "" }
    let finished = trials.filter { hasResult(trial($0)) }
    let weights = trials.count { FileManager.default.fileExists(atPath: trial($0).weights) }
    return
      " (\(trials.count == 1 ? "one trial" : "\(trials.count) trials"), \(finished.count) with results, "
      + "\(weights) with weights that detect and train --weights take)"
  }

  private func hasResult(_ trial: TrialFolder) -> Bool {
    Store.events(in: trial).contains { event in
      if case .finished = event { true } else { false }
    }
  }
}
