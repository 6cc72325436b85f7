import DetBasics
import DetCommand
import DetExecution
import DetSearch
import DetSpec
import Foundation

/// Trials of runs among the words for a verb of the second program, which knows files alone.
enum TrialWords {
  /// The words with `RUN:C0` or `RUN:17` as the path of that trial's weights, for verbs that take weights.
  ///
  /// - Throws: when the run has no such trial, or the trial no weights.
  static func resolved(_ words: [String]) throws -> [String] {
    guard words.first == TorchVerb.export.rawValue else { return words }
    return try words.map { try weights($0) ?? $0 }
  }

  /// Nil for a word that names no trial.
  private static func weights(_ word: String) throws -> String? {
    guard !FileManager.default.fileExists(atPath: word), let colon = word.lastIndex(of: ":") else {
      return nil
    }
    let run = String(word[..<colon])
    guard RunFolder(run).isBegun else { return nil }
    let snapshot = try RunSnapshot(run)
    let trial = try snapshot.trial(called: String(word[word.index(after: colon)...]))
    let path = snapshot.folder.trial(trial.id).weights
    guard FileManager.default.fileExists(atPath: path) else {
      throw FileError(
        path: path,
        problem:
          "is not there: trial \(trial.id) \(trial.words(whileSearching: snapshot.isActive))",
        cure: "name a trial that has trained; smnas trials \(run) lists them")
    }
    return path
  }
}
