/// The averages of a model's weights that training programs keep beside them, known by the words in their names.
package enum AveragedCopy {
  private static let words: Set<Substring> = [
    "ema", "swa", "averaged", "average", "avg", "shadow", "teacher",
  ]

  /// Whether a key or a part of a tensor's name says that what it leads to is an average: `model_ema`, `ema.module`.
  package static func isNamed(_ name: String) -> Bool {
    name.lowercased().split { !$0.isLetter }.contains { words.contains($0) }
  }
}
